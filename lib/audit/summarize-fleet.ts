import { type BoundedMap, boundedMap } from '../domain/bounded-map.ts';
import { STATUSES, type Status } from '../domain/capacity/subnet-status.ts';
import { compareNames } from '../domain/compare-names.ts';
import type { Fleet } from './fleet.ts';
import { at, textOf } from './fleet-columns.ts';
import { type FleetFigures, fleetFigures } from './fleet-figures.ts';
import { type FleetFilter, type Rows, rowsMatching } from './fleet-filter.ts';
import { NO_TEXT, type SubnetColumns } from './fleet-shard.ts';

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
}

export interface RollUp {
  readonly name: string | undefined;
  readonly totals: FleetTotals;
}

/** What different callers ask of one fleet; a summary has a row for each of its accounts, regions and teams. */
const SUMMARIES_MAX = 32;
const summaries = new WeakMap<FleetFigures, BoundedMap<FleetSummary>>();

/** Totals and roll-ups of what matches. They are kept as long as the fleet's figures are. Pure. */
export function summarizeFleet(fleet: Fleet, filter: FleetFilter, nowMs: number): FleetSummary {
  const figures = fleetFigures(fleet, nowMs);
  const known = summaries.get(figures) ?? boundedMap<FleetSummary>(SUMMARIES_MAX);
  summaries.set(figures, known);
  const name = JSON.stringify(filter);
  const summary = known.get(name) ?? summaryOf(fleet, filter, figures);
  known.set(name, summary);
  return summary;
}

function summaryOf(fleet: Fleet, filter: FleetFilter, figures: FleetFigures): FleetSummary {
  const summing: Summing = {
    fleet,
    subnets: summedOf(fleet),
    figures,
    subnetMatches: rowsMatching(fleet, 'subnets', filter, figures.subnets),
    clusterMatches: rowsMatching(fleet, 'clusters', filter, figures.clusters),
    all: grouping(),
    byAccount: grouping(),
    byRegion: grouping(),
    byTeam: grouping(),
    run: new Float64Array(SUM_COUNT),
  };
  let subnet = 0;
  let cluster = 0;
  fleet.subnetsOfVpc.forEach(({ end }, vpc) => {
    subnet = sumSubnets(summing, vpc, { place: subnet, end });
    cluster = sumClusters(summing, vpc, { place: cluster, end: at(fleet.clustersOfVpc, vpc).end });
  });
  return {
    totals: totalsOf(summing.all.get(NO_TEXT)?.sums ?? new Float64Array(SUM_COUNT)),
    byAccount: rollUpsOf(summing.byAccount, fleet),
    byRegion: rollUpsOf(summing.byRegion, fleet),
    byTeam: rollUpsOf(summing.byTeam, fleet),
  };
}

/** The columns that are summed up, each of which may have to be made when it is asked for. */
type Summed = Pick<
  SubnetColumns,
  'team' | 'usableAddressCount' | 'usedAddressCount' | 'freeAddressCount' | 'reservedAddressCount' | 'freePrefixCount'
>;

function summedOf({ subnets }: Fleet): Summed {
  const { team, usableAddressCount, usedAddressCount, freeAddressCount, reservedAddressCount, freePrefixCount } =
    subnets;
  return { team, usableAddressCount, usedAddressCount, freeAddressCount, reservedAddressCount, freePrefixCount };
}

interface Summing {
  readonly fleet: Fleet;
  readonly subnets: Summed;
  readonly figures: FleetFigures;
  /** The rows that count. */
  readonly subnetMatches: Rows;
  readonly clusterMatches: Rows;
  /** By the place of a text; everything is one group. */
  readonly all: Grouping;
  readonly byAccount: Grouping;
  readonly byRegion: Grouping;
  readonly byTeam: Grouping;
  /** Where the rows of one run are summed up, again and again. */
  readonly run: Float64Array;
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

/** What is left to sum up: matches from a place on, up to the last row of a VPC. */
interface Stretch {
  readonly place: number;
  readonly end: number;
}

/**
 * Sums up the matches of a VPC, and returns the place of the next. Rows of one team are summed up before they are added to the groups:
 * those of a VPC mostly are of one.
 */
function sumSubnets(summing: Summing, vpc: number, { place, end }: Stretch): number {
  const { fleet, subnets, subnetMatches } = summing;
  const account = at(fleet.vpcs.ownerId, vpc);
  const run = summing.run.fill(0);
  let team = NO_TEXT;
  let next = place;
  for (let row = subnetMatches[next]; row !== undefined && row < end; row = subnetMatches[next]) {
    const own = subnets.team[row] ?? NO_TEXT;
    if (own !== team) {
      addRun(summing, vpc, { account, team, sums: run });
      run.fill(0);
      team = own;
    }
    addSubnet(run, summing, row);
    next += 1;
  }
  addRun(summing, vpc, { account, team, sums: run });
  return next;
}

function sumClusters(summing: Summing, vpc: number, { place, end }: Stretch): number {
  const { fleet, clusterMatches } = summing;
  const { clusters } = fleet;
  let next = place;
  for (let row = clusterMatches[next]; row !== undefined && row < end; row = clusterMatches[next]) {
    const sums = summing.run.fill(0);
    addCluster(sums, summing, row);
    addRun(summing, vpc, { account: at(clusters.accountId, row), team: at(clusters.team, row), sums });
    next += 1;
  }
  return next;
}

function addSubnet(sums: Float64Array, { subnets, figures }: Summing, row: number): void {
  add(sums, SUM.subnetCount, 1);
  add(sums, SUM.staleSubnetCount, figures.subnets.isStale[row]);
  add(sums, SUM.subnetsByUrgency + (figures.subnets.status[row] ?? 0), 1);
  if (Number.isNaN(subnets.usableAddressCount[row])) {
    add(sums, SUM.subnetsWithoutCounts, 1);
    return;
  }
  add(sums, SUM.usableAddressCount, subnets.usableAddressCount[row]);
  add(sums, SUM.usedAddressCount, subnets.usedAddressCount[row]);
  add(sums, SUM.freeAddressCount, subnets.freeAddressCount[row]);
  add(sums, SUM.reservedAddressCount, subnets.reservedAddressCount[row]);
  if (Number.isNaN(subnets.freePrefixCount[row])) {
    add(sums, SUM.subnetsWithoutPrefixCount, 1);
  } else {
    add(sums, SUM.freePrefixCount, subnets.freePrefixCount[row]);
  }
}

function addCluster(sums: Float64Array, { figures }: Summing, row: number): void {
  add(sums, SUM.clusterCount, 1);
  add(sums, SUM.staleClusterCount, figures.clusters.isStale[row]);
  add(sums, SUM.clustersByUrgency + (figures.clusters.status[row] ?? 0), 1);
}

function add(sums: Float64Array, place: number, value: number | undefined): void {
  sums[place] = (sums[place] ?? Number.NaN) + (value ?? Number.NaN);
}

interface Run {
  readonly account: number;
  readonly team: number;
  readonly sums: Float64Array;
}

function addRun({ fleet, all, byAccount, byRegion, byTeam }: Summing, vpc: number, { account, team, sums }: Run): void {
  if (sums[SUM.subnetCount] === 0 && sums[SUM.clusterCount] === 0) {
    return;
  }
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
