import { type BoundedMap, boundedMap } from '../domain/bounded-map.ts';
import { staleStatus } from '../domain/capacity/staleness.ts';
import { STATUSES, type Status, urgency } from '../domain/capacity/subnet-status.ts';
import { compareNames } from '../domain/compare-names.ts';
import type { Fleet } from './fleet.ts';
import { at, type RowSlice, textOf } from './fleet-columns.ts';
import { type FleetFigures, fleetFigures } from './fleet-figures.ts';
import type { FleetFilter } from './fleet-filter.ts';
import { NO_TEXT } from './fleet-shard.ts';

/** Sums over rows. What a row does not know it does not add. */
export interface FleetTotals {
  /** VPCs that a counted subnet or cluster is in. */
  readonly vpcCount: number;
  readonly subnetCount: number;
  readonly clusterCount: number;
  readonly usableAddressCount: number;
  readonly usedAddressCount: number;
  readonly freeAddressCount: number;
  readonly reservedAddressCount: number;
  readonly freePrefixCount: number;
  /** Subnets that add no addresses, and those with addresses that add no free prefixes. */
  readonly subnetsWithoutCounts: number;
  readonly subnetsWithoutPrefixCount: number;
  readonly staleSubnetCount: number;
  readonly staleClusterCount: number;
  readonly subnetCountByStatus: Readonly<Record<Status, number>>;
  readonly clusterCountByStatus: Readonly<Record<Status, number>>;
}

export interface FleetSummary {
  readonly totals: FleetTotals;
  /** By the owner account of subnets and the account of clusters; by region; sorted by name. */
  readonly byAccount: readonly RollUp[];
  readonly byRegion: readonly RollUp[];
  /** By team; that of `undefined` comes last. */
  readonly byTeam: readonly RollUp[];
  /** From when what the subnets say is; `undefined` where the time of none can be read. */
  readonly subnetsObserved: { readonly oldestMs: number; readonly newestMs: number } | undefined;
}

export interface RollUp {
  readonly name: string | undefined;
  readonly totals: FleetTotals;
}

/** What different callers ask of one fleet; a summary has a row for each of its accounts, regions and teams. */
const SUMMARIES_MAX = 32;
const summaries = new WeakMap<FleetFigures, BoundedMap<FleetSummary>>();

/**
 * Totals and roll-ups of some accounts, or all: of the subnets that they own, and their clusters. They are kept as long as the fleet's
 * figures are. Pure.
 */
export function summarizeFleet(
  fleet: Fleet,
  { accountIds }: Pick<FleetFilter, 'accountIds'>,
  nowMs: number,
): FleetSummary {
  const figures = fleetFigures(fleet, nowMs);
  const known = summaries.get(figures) ?? boundedMap<FleetSummary>(SUMMARIES_MAX);
  summaries.set(figures, known);
  const name = JSON.stringify(accountIds ?? null);
  const summary = known.get(name) ?? summaryOf(fleet, accountIds, figures);
  known.set(name, summary);
  return summary;
}

function summaryOf(fleet: Fleet, accountIds: FleetFilter['accountIds'], figures: FleetFigures): FleetSummary {
  const places = accountIds && new Set(accountIds.flatMap((accountId) => fleet.textPlaces.get(accountId) ?? []));
  const summing: Summing = {
    fleet,
    figures,
    isAsked: (account) => places === undefined || places.has(account),
    all: grouping(),
    byAccount: grouping(),
    byRegion: grouping(),
    byTeam: grouping(),
    one: new Float64Array(SUM_COUNT),
    oldestMs: Number.POSITIVE_INFINITY,
    newestMs: Number.NEGATIVE_INFINITY,
  };
  const { vpcs, clustersOfVpc } = fleet;
  let firstSum = 0;
  clustersOfVpc.forEach((clusters, vpc) => {
    const end = firstSum + at(vpcs.sumCount, vpc);
    addSubnets(summing, vpc, { start: firstSum, end });
    addClusters(summing, vpc, clusters);
    firstSum = end;
  });
  const { oldestMs, newestMs } = summing;
  return {
    totals: totalsOf(summing.all.get(NO_TEXT)?.sums ?? new Float64Array(SUM_COUNT)),
    byAccount: rollUpsOf(summing.byAccount, fleet),
    byRegion: rollUpsOf(summing.byRegion, fleet),
    byTeam: rollUpsOf(summing.byTeam, fleet),
    subnetsObserved: newestMs < oldestMs ? undefined : { oldestMs, newestMs },
  };
}

interface Summing {
  readonly fleet: Fleet;
  readonly figures: FleetFigures;
  /** Tells accounts by the place of their id. */
  isAsked(account: number): boolean;
  /** By the place of a text; everything is one group. */
  readonly all: Grouping;
  readonly byAccount: Grouping;
  readonly byRegion: Grouping;
  readonly byTeam: Grouping;
  /** Where what one row adds is put together, again and again. */
  readonly one: Float64Array;
  oldestMs: number;
  newestMs: number;
}

type Grouping = Map<number, Group>;

interface Group {
  readonly sums: Float64Array;
  /** The VPC that was counted last: a VPC's rows come one after the other. */
  lastVpc: number;
}

function grouping(): Grouping {
  return new Map();
}

/** Places of the sums of a group. */
const SUM = {
  vpcCount: 0,
  subnetCount: 1,
  clusterCount: 2,
  usableAddressCount: 3,
  usedAddressCount: 4,
  freeAddressCount: 5,
  reservedAddressCount: 6,
  freePrefixCount: 7,
  subnetsWithoutCounts: 8,
  subnetsWithoutPrefixCount: 9,
  staleSubnetCount: 10,
  staleClusterCount: 11,
  subnetsByUrgency: 12,
  clustersByUrgency: 12 + STATUSES.length,
} as const;
const SUM_COUNT = SUM.clustersByUrgency + STATUSES.length;

function addSubnets(summing: Summing, vpc: number, { start, end }: RowSlice): void {
  const { fleet, isAsked } = summing;
  const { sums, vpcs } = fleet;
  const account = at(vpcs.ownerId, vpc);
  if (!isAsked(account)) {
    return;
  }
  for (let row = start; row < end; row += 1) {
    addToGroups(summing, vpc, { account, team: at(sums.team, row), sums: addedBySum(summing, row) });
    const observedMs = at(sums.observedMs, row);
    // Rows have what could not be read as a time as none.
    if (!Number.isNaN(observedMs)) {
      summing.oldestMs = Math.min(summing.oldestMs, observedMs);
      summing.newestMs = Math.max(summing.newestMs, observedMs);
    }
  }
}

function addClusters(summing: Summing, vpc: number, { start, end }: RowSlice): void {
  const { clusters } = summing.fleet;
  for (let row = start; row < end; row += 1) {
    const account = at(clusters.accountId, row);
    if (summing.isAsked(account)) {
      addToGroups(summing, vpc, { account, team: at(clusters.team, row), sums: addedByCluster(summing, row) });
    }
  }
}

/** Returns what a row of the fleet's sums adds. */
function addedBySum({ fleet, figures, one }: Summing, row: number): Float64Array {
  const { sums } = fleet;
  const isStale = figures.sums.isStale[row] === 1;
  one.fill(0);
  STATUSES.forEach((status, place) => {
    const count = at(sums.countByStatus, row * STATUSES.length + place);
    add(one, SUM.subnetCount, count);
    add(one, SUM.subnetsByUrgency + urgency(isStale ? staleStatus(status) : status), count);
  });
  one[SUM.staleSubnetCount] = isStale ? at(one, SUM.subnetCount) : 0;
  one[SUM.subnetsWithoutCounts] = at(sums.subnetsWithoutCounts, row);
  one[SUM.subnetsWithoutPrefixCount] = at(sums.subnetsWithoutPrefixCount, row);
  one[SUM.usableAddressCount] = at(sums.usableAddressCount, row);
  one[SUM.usedAddressCount] = at(sums.usedAddressCount, row);
  one[SUM.freeAddressCount] = at(sums.freeAddressCount, row);
  one[SUM.reservedAddressCount] = at(sums.reservedAddressCount, row);
  one[SUM.freePrefixCount] = at(sums.freePrefixCount, row);
  return one;
}

function addedByCluster({ figures: { clusters }, one }: Summing, row: number): Float64Array {
  one.fill(0);
  one[SUM.clusterCount] = 1;
  one[SUM.staleClusterCount] = at(clusters.isStale, row);
  one[SUM.clustersByUrgency + at(clusters.status, row)] = 1;
  return one;
}

function add(sums: Float64Array, place: number, value: number | undefined): void {
  sums[place] = (sums[place] ?? Number.NaN) + (value ?? Number.NaN);
}

interface Added {
  readonly account: number;
  readonly team: number;
  readonly sums: Float64Array;
}

function addToGroups(summing: Summing, vpc: number, { account, team, sums }: Added): void {
  const { fleet, all, byAccount, byRegion, byTeam } = summing;
  addToGroup(all, NO_TEXT, vpc, sums);
  addToGroup(byAccount, account, vpc, sums);
  addToGroup(byRegion, at(fleet.vpcs.region, vpc), vpc, sums);
  addToGroup(byTeam, team, vpc, sums);
}

const NO_VPC = -1;

function addToGroup(groups: Grouping, place: number, vpc: number, sums: Float64Array): void {
  const group = groups.get(place) ?? { sums: new Float64Array(SUM_COUNT), lastVpc: NO_VPC };
  groups.set(place, group);
  for (let sum = 0; sum < SUM_COUNT; sum += 1) {
    add(group.sums, sum, sums[sum]);
  }
  if (group.lastVpc !== vpc) {
    group.lastVpc = vpc;
    add(group.sums, SUM.vpcCount, 1);
  }
}

function totalsOf(sums: Float64Array): FleetTotals {
  const sum = (place: number) => at(sums, place);
  return {
    vpcCount: sum(SUM.vpcCount),
    subnetCount: sum(SUM.subnetCount),
    clusterCount: sum(SUM.clusterCount),
    usableAddressCount: sum(SUM.usableAddressCount),
    usedAddressCount: sum(SUM.usedAddressCount),
    freeAddressCount: sum(SUM.freeAddressCount),
    reservedAddressCount: sum(SUM.reservedAddressCount),
    freePrefixCount: sum(SUM.freePrefixCount),
    subnetsWithoutCounts: sum(SUM.subnetsWithoutCounts),
    subnetsWithoutPrefixCount: sum(SUM.subnetsWithoutPrefixCount),
    staleSubnetCount: sum(SUM.staleSubnetCount),
    staleClusterCount: sum(SUM.staleClusterCount),
    subnetCountByStatus: countByStatus(sums, SUM.subnetsByUrgency),
    clusterCountByStatus: countByStatus(sums, SUM.clustersByUrgency),
  };
}

function countByStatus(sums: Float64Array, first: number): Record<Status, number> {
  const of = (status: Status) => at(sums, first + STATUSES.indexOf(status));
  return {
    exhausted: of('exhausted'),
    critical: of('critical'),
    warning: of('warning'),
    unknown: of('unknown'),
    healthy: of('healthy'),
  };
}

function rollUpsOf(groups: Grouping, { texts }: Fleet): RollUp[] {
  return [...groups]
    .map(([place, { sums }]) => ({ name: textOf(texts, Uint32Array.of(place), 0), totals: totalsOf(sums) }))
    .sort((a, b) => compareNames(a.name, b.name));
}
