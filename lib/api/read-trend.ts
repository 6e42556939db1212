import { readSeriesWindow } from '../audit/read-series-window.ts';
import type { SubnetState } from '../domain/capacity/region-state.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { ReadPorts } from './api-ports.ts';
import { type TrendView, toTrendView } from './trend-view.ts';
import { type VisibleAccounts, visibleSubnet } from './visible.ts';

type TrendPorts = Pick<ReadPorts, 'states' | 'series' | 'forecasts' | 'now' | 'history'>;

const MS_PER_DAY = 86_400_000;

/** Reads how a subnet's room went over some days, today the last; `undefined` for a subnet that is not known or not to be seen. */
export async function readTrend(
  subnetId: string,
  days: number,
  visible: VisibleAccounts,
  ports: TrendPorts,
): Promise<TrendView | undefined> {
  const vpc = await ports.states.vpcOfSubnet(subnetId);
  const stored = vpc === undefined ? undefined : await ports.states.readState(vpc);
  const state = stored?.state.subnets.find(({ subnet }) => subnet.subnetId === subnetId);
  if (vpc === undefined || state === undefined || visibleSubnet(state, visible) === undefined) {
    return undefined;
  }
  const [view] = await readTrends(vpc, [state], days, ports);
  return view;
}

/** Reads the trends of subnets of one VPC: its series and its forecasts once for all of them. */
export async function readTrends(
  vpc: VpcId,
  subnets: readonly SubnetState[],
  days: number,
  { series, forecasts, now, history }: TrendPorts,
): Promise<readonly TrendView[]> {
  const to = Math.floor(now() / MS_PER_DAY);
  const window = { from: to - days + 1, to };
  const [seen, stored] = await Promise.all([readSeriesWindow(vpc, window, series), forecasts.readForecasts(vpc)]);
  return subnets.map((state) =>
    toTrendView({
      vpcId: vpc.vpcId,
      state,
      forecasts: stored?.forecasts,
      seen,
      window,
      history: history().message,
    }),
  );
}
