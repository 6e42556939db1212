import { readSeriesWindow, type SeriesWindow } from '../audit/read-series-window.ts';
import type { SeriesScope } from '../audit/store-ports.ts';
import type { SubnetState } from '../domain/capacity/region-state.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import { type AnswerBasis, isSameBasis } from './answer-basis.ts';
import type { ReadPorts } from './api-ports.ts';
import { toTrendView } from './to-trend-view.ts';
import type { TrendView } from './trend-view.ts';
import { type VisibleAccounts, visibleSubnet } from './visible.ts';

type TrendPorts = Pick<ReadPorts, 'series' | 'forecasts' | 'now' | 'history'>;

const MS_PER_DAY = 86_400_000;

/**
 * Reads how a subnet's room went over some days, today the last; `undefined` for a subnet that is not known or not to be seen. How
 * it stands the state of its VPC says, and what waits to join the series: a new process has to read no fleet for it.
 */
export async function readTrend(
  subnetId: string,
  days: number,
  visible: VisibleAccounts,
  ports: TrendPorts & Pick<ReadPorts, 'states'>,
): Promise<TrendView | undefined> {
  const vpc = await ports.states.vpcOfSubnet(subnetId);
  const stored = vpc === undefined ? undefined : await ports.states.readState(vpc, { isConsistent: false });
  const state = stored?.state.subnets.find(({ subnet }) => subnet.subnetId === subnetId);
  if (vpc === undefined || state === undefined || visibleSubnet(state, visible) === undefined) {
    return undefined;
  }
  const [view] = await readTrends(vpc, [state], days, ports, stored?.waiting ?? []);
  return view;
}

/** Reads the trends of subnets of one VPC: its series and its forecasts once for all of them. */
export async function readTrends(
  vpc: VpcId,
  subnets: readonly SubnetState[],
  days: number,
  ports: TrendPorts,
  waiting?: SeriesScope['waiting'],
): Promise<readonly TrendView[]> {
  const to = Math.floor(ports.now() / MS_PER_DAY);
  const window = { from: to - days + 1, to };
  const [first, ...others] = subnets;
  const subnetId = others.length === 0 ? first?.subnet.subnetId : undefined;
  const seen = await readSeriesWindow(vpc, window, ports, { subnetId, waiting });
  const parts = { vpcId: vpc.vpcId, seen, window, history: ports.history().message };
  return subnets.map((state) =>
    keptView(seen.samples, [state, seen.forecasts?.version, window.from, parts.history], () =>
      toTrendView({ ...parts, state }),
    ),
  );
}

const views = new WeakMap<SeriesWindow['samples'], { readonly basis: AnswerBasis; readonly view: TrendView }>();

/** A view rests on thousands of samples: while they and all else are the same as the last time, so is what was made of them. */
function keptView(samples: SeriesWindow['samples'], basis: AnswerBasis, make: () => TrendView): TrendView {
  const known = views.get(samples);
  if (known !== undefined && isSameBasis(known.basis, basis)) {
    return known.view;
  }
  const view = make();
  views.set(samples, { basis, view });
  return view;
}
