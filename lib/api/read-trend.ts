import { type Fleet, subnetRowOf, vpcAt } from '../audit/fleet.ts';
import { at } from '../audit/fleet-columns.ts';
import { readSeriesWindow, type SeriesWindow } from '../audit/read-series-window.ts';
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
 * Reads how a subnet's room went over some days, today the last; `undefined` for a subnet that the fleet does not hold or that is
 * not to be seen. Where it is and how it stands the fleet says, which is kept: what is left is a GetItem and a Query.
 */
export async function readTrend(
  fleet: Fleet,
  subnetId: string,
  days: number,
  visible: VisibleAccounts,
  ports: TrendPorts & Pick<ReadPorts, 'fleets'>,
): Promise<TrendView | undefined> {
  const row = subnetRowOf(fleet, subnetId);
  const [state] = row === undefined ? [] : await ports.fleets.subnetStates(fleet, [row]);
  if (row === undefined || state === undefined || visibleSubnet(state, visible) === undefined) {
    return undefined;
  }
  const [view] = await readTrends(vpcAt(fleet, at(fleet.vpcOfSubnet, row)), [state], days, ports);
  return view;
}

/** Reads the trends of subnets of one VPC: its series and its forecasts once for all of them. */
export async function readTrends(
  vpc: VpcId,
  subnets: readonly SubnetState[],
  days: number,
  ports: TrendPorts,
): Promise<readonly TrendView[]> {
  const to = Math.floor(ports.now() / MS_PER_DAY);
  const window = { from: to - days + 1, to };
  const [first, ...others] = subnets;
  const seen = await readSeriesWindow(vpc, window, ports, others.length === 0 ? first?.subnet.subnetId : undefined);
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
