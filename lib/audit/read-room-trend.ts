import { subnetSize } from '../domain/capacity/subnet-size.ts';
import type { VpcId, VpcState } from '../domain/capacity/vpc-state.ts';
import { dailyRoom, hourlyRoom, type RoomPoint, type RoomSum, rollUpRoom } from '../domain/trend/roll-up.ts';
import type { PortfolioForecast } from '../domain/trend/vpc-forecasts.ts';
import { utcDayText } from '../domain/utc-day.ts';
import type { ForecastStore, SeriesStore, StateStore } from './store-ports.ts';

/** What trends of rooms are read from. */
export interface RoomTrendPorts {
  readonly states: Pick<StateStore, 'vpcOfCluster' | 'readState'>;
  readonly series: Pick<SeriesStore, 'samples' | 'dailyRoom'>;
  readonly forecasts: Pick<ForecastStore, 'readForecasts'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How the room of a cluster went, and where it goes. */
export interface RoomTrend {
  readonly vpc: VpcId;
  /** Whole days since 1970, both included; the last is today. */
  readonly window: { readonly from: number; readonly to: number };
  /** The cluster comes first, then its subnets by zone, then all subnets of its VPC. */
  readonly groups: readonly RoomGroup[];
  /** Of the zones and the VPC, of all their subnets: forecasts are made by VPC. */
  readonly portfolios: readonly PortfolioForecast[];
  /** The day that these were made on; `undefined` where nothing was forecast yet. */
  readonly forecastOf: number | undefined;
}

export interface RoomGroup {
  readonly group: 'cluster' | 'zone' | 'vpc';
  readonly id: string;
  /** Those with IPv4 addresses. */
  readonly subnetIds: readonly string[];
  /** Of hours that something was seen of; none where the window is longer than hourly points are kept. */
  readonly hourly: readonly RoomSum[];
  readonly daily: readonly RoomSum[];
}

/** As long as hourly points are kept; a longer window is told by days. */
export const HOURLY_WINDOW_DAYS_MAX = 90;
/** As long as daily roll-ups are kept. */
export const DAILY_WINDOW_DAYS_MAX = 397;
const MS_PER_DAY = 86_400_000;

/**
 * Reads how the room of a cluster, of its zones and of its VPC went over some days, today the last, and the forecasts of these
 * zones and the VPC. `undefined` where the cluster is not known, or not to be seen by somebody who sees these accounts only.
 */
export async function readClusterTrend(
  clusterId: string,
  days: number,
  visibleAccountIds: readonly string[] | undefined,
  ports: RoomTrendPorts,
): Promise<RoomTrend | undefined> {
  const vpc = await ports.states.vpcOfCluster(clusterId);
  const state = vpc === undefined ? undefined : (await ports.states.readState(vpc))?.state;
  const cluster = state?.clusters.find((one) => one.clusterId === clusterId);
  if (state === undefined || cluster === undefined || visibleAccountIds?.includes(cluster.target.accountId) === false) {
    return undefined;
  }
  const to = Math.floor(ports.now() / MS_PER_DAY);
  const window = { from: to - days + 1, to };
  const [rooms, stored] = await Promise.all([
    readRooms(state, window, ports.series),
    ports.forecasts.readForecasts(state.vpc),
  ]);
  const ownIds = new Set(cluster.subnets.map(({ subnetId }) => subnetId));
  const own = rooms.filter(({ subnetId }) => ownIds.has(subnetId));
  const zones = [...new Set(own.flatMap(({ availabilityZoneId }) => availabilityZoneId ?? []))].sort();
  const isVisible = visibilityIn(state, visibleAccountIds);
  return {
    vpc: state.vpc,
    window,
    groups: [
      groupOf('cluster', clusterId, own),
      ...zones.map((zone) =>
        groupOf(
          'zone',
          zone,
          own.filter(({ availabilityZoneId }) => availabilityZoneId === zone),
        ),
      ),
      ...[groupOf('vpc', state.vpc.vpcId, rooms)].filter(isVisible),
    ],
    // What was never forecast has no portfolios.
    portfolios: (stored?.forecasts.portfolios ?? []).filter(
      (portfolio) => (portfolio.group === 'vpc' || zones.includes(portfolio.id)) && isVisible(portfolio),
    ),
    forecastOf: stored?.forecasts.today,
  };
}

interface SubnetRoom {
  readonly subnetId: string;
  readonly availabilityZoneId: string | undefined;
  readonly hourly: readonly RoomPoint[];
  readonly daily: readonly RoomPoint[];
}

/** One Query, of hours where they are kept for as long, of days where not. */
async function readRooms(
  { vpc, subnets }: VpcState,
  window: RoomTrend['window'],
  series: RoomTrendPorts['series'],
): Promise<readonly SubnetRoom[]> {
  const isHourly = window.to - window.from < HOURLY_WINDOW_DAYS_MAX;
  const samples = isHourly
    ? await series.samples(vpc, { from: utcDayText(window.from), to: utcDayText(window.to) })
    : [];
  const kept = isHourly ? new Map<string, readonly RoomPoint[]>() : await series.dailyRoom(vpc, window);
  return subnets.flatMap(({ subnet: { subnetId }, availabilityZoneId, capacity }) => {
    if (capacity === undefined) {
      return [];
    }
    const hourly = hourlyRoom(samples, subnetId, subnetSize(capacity).usableAddressCount);
    // Of a subnet of which no day is kept none was seen.
    const daily = isHourly ? dailyRoom(hourly) : (kept.get(subnetId) ?? []);
    return [{ subnetId, availabilityZoneId, hourly, daily }];
  });
}

function groupOf(group: RoomGroup['group'], id: string, rooms: readonly SubnetRoom[]): RoomGroup {
  const sum = (points: 'hourly' | 'daily') =>
    rollUpRoom(rooms.map((room) => ({ groups: [id], points: room[points] }))).get(id) ?? [];
  return { group, id, subnetIds: rooms.map(({ subnetId }) => subnetId), hourly: sum('hourly'), daily: sum('daily') };
}

interface Summed {
  readonly subnetIds: readonly string[];
  readonly missingSubnetIds?: readonly string[];
}

/** A sum is for who may see each subnet in it: its owner, or a cluster there. */
function visibilityIn({ vpc, clusters }: VpcState, visible: readonly string[] | undefined): (sum: Summed) => boolean {
  if (visible === undefined || visible.includes(vpc.ownerId)) {
    return () => true;
  }
  const seen = new Set(
    clusters
      .filter(({ target }) => visible.includes(target.accountId))
      .flatMap(({ subnets }) => subnets.map(({ subnetId }) => subnetId)),
  );
  return ({ subnetIds, missingSubnetIds = [] }) =>
    [...subnetIds, ...missingSubnetIds].every((subnetId) => seen.has(subnetId));
}
