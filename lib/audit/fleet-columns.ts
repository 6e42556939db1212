import { STATUSES, type Status, urgency } from '../domain/capacity/subnet-status.ts';
import type { Instant } from '../domain/fact.ts';
import { instantMs } from '../domain/instant.ts';
import { accountOfCluster } from './cluster-account.ts';
import {
  type ClusterColumns,
  type FleetCluster,
  type FleetCounts,
  type FleetExhaustion,
  type FleetShard,
  type FleetSubnet,
  type FleetVpc,
  NO_TEXT,
  type NumberColumn,
  type StatusColumn,
  type SubnetColumns,
  type SumColumns,
  type TextColumn,
  type VpcColumns,
} from './fleet-shard.ts';
import { idAt, idColumn, subnetIdForm, uuidForm, vpcIdForm } from './id-column.ts';
import { type SubnetSum, subnetSums } from './subnet-sums.ts';

/** Turns VPCs into the columns of a shard. */
export function fleetColumns(vpcs: readonly FleetVpc[]): FleetShard {
  const table = textTable();
  const subnets = vpcs.flatMap((vpc) => vpc.subnets);
  const rowBySubnetId = new Map(subnets.map(({ subnetId }, row) => [subnetId, row]));
  const guests = vpcs.flatMap((vpc) => vpc.subnets.map((subnet) => guestAccountIds(subnet, vpc.vpc.ownerId)));
  const clusters = vpcs.flatMap((vpc) => vpc.clusters);
  const sums = vpcs.map((vpc) => subnetSums(vpc.subnets));
  // Texts that outlines need come first, so that they keep few others.
  table.column([...vpcs.flatMap(({ vpc }) => [vpc.ownerId, vpc.region]), ...sums.flat().map(({ team }) => team)]);
  table.column([...guests.flat(), ...clusters.flatMap(({ accountId, region, team }) => [accountId, region, team])]);
  const columns = {
    vpcs: vpcColumns(vpcs, sums, table.column),
    sums: sumColumns(sums.flat(), table.column),
    subnets: subnetColumns(subnets, guests, table.column),
    clusters: clusterColumns(clusters, rowBySubnetId, table.column),
  };
  return { texts: table.texts, textPlaces: table.places, ...columns };
}

/** Returns the accounts but the owner that have clusters in a subnet. */
function guestAccountIds({ clusterIds }: FleetSubnet, ownerId: string): string[] {
  const accountIds = new Set(clusterIds.map(accountOfCluster));
  accountIds.delete(ownerId);
  return [...accountIds];
}

/** Turns the columns of a shard into its VPCs again. */
export function vpcsOfColumns(shard: FleetShard): FleetVpc[] {
  const vpcAtRow = vpcReader(shard);
  return Array.from({ length: shard.vpcs.vpcId.length }, (_, row) => vpcAtRow(row));
}

/** Returns what reads one VPC of a shard, or of a fleet, by its row. */
function vpcReader(shard: FleetShard): (row: number) => FleetVpc {
  const { texts, vpcs } = shard;
  const textAt = (column: TextColumn, row: number) => definedText(texts, column, row);
  const viewers = slices(vpcs.viewerCount);
  const subnets = slices(vpcs.subnetCount);
  const clusters = slices(vpcs.clusterCount);
  const clusterStarts = rowStarts(shard.subnets.clusterCount);
  return (row) => ({
    vpc: { ownerId: textAt(vpcs.ownerId, row), region: textAt(vpcs.region, row), vpcId: idAt(vpcs.vpcId, row) },
    stateVersion: idAt(vpcs.stateVersion, row),
    firstObservedAt: instantOf(at(vpcs.firstObservedMs, row)),
    observedAt: instantOf(at(vpcs.observedMs, row)),
    viewerAccountIds: rowsOf(at(viewers, row)).map((place) => textAt(vpcs.viewer, place)),
    subnets: rowsOf(at(subnets, row)).map((place) => subnetOf(shard, place, sliceAt(clusterStarts, place))),
    clusters: rowsOf(at(clusters, row)).map((place) => clusterOf(shard, place)),
  });
}

/** Where the rows of each owner lie, from how many each has. */
export interface RowSlice {
  readonly start: number;
  readonly end: number;
}

export function slices(counts: NumberColumn): RowSlice[] {
  let end = 0;
  return Array.from(counts, (count) => {
    const start = end;
    end += count;
    return { start, end };
  });
}

/** Returns where the rows of each owner start, and at last where the last one's end: for columns too long for an object each. */
export function rowStarts(counts: NumberColumn): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  let start = 0;
  for (let owner = 0; owner < counts.length; owner += 1) {
    start += counts[owner] ?? 0;
    starts[owner + 1] = start;
  }
  return starts;
}

export function sliceAt(starts: Uint32Array, owner: number): RowSlice {
  return { start: at(starts, owner), end: at(starts, owner + 1) };
}

export function rowsOf({ start, end }: RowSlice): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

/** Returns a moment as text; what could not be read as one stays no moment. */
export function instantOf(ms: number): Instant {
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString();
}

/** Returns an item that is known to be there. */
export function at<T>(items: ArrayLike<T>, index: number): T {
  const item = items[index];
  if (item === undefined) {
    throw new RangeError(`Cannot read row ${index}: there are ${items.length}`);
  }
  return item;
}

export function statusAt(column: ArrayLike<number>, row: number): Status {
  return at(STATUSES, at(column, row));
}

export function textOf(texts: readonly string[], column: TextColumn, row: number): string | undefined {
  const place = at(column, row);
  return place === NO_TEXT ? undefined : at(texts, place);
}

type MakeColumn = (values: readonly (string | undefined)[]) => TextColumn;

function textTable() {
  const texts = [''];
  const places = new Map<string, number>();
  const placeOf = (text: string | undefined) => {
    if (text === undefined) {
      return NO_TEXT;
    }
    const known = places.get(text);
    if (known !== undefined) {
      return known;
    }
    places.set(text, texts.length);
    return texts.push(text) - 1;
  };
  const column: MakeColumn = (values) => Uint32Array.from(values, placeOf);
  return { texts, places, column };
}

function numbers<T>(rows: readonly T[], of: (row: T) => number | undefined): NumberColumn {
  return Float64Array.from(rows, (row) => of(row) ?? Number.NaN);
}

function statuses(rows: readonly { readonly status: Status }[]): StatusColumn {
  return Uint8Array.from(rows, ({ status }) => urgency(status));
}

function vpcColumns(vpcs: readonly FleetVpc[], sums: readonly (readonly SubnetSum[])[], texts: MakeColumn): VpcColumns {
  return {
    vpcId: idColumn(
      vpcIdForm,
      vpcs.map(({ vpc }) => vpc.vpcId),
    ),
    stateVersion: idColumn(
      uuidForm,
      vpcs.map(({ stateVersion }) => stateVersion),
    ),
    ownerId: texts(vpcs.map(({ vpc }) => vpc.ownerId)),
    region: texts(vpcs.map(({ vpc }) => vpc.region)),
    firstObservedMs: numbers(vpcs, ({ firstObservedAt }) => instantMs(firstObservedAt)),
    observedMs: numbers(vpcs, ({ observedAt }) => instantMs(observedAt)),
    viewerCount: numbers(vpcs, ({ viewerAccountIds }) => viewerAccountIds.length),
    viewer: texts(vpcs.flatMap(({ viewerAccountIds }) => viewerAccountIds)),
    sumCount: numbers(sums, ({ length }) => length),
    subnetCount: numbers(vpcs, ({ subnets }) => subnets.length),
    clusterCount: numbers(vpcs, ({ clusters }) => clusters.length),
  };
}

function sumColumns(sums: readonly SubnetSum[], texts: MakeColumn): SumColumns {
  return {
    team: texts(sums.map(({ team }) => team)),
    observedMs: numbers(sums, ({ observedMs }) => observedMs),
    countByStatus: Float64Array.from(sums.flatMap(({ countByStatus }) => countByStatus)),
    subnetsWithoutCounts: numbers(sums, (sum) => sum.subnetsWithoutCounts),
    subnetsWithoutPrefixCount: numbers(sums, (sum) => sum.subnetsWithoutPrefixCount),
    usableAddressCount: numbers(sums, (sum) => sum.usableAddressCount),
    usedAddressCount: numbers(sums, (sum) => sum.usedAddressCount),
    freeAddressCount: numbers(sums, (sum) => sum.freeAddressCount),
    reservedAddressCount: numbers(sums, (sum) => sum.reservedAddressCount),
    freePrefixCount: numbers(sums, (sum) => sum.freePrefixCount),
  };
}

function subnetColumns(
  subnets: readonly FleetSubnet[],
  guests: readonly (readonly string[])[],
  texts: MakeColumn,
): SubnetColumns {
  return {
    guestCount: numbers(guests, ({ length }) => length),
    guest: texts(guests.flat()),
    subnetId: idColumn(
      subnetIdForm,
      subnets.map(({ subnetId }) => subnetId),
    ),
    availabilityZoneId: texts(subnets.map(({ availabilityZoneId }) => availabilityZoneId)),
    team: texts(subnets.map(({ team }) => team)),
    status: statuses(subnets),
    observedMs: numbers(subnets, ({ observedAt }) => instantMs(observedAt)),
    baseAddress: numbers(subnets, ({ baseAddress }) => baseAddress),
    availableIpAddressCount: numbers(subnets, ({ availableIpAddressCount }) => availableIpAddressCount),
    usableAddressCount: numbers(subnets, ({ counts }) => counts?.usableAddressCount),
    usedAddressCount: numbers(subnets, ({ counts }) => counts?.usedAddressCount),
    freeAddressCount: numbers(subnets, ({ counts }) => counts?.freeAddressCount),
    reservedAddressCount: numbers(subnets, ({ counts }) => counts?.reservedAddressCount),
    addressesLeft: numbers(subnets, ({ counts }) => counts?.addressesLeft),
    maxPrefixCount: numbers(subnets, ({ counts }) => counts?.maxPrefixCount),
    freePrefixCount: numbers(subnets, ({ counts }) => counts?.freePrefixCount),
    fragmentation: numbers(subnets, ({ counts }) => counts?.fragmentation),
    prefixesAreInUse: numbers(subnets, ({ prefixesAreInUse }) => (prefixesAreInUse ? 1 : 0)),
    exhaustionP10: numbers(subnets, ({ exhaustion }) => exhaustion?.p10),
    exhaustionP50: numbers(subnets, ({ exhaustion }) => exhaustion?.p50),
    exhaustionP90: numbers(subnets, ({ exhaustion }) => exhaustion?.p90),
    clusterCount: numbers(subnets, ({ clusterIds }) => clusterIds.length),
    cluster: texts(subnets.flatMap(({ clusterIds }) => clusterIds)),
  };
}

function clusterColumns(
  clusters: readonly FleetCluster[],
  rowBySubnetId: ReadonlyMap<string, number>,
  texts: MakeColumn,
): ClusterColumns {
  return {
    clusterId: texts(clusters.map(({ clusterId }) => clusterId)),
    accountId: texts(clusters.map(({ accountId }) => accountId)),
    region: texts(clusters.map(({ region }) => region)),
    clusterName: texts(clusters.map(({ clusterName }) => clusterName)),
    team: texts(clusters.map(({ team }) => team)),
    version: texts(clusters.map(({ version }) => version)),
    status: statuses(clusters),
    observedMs: numbers(clusters, ({ observedAt }) => instantMs(observedAt)),
    bindingSubnet: numbers(clusters, ({ bindingSubnetId }) =>
      bindingSubnetId === undefined ? undefined : rowBySubnetId.get(bindingSubnetId),
    ),
  };
}

function definedText(texts: readonly string[], column: TextColumn, row: number): string {
  const text = textOf(texts, column, row);
  if (text === undefined) {
    throw new RangeError(`Cannot read row ${row}: it has no text`);
  }
  return text;
}

/** Returns a subnet of a shard, or of a fleet, by its row and where the rows of its clusters lie. */
export function subnetOf({ texts, subnets }: FleetShard, row: number, clusters: RowSlice): FleetSubnet {
  return {
    subnetId: idAt(subnets.subnetId, row),
    availabilityZoneId: textOf(texts, subnets.availabilityZoneId, row),
    team: textOf(texts, subnets.team, row),
    status: statusAt(subnets.status, row),
    observedAt: instantOf(at(subnets.observedMs, row)),
    baseAddress: numberOf(subnets.baseAddress, row),
    availableIpAddressCount: at(subnets.availableIpAddressCount, row),
    counts: countsAt(subnets, row),
    prefixesAreInUse: at(subnets.prefixesAreInUse, row) === 1,
    clusterIds: rowsOf(clusters).map((place) => definedText(texts, subnets.cluster, place)),
    exhaustion: exhaustionAt(subnets, row),
  };
}

/** Returns when the subnet of a row runs out; `undefined` where no share of the paths gets there. */
function exhaustionAt(subnets: SubnetColumns, row: number): FleetExhaustion | undefined {
  const p10 = numberOf(subnets.exhaustionP10, row);
  return p10 === undefined
    ? undefined
    : { p10, p50: numberOf(subnets.exhaustionP50, row), p90: numberOf(subnets.exhaustionP90, row) };
}

/** Returns the counts of a subnet's row; `undefined` where it has none. */
export function countsAt(subnets: SubnetColumns, row: number): FleetCounts | undefined {
  const usableAddressCount = at(subnets.usableAddressCount, row);
  if (Number.isNaN(usableAddressCount)) {
    return undefined;
  }
  return {
    usableAddressCount,
    usedAddressCount: at(subnets.usedAddressCount, row),
    freeAddressCount: at(subnets.freeAddressCount, row),
    reservedAddressCount: at(subnets.reservedAddressCount, row),
    addressesLeft: at(subnets.addressesLeft, row),
    maxPrefixCount: at(subnets.maxPrefixCount, row),
    freePrefixCount: numberOf(subnets.freePrefixCount, row),
    fragmentation: numberOf(subnets.fragmentation, row),
  };
}

/** Returns the number of a row; `undefined` where it has none. */
export function numberOf(column: NumberColumn, row: number): number | undefined {
  const value = at(column, row);
  return Number.isNaN(value) ? undefined : value;
}

/** Returns a cluster of a shard, or of a fleet, by its row. */
export function clusterOf({ texts, subnets, clusters }: FleetShard, row: number): FleetCluster {
  const bindingSubnet = at(clusters.bindingSubnet, row);
  return {
    clusterId: definedText(texts, clusters.clusterId, row),
    accountId: definedText(texts, clusters.accountId, row),
    region: definedText(texts, clusters.region, row),
    clusterName: definedText(texts, clusters.clusterName, row),
    team: textOf(texts, clusters.team, row),
    status: statusAt(clusters.status, row),
    observedAt: instantOf(at(clusters.observedMs, row)),
    version: textOf(texts, clusters.version, row),
    bindingSubnetId: Number.isNaN(bindingSubnet) ? undefined : idAt(subnets.subnetId, bindingSubnet),
  };
}
