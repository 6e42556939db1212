import { subnetSize } from '../domain/capacity/subnet-size.ts';
import type { VpcId, VpcState } from '../domain/capacity/vpc-state.ts';
import { type RoomSum, rollUpRoom } from '../domain/trend/roll-up.ts';
import type { PortfolioForecast } from '../domain/trend/vpc-forecasts.ts';
import {
  type DayWindow,
  readSeriesWindow,
  type SeriesWindow,
  type SeriesWindowPorts,
  type SubnetRoom,
} from './read-series-window.ts';
import type { StateStore } from './store-ports.ts';

/** What trends of rooms are read from. */
export interface RoomTrendPorts extends SeriesWindowPorts {
  readonly states: Pick<StateStore, 'vpcOfCluster' | 'readState'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How the room of a cluster went, and where it goes. */
export interface RoomTrend {
  readonly vpc: VpcId;
  /** The last day is today. */
  readonly window: DayWindow;
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
  const stored = vpc === undefined ? undefined : await ports.states.readState(vpc);
  const state = stored?.state;
  const cluster = state?.clusters.find((one) => one.clusterId === clusterId);
  if (
    stored === undefined ||
    state === undefined ||
    cluster === undefined ||
    visibleAccountIds?.includes(cluster.target.accountId) === false
  ) {
    return undefined;
  }
  const to = Math.floor(ports.now() / MS_PER_DAY);
  const window = { from: to - days + 1, to };
  const seen = await readSeriesWindow(state.vpc, window, ports, { waiting: stored.waiting ?? [] });
  const rooms = roomsOf(state, seen);
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
    portfolios: (seen.forecasts?.forecasts.portfolios ?? []).filter(
      (portfolio) => (portfolio.group === 'vpc' || zones.includes(portfolio.id)) && isVisible(portfolio),
    ),
    forecastOf: seen.forecasts?.forecasts.today,
  };
}

interface RoomInZone extends SubnetRoom {
  readonly subnetId: string;
  readonly availabilityZoneId: string | undefined;
}

/** Of subnets with IPv4 addresses. */
function roomsOf({ subnets }: VpcState, { roomOf }: SeriesWindow): readonly RoomInZone[] {
  return subnets.flatMap(({ subnet: { subnetId }, availabilityZoneId, capacity }) =>
    capacity === undefined ? [] : [{ subnetId, availabilityZoneId, ...roomOf({ subnetId, ...subnetSize(capacity) }) }],
  );
}

function groupOf(group: RoomGroup['group'], id: string, rooms: readonly RoomInZone[]): RoomGroup {
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
