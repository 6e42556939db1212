import { type BoundedMap, boundedMap } from '../domain/bounded-map.ts';
import { staleStatus } from '../domain/capacity/staleness.ts';
import { STATUSES, type Status, urgency } from '../domain/capacity/subnet-status.ts';
import { compareNames } from '../domain/compare-names.ts';
import type { FleetOutline } from './fleet.ts';
import { at } from './fleet-columns.ts';
import { type FleetFigures, fleetFigures } from './fleet-figures.ts';
import type { FleetFilter } from './fleet-filter.ts';
import { NO_TEXT, type NumberColumn, type TextColumn } from './fleet-shard.ts';

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
  fleet: FleetOutline,
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

function summaryOf(fleet: FleetOutline, accountIds: FleetFilter['accountIds'], figures: FleetFigures): FleetSummary {
  const { vpcs, sums, clusters, vpcOfSum, vpcOfCluster } = fleet;
  const ownerOfSum = vpcOfSum.map((vpc) => at(vpcs.ownerId, vpc));
  const isAsked = accountsAsked(fleet, accountIds);
  const input: Input = {
    fleet,
    figures,
    isAskedSum: isAsked(ownerOfSum),
    isAskedCluster: isAsked(clusters.accountId),
    columns: columnsToAdd(fleet, figures),
  };
  const regionOf = (vpc: number) => at(vpcs.region, vpc);
  const byRegion = groupsOf(input, vpcOfSum.map(regionOf), vpcOfCluster.map(regionOf));
  return {
    totals: totalsOf(sumOfGroups(byRegion)),
    byAccount: rollUpsOf(groupsOf(input, ownerOfSum, clusters.accountId), fleet),
    byRegion: rollUpsOf(byRegion, fleet),
    byTeam: rollUpsOf(groupsOf(input, sums.team, clusters.team), fleet),
    subnetsObserved: observedSpan(sums.observedMs, input.isAskedSum),
  };
}

/** Returns what tells, by the accounts of rows, which rows are asked for. */
function accountsAsked(
  { texts, textPlaces }: FleetOutline,
  accountIds: FleetFilter['accountIds'],
): (accounts: TextColumn) => Uint8Array {
  const wanted = new Uint8Array(texts.length).fill(accountIds === undefined ? ASKED : 0);
  for (const accountId of accountIds ?? []) {
    const place = textPlaces.get(accountId);
    if (place !== undefined) {
      wanted[place] = ASKED;
    }
  }
  return (accounts) => Uint8Array.from(accounts, (account) => at(wanted, account));
}

const ASKED = 1;

/** Places of the sums of a group. */
const SUM = {
  vpcCount: 0,
  usableAddressCount: 1,
  usedAddressCount: 2,
  freeAddressCount: 3,
  reservedAddressCount: 4,
  freePrefixCount: 5,
  subnetsWithoutCounts: 6,
  subnetsWithoutPrefixCount: 7,
  staleSubnetCount: 8,
  staleClusterCount: 9,
  subnetsByUrgency: 10,
  clustersByUrgency: 10 + STATUSES.length,
} as const;
const SUM_COUNT = SUM.clustersByUrgency + STATUSES.length;

/** Rows of the fleet's sums and clusters; those that are not asked for are in no group. */
interface Input {
  readonly fleet: FleetOutline;
  readonly figures: FleetFigures;
  readonly isAskedSum: Uint8Array;
  readonly isAskedCluster: Uint8Array;
  /** By row of the fleet's sums, with the place of the sum that they add to. */
  readonly columns: readonly (readonly [number, NumberColumn])[];
}

function columnsToAdd({ sums }: FleetOutline, figures: FleetFigures): Input['columns'] {
  const { isStale } = figures.sums;
  const staleCount = new Float64Array(isStale.length);
  const shownCounts = STATUSES.map(() => new Float64Array(isStale.length));
  for (const [place, status] of STATUSES.entries()) {
    const whileFresh = at(shownCounts, place);
    const whenStale = at(shownCounts, urgency(staleStatus(status)));
    for (let row = 0; row < isStale.length; row += 1) {
      const count = at(sums.countByStatus, row * STATUSES.length + place);
      if (isStale[row] === 1) {
        staleCount[row] = at(staleCount, row) + count;
        whenStale[row] = at(whenStale, row) + count;
      } else {
        whileFresh[row] = at(whileFresh, row) + count;
      }
    }
  }
  return [
    [SUM.usableAddressCount, sums.usableAddressCount],
    [SUM.usedAddressCount, sums.usedAddressCount],
    [SUM.freeAddressCount, sums.freeAddressCount],
    [SUM.reservedAddressCount, sums.reservedAddressCount],
    [SUM.freePrefixCount, sums.freePrefixCount],
    [SUM.subnetsWithoutCounts, sums.subnetsWithoutCounts],
    [SUM.subnetsWithoutPrefixCount, sums.subnetsWithoutPrefixCount],
    [SUM.staleSubnetCount, staleCount],
    ...shownCounts.map((column, place) => [SUM.subnetsByUrgency + place, column] as const),
  ];
}

interface Groups {
  /** The place of each group's name; the first is that of no group. */
  readonly names: readonly number[];
  /** The sums of each group, one group after the other. */
  readonly sums: Float64Array;
}

const NO_GROUP = 0;

/** Groups the rows of sums and clusters by texts, and adds them up. One column at a time: so few loops are soon compiled. */
function groupsOf(input: Input, textOfSum: TextColumn, textOfCluster: TextColumn): Groups {
  const { fleet, figures, isAskedSum, isAskedCluster, columns } = input;
  const names = [NO_TEXT];
  const groupOfText = new Uint32Array(fleet.texts.length);
  const groupsOfRows = (texts: TextColumn, isAsked: Uint8Array) =>
    texts.map((text, row) => {
      if (isAsked[row] !== ASKED) {
        return NO_GROUP;
      }
      const known = at(groupOfText, text);
      const group = known === NO_GROUP ? names.push(text) - 1 : known;
      groupOfText[text] = group;
      return group;
    });
  const groupOfSum = groupsOfRows(textOfSum, isAskedSum);
  const groupOfCluster = groupsOfRows(textOfCluster, isAskedCluster);
  const sums = new Float64Array(names.length * SUM_COUNT);
  for (const [place, column] of columns) {
    addColumn(sums, place, groupOfSum, column);
  }
  addClusters(sums, groupOfCluster, figures.clusters);
  addVpcs(sums, fleet, groupOfSum, groupOfCluster);
  return { names, sums };
}

function addColumn(sums: Float64Array, place: number, groups: Uint32Array, column: NumberColumn): void {
  for (let row = 0; row < groups.length; row += 1) {
    add(sums, at(groups, row) * SUM_COUNT + place, at(column, row));
  }
}

function addClusters(sums: Float64Array, groups: Uint32Array, { status, isStale }: FleetFigures['clusters']): void {
  for (let row = 0; row < groups.length; row += 1) {
    const first = at(groups, row) * SUM_COUNT;
    add(sums, first + SUM.clustersByUrgency + at(status, row), 1);
    add(sums, first + SUM.staleClusterCount, at(isStale, row));
  }
}

const NO_VPC = -1;

/** Counts a VPC once in each group that a row of it is in. Rows of a VPC lie together. */
function addVpcs(sums: Float64Array, fleet: FleetOutline, groupOfSum: Uint32Array, groupOfCluster: Uint32Array): void {
  const lastVpc = new Float64Array(sums.length / SUM_COUNT).fill(NO_VPC);
  const addVpc = (vpc: number, group: number) => {
    if (lastVpc[group] !== vpc) {
      lastVpc[group] = vpc;
      add(sums, group * SUM_COUNT + SUM.vpcCount, 1);
    }
  };
  let sum = 0;
  fleet.clustersOfVpc.forEach(({ start, end }, vpc) => {
    for (; fleet.vpcOfSum[sum] === vpc; sum += 1) {
      addVpc(vpc, at(groupOfSum, sum));
    }
    for (let cluster = start; cluster < end; cluster += 1) {
      addVpc(vpc, at(groupOfCluster, cluster));
    }
  });
}

function add(sums: Float64Array, place: number, value: number): void {
  sums[place] = at(sums, place) + value;
}

/** Sums of groups that have no VPC in common. */
function sumOfGroups({ sums }: Groups): Float64Array {
  const all = new Float64Array(SUM_COUNT);
  for (let place = SUM_COUNT; place < sums.length; place += 1) {
    add(all, place % SUM_COUNT, at(sums, place));
  }
  return all;
}

/** Rows have what could not be read as a time as none. */
function observedSpan(observedMs: NumberColumn, isAsked: Uint8Array): FleetSummary['subnetsObserved'] {
  const times = observedMs.filter((ms, row) => isAsked[row] === ASKED && !Number.isNaN(ms)).sort();
  const oldestMs = times.at(0);
  const newestMs = times.at(-1);
  return oldestMs === undefined || newestMs === undefined ? undefined : { oldestMs, newestMs };
}

function totalsOf(sums: Float64Array): FleetTotals {
  const subnetCountByStatus = countByStatus(sums, SUM.subnetsByUrgency);
  const clusterCountByStatus = countByStatus(sums, SUM.clustersByUrgency);
  return {
    vpcCount: at(sums, SUM.vpcCount),
    subnetCount: countOf(subnetCountByStatus),
    clusterCount: countOf(clusterCountByStatus),
    usableAddressCount: at(sums, SUM.usableAddressCount),
    usedAddressCount: at(sums, SUM.usedAddressCount),
    freeAddressCount: at(sums, SUM.freeAddressCount),
    reservedAddressCount: at(sums, SUM.reservedAddressCount),
    freePrefixCount: at(sums, SUM.freePrefixCount),
    subnetsWithoutCounts: at(sums, SUM.subnetsWithoutCounts),
    subnetsWithoutPrefixCount: at(sums, SUM.subnetsWithoutPrefixCount),
    staleSubnetCount: at(sums, SUM.staleSubnetCount),
    staleClusterCount: at(sums, SUM.staleClusterCount),
    subnetCountByStatus,
    clusterCountByStatus,
  };
}

/** Each status is counted where it stands in `STATUSES`. */
function countByStatus(sums: Float64Array, first: number): Record<Status, number> {
  return {
    exhausted: at(sums, first),
    critical: at(sums, first + 1),
    warning: at(sums, first + 2),
    unknown: at(sums, first + 3),
    healthy: at(sums, first + 4),
  };
}

function countOf({ exhausted, critical, warning, unknown, healthy }: Record<Status, number>): number {
  return exhausted + critical + warning + unknown + healthy;
}

function rollUpsOf({ names, sums }: Groups, { texts }: FleetOutline): RollUp[] {
  return names
    .map((name, group) => ({
      name: name === NO_TEXT ? undefined : at(texts, name),
      totals: totalsOf(sums.subarray(group * SUM_COUNT, (group + 1) * SUM_COUNT)),
    }))
    .slice(NO_GROUP + 1)
    .sort((a, b) => compareNames(a.name, b.name));
}
