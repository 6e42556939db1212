import {
  type ClusterColumns,
  type FleetShard,
  FRAGMENTATION_STEPS,
  NO_TEXT,
  type NumberColumn,
  type StatusColumn,
  type SubnetColumns,
  type SumColumns,
  type TextColumn,
  type VpcColumns,
} from '../audit/fleet-shard.ts';
import { type IdColumn, type IdForm, subnetIdForm, uuidForm, vpcIdForm } from '../audit/id-column.ts';
import { STATUSES } from '../domain/capacity/subnet-status.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';
import { type ByteWriter, byteWriter } from './byte-writer.ts';
import { readTexts, writeTexts } from './column-codec.ts';
import { openNumbers, type PackedNumbers, unpackBytes, unpackNumbers, writeNumbers } from './number-codec.ts';

/**
 * The columns of a fleet shard as bytes that compress well. What follows from other columns is stored as the difference to what
 * follows. Ids are stored as the bytes that their hexadecimal digits stand for.
 */
export function encodeFleetShard({ texts, vpcs, sums, subnets, clusters }: FleetShard): Uint8Array {
  const writer = byteWriter();
  writeTexts(writer, texts.slice(NO_TEXT + 1));
  for (const count of [vpcs.vpcId.length, vpcs.viewer.length, subnets.subnetId.length, subnets.cluster.length]) {
    writer.varint(count);
  }
  writer.varint(clusters.clusterId.length);
  writer.varint(sums.team.length);
  writeVpcs(writer, vpcs);
  writeSums(writer, sums, timesOfVpcs(vpcs, vpcs.sumCount));
  writeSubnets(writer, subnets, timesOfVpcs(vpcs, vpcs.subnetCount));
  writeClusters(writer, clusters);
  return writer.bytes();
}

export interface DecodedShards {
  /** All shards as one, in their order. */
  readonly columns: FleetShard;
  /** How many VPCs each of them has. */
  readonly vpcCounts: NumberColumn;
}

/**
 * Decodes what `encodeFleetShard` gave for each of some shards; throws where the bytes are anything else. Columns of numbers and texts
 * are made when they are asked for first: a list looks at a few of each row, and at the others of those that it shows.
 */
export function decodeFleetShards(parts: readonly Uint8Array[]): DecodedShards {
  const texts = [''];
  const textPlaces = new Map<string, number>();
  const shards = parts.map((bytes) => openShard(bytes, texts, textPlaces));
  const vpcs = openVpcs(shards);
  const sums = openSums(shards, () => timesOfVpcs(vpcs, vpcs.sumCount));
  const subnets = openSubnets(shards, () => timesOfVpcs(vpcs, vpcs.subnetCount));
  const clusters = openClusters(shards);
  for (const { reader } of shards) {
    if (reader.remaining() > 0) {
      throw new Error(`${reader.remaining()} bytes are left over`);
    }
  }
  return {
    columns: { texts, textPlaces, vpcs, sums, subnets, clusters },
    vpcCounts: Float64Array.from(shards, ({ counts }) => counts.vpc),
  };
}

/** Rows of a shard; those of viewers, of clusters of subnets and of statuses of sums are of lists in the rows of others. */
type RowCounts = Readonly<
  Record<'vpc' | 'viewer' | 'subnet' | 'clusterOfSubnet' | 'cluster' | 'sum' | 'statusOfSum', number>
>;

/** A shard of which columns are read one after the other, each over all shards: so nothing has to be joined. */
interface OpenShard {
  readonly reader: ByteReader;
  readonly counts: RowCounts;
  /** By the place of a text in the shard, its place among all texts. */
  readonly places: Uint32Array;
}

type OpenShards = readonly OpenShard[];

function openShard(bytes: Uint8Array, texts: string[], textPlaces: Map<string, number>): OpenShard {
  const reader = byteReader(bytes);
  const own = readTexts(reader);
  const places = new Uint32Array(own.length + 1);
  let place = NO_TEXT;
  for (const text of own) {
    place += 1;
    let known = textPlaces.get(text);
    if (known === undefined) {
      known = texts.push(text) - 1;
      textPlaces.set(text, known);
    }
    places[place] = known;
  }
  const counts = {
    vpc: reader.varint(),
    viewer: reader.varint(),
    subnet: reader.varint(),
    clusterOfSubnet: reader.varint(),
    cluster: reader.varint(),
  };
  const sum = reader.varint();
  return { reader, counts: { ...counts, sum, statusOfSum: STATUSES.length * sum }, places };
}

function writeVpcs(writer: ByteWriter, vpcs: VpcColumns): void {
  writeIds(writer, vpcs.vpcId);
  writeIds(writer, vpcs.stateVersion);
  writeNumbers(writer, vpcs.ownerId);
  writeNumbers(writer, vpcs.region);
  writeNumbers(writer, vpcs.firstObservedMs);
  writeNumbers(writer, vpcs.observedMs);
  writeNumbers(writer, vpcs.viewerCount);
  writeNumbers(writer, vpcs.viewer);
  writeNumbers(writer, vpcs.sumCount);
  writeNumbers(writer, vpcs.subnetCount);
  writeNumbers(writer, vpcs.clusterCount);
}

function openVpcs(shards: OpenShards): VpcColumns {
  const texts = () => textsOf(shards, 'vpc');
  const numbers = () => numbersOf(shards, 'vpc');
  const vpcId = idsOf(shards, 'vpc', vpcIdForm);
  const stateVersion = idsOf(shards, 'vpc', uuidForm);
  return lazyColumns<VpcColumns>({
    vpcId: () => vpcId,
    stateVersion: () => stateVersion,
    ownerId: texts(),
    region: texts(),
    firstObservedMs: numbers(),
    observedMs: numbers(),
    viewerCount: numbers(),
    viewer: textsOf(shards, 'viewer'),
    sumCount: numbers(),
    subnetCount: numbers(),
    clusterCount: numbers(),
  });
}

function writeSums(writer: ByteWriter, sums: SumColumns, vpcObservedMs: NumberColumn): void {
  writeNumbers(writer, sums.team);
  writeNumbers(writer, minus(sums.observedMs, vpcObservedMs));
  writeNumbers(writer, sums.countByStatus);
  writeNumbers(writer, sums.subnetsWithoutCounts);
  writeNumbers(writer, sums.subnetsWithoutPrefixCount);
  writeNumbers(writer, sums.usableAddressCount);
  writeNumbers(writer, sums.reservedAddressCount);
  writeNumbers(writer, sums.freeAddressCount);
  writeNumbers(writer, minus(sums.usedAddressCount, expectedUsed(sums)));
  writeNumbers(writer, sums.freePrefixCount);
}

function openSums(shards: OpenShards, vpcObservedMs: () => NumberColumn): SumColumns {
  const numbers = () => numbersOf(shards, 'sum');
  const stored = {
    team: textsOf(shards, 'sum'),
    observedMs: numbers(),
    countByStatus: numbersOf(shards, 'statusOfSum'),
    subnetsWithoutCounts: numbers(),
    subnetsWithoutPrefixCount: numbers(),
    usableAddressCount: numbers(),
    reservedAddressCount: numbers(),
    freeAddressCount: numbers(),
    usedAddressCount: numbers(),
    freePrefixCount: numbers(),
  };
  const sums: SumColumns = lazyColumns<SumColumns>({
    ...stored,
    observedMs: () => plus(stored.observedMs(), vpcObservedMs()),
    usedAddressCount: () => plus(stored.usedAddressCount(), expectedUsed(sums)),
  });
  return sums;
}

function writeSubnets(writer: ByteWriter, subnets: SubnetColumns, vpcObservedMs: NumberColumn): void {
  const { usableAddressCount: usable, usedAddressCount: used, reservedAddressCount: reserved } = subnets;
  const { freeAddressCount: free, availableIpAddressCount: available, addressesLeft: left } = subnets;
  writeIds(writer, subnets.subnetId);
  writeNumbers(writer, subnets.availabilityZoneId);
  writeNumbers(writer, subnets.team);
  writeNumbers(writer, subnets.status);
  writeNumbers(writer, minus(subnets.observedMs, vpcObservedMs));
  writeNumbers(writer, usable);
  writeNumbers(writer, left);
  writeNumbers(writer, gapsBetween(subnets));
  writeNumbers(writer, reserved);
  writeNumbers(writer, minus(free, left));
  writeNumbers(writer, minus(used, expectedUsed(subnets)));
  writeNumbers(writer, minus(available, free.map(expectedAvailable)));
  writeNumbers(writer, minus(subnets.maxPrefixCount, usable.map(expectedMaxPrefixCount)));
  writeNumbers(writer, subnets.freePrefixCount);
  writeNumbers(writer, subnets.fragmentation.map(toSteps));
  writeNumbers(writer, subnets.prefixesAreInUse);
  writeNumbers(writer, subnets.exhaustionP10);
  writeNumbers(writer, subnets.exhaustionP50);
  writeNumbers(writer, subnets.exhaustionP90);
  writeNumbers(writer, subnets.clusterCount);
  writeNumbers(writer, subnets.cluster);
}

/** What lists need of every row rests on little else, so that they find the rest as it was stored. */
function openSubnets(shards: OpenShards, vpcObservedMs: () => NumberColumn): SubnetColumns {
  const numbers = () => numbersOf(shards, 'subnet');
  const texts = () => textsOf(shards, 'subnet');
  const subnetId = idsOf(shards, 'subnet', subnetIdForm);
  const stored = {
    availabilityZoneId: texts(),
    team: texts(),
    status: statusesOf(shards, 'subnet'),
    observedMs: numbers(),
    usableAddressCount: numbers(),
    addressesLeft: numbers(),
    baseAddress: numbers(),
    reservedAddressCount: numbers(),
    freeAddressCount: numbers(),
    usedAddressCount: numbers(),
    availableIpAddressCount: numbers(),
    maxPrefixCount: numbers(),
    freePrefixCount: numbers(),
    fragmentation: numbers(),
    prefixesAreInUse: numbers(),
    exhaustionP10: numbers(),
    exhaustionP50: numbers(),
    exhaustionP90: numbers(),
    clusterCount: numbers(),
    cluster: textsOf(shards, 'clusterOfSubnet'),
  };
  const subnets: SubnetColumns = lazyColumns<SubnetColumns>({
    ...stored,
    subnetId: () => subnetId,
    observedMs: () => plus(stored.observedMs(), vpcObservedMs()),
    baseAddress: () => gapsToBases(stored.baseAddress(), subnets.usableAddressCount, shards),
    freeAddressCount: () => plus(stored.freeAddressCount(), subnets.addressesLeft),
    usedAddressCount: () => plus(stored.usedAddressCount(), expectedUsed(subnets)),
    availableIpAddressCount: () =>
      plus(stored.availableIpAddressCount(), subnets.freeAddressCount.map(expectedAvailable)),
    maxPrefixCount: () => plus(stored.maxPrefixCount(), subnets.usableAddressCount.map(expectedMaxPrefixCount)),
    fragmentation: () => stored.fragmentation().map(toShare),
  });
  return subnets;
}

function writeClusters(writer: ByteWriter, clusters: ClusterColumns): void {
  writeNumbers(writer, clusters.clusterId);
  writeNumbers(writer, clusters.accountId);
  writeNumbers(writer, clusters.region);
  writeNumbers(writer, clusters.clusterName);
  writeNumbers(writer, clusters.team);
  writeNumbers(writer, clusters.version);
  writeNumbers(writer, clusters.status);
  writeNumbers(writer, clusters.observedMs);
  writeNumbers(writer, clusters.bindingSubnet);
}

function openClusters(shards: OpenShards): ClusterColumns {
  const texts = () => textsOf(shards, 'cluster');
  const numbers = () => numbersOf(shards, 'cluster');
  const stored = {
    clusterId: texts(),
    accountId: texts(),
    region: texts(),
    clusterName: texts(),
    team: texts(),
    version: texts(),
    status: statusesOf(shards, 'cluster'),
    observedMs: numbers(),
    bindingSubnet: numbers(),
  };
  return lazyColumns<ClusterColumns>({
    ...stored,
    bindingSubnet: () => plus(stored.bindingSubnet(), firstSubnetsOf(shards)),
  });
}

/** By the row of a cluster, the first row of the subnets of its shard. */
function firstSubnetsOf(shards: OpenShards): NumberColumn {
  const rows = new Float64Array(totalOf(shards, 'cluster'));
  let start = 0;
  let firstSubnet = 0;
  for (const { counts } of shards) {
    rows.fill(firstSubnet, start, start + counts.cluster);
    start += counts.cluster;
    firstSubnet += counts.subnet;
  }
  return rows;
}

type Columns<T> = { readonly [Name in keyof T]: () => T[Name] };

/** Returns columns of which each is made when it is asked for first. */
function lazyColumns<T extends object>(make: Columns<T>): T {
  const columns = {};
  for (const [name, makeColumn] of Object.entries<() => unknown>(make)) {
    let column: unknown;
    Object.defineProperty(columns, name, {
      enumerable: true,
      get() {
        column ??= makeColumn();
        return column;
      },
    });
  }
  // It has a column for each name of T, made by what makes one.
  return columns as T;
}

/** The time of the VPC of each subnet or sum, of which each VPC has so many; it is mostly their own. 0 where it cannot be read. */
function timesOfVpcs({ observedMs }: VpcColumns, counts: NumberColumn): NumberColumn {
  const times = new Float64Array(counts.reduce((sum, count) => sum + count, 0));
  let start = 0;
  observedMs.forEach((ms, row) => {
    const end = start + at(counts, row);
    times.fill(Number.isNaN(ms) ? 0 : ms, start, end);
    start = end;
  });
  return times;
}

/** Addresses AWS keeps of each subnet, and of a /28 block. */
const AWS_ADDRESSES = 5;
const ADDRESSES_PER_BLOCK = 16;
const BLOCKS_WITH_AWS_ADDRESSES = 2;

/** How far each block begins from the end of the one before it: subnets of a VPC mostly follow each other. */
function gapsBetween({ baseAddress, usableAddressCount }: Blocks): NumberColumn {
  const gaps = new Float64Array(baseAddress.length);
  let end = 0;
  for (let row = 0; row < gaps.length; row += 1) {
    const base = baseAddress[row] ?? Number.NaN;
    gaps[row] = base - end;
    end = endOf(base, usableAddressCount[row], end);
  }
  return gaps;
}

/** Turns the gaps of each shard's rows into the bases that they are between, in their place. */
function gapsToBases(gaps: NumberColumn, usableAddressCount: NumberColumn, shards: OpenShards): NumberColumn {
  let row = 0;
  for (const { counts } of shards) {
    let end = 0;
    for (const stop = row + counts.subnet; row < stop; row += 1) {
      const base = end + at(gaps, row);
      gaps[row] = base;
      end = endOf(base, at(usableAddressCount, row), end);
    }
  }
  return gaps;
}

type Blocks = Pick<SubnetColumns, 'baseAddress' | 'usableAddressCount'>;

/** Returns the end of a block, or `known` where its row has none. */
function endOf(base: number, usableAddressCount: number | undefined, known: number): number {
  const end = base + (usableAddressCount ?? Number.NaN) + AWS_ADDRESSES;
  return Number.isNaN(end) ? known : end;
}

/** What the counts are unless something is odd, here and below; only the difference to it is stored. */
function expectedAvailable(free: number): number {
  return Number.isNaN(free) ? 0 : free;
}

function expectedUsed({ usableAddressCount, freeAddressCount, reservedAddressCount }: Counts): NumberColumn {
  const expected = new Float64Array(usableAddressCount.length);
  for (let row = 0; row < expected.length; row += 1) {
    expected[row] = at(usableAddressCount, row) - at(freeAddressCount, row) - at(reservedAddressCount, row);
  }
  return expected;
}

type Counts = Pick<SubnetColumns | SumColumns, 'usableAddressCount' | 'freeAddressCount' | 'reservedAddressCount'>;

function expectedMaxPrefixCount(usable: number): number {
  return Math.max(0, Math.floor((usable + AWS_ADDRESSES) / ADDRESSES_PER_BLOCK) - BLOCKS_WITH_AWS_ADDRESSES);
}

function minus(column: NumberColumn, other: NumberColumn): NumberColumn {
  return column.map((value, row) => value - at(other, row));
}

/** Adds to each number of a column, in its place. */
function plus(column: NumberColumn, other: NumberColumn): NumberColumn {
  for (let row = 0; row < column.length; row += 1) {
    column[row] = at(column, row) + at(other, row);
  }
  return column;
}

function toShare(steps: number): number {
  return steps / FRAGMENTATION_STEPS;
}

function toSteps(share: number): number {
  return Math.round(share * FRAGMENTATION_STEPS);
}

/** A number of a row that is known to be there. */
function at(column: NumberColumn, row: number): number {
  return column[row] ?? Number.NaN;
}

type RowKind = keyof RowCounts;

/** Finds the next column of numbers in each shard, and returns what makes it of all of them. */
function numbersOf(shards: OpenShards, kind: RowKind): () => NumberColumn {
  return columnOf(shards, kind, (length) => new Float64Array(length), unpackNumbers);
}

function statusesOf(shards: OpenShards, kind: RowKind): () => StatusColumn {
  return columnOf(shards, kind, (length) => new Uint8Array(length), unpackBytes);
}

function columnOf<C>(
  shards: OpenShards,
  kind: RowKind,
  allot: (length: number) => C,
  unpack: (packed: PackedNumbers, column: C, start: number) => void,
): () => C {
  const packed = shards.map(({ reader, counts }) => openNumbers(reader, counts[kind]));
  return () => {
    const column = allot(totalOf(shards, kind));
    let start = 0;
    for (const numbers of packed) {
      unpack(numbers, column, start);
      start += numbers.count;
    }
    return column;
  };
}

function textsOf(shards: OpenShards, kind: RowKind): () => TextColumn {
  const numbers = numbersOf(shards, kind);
  return () => {
    const own = numbers();
    const column = new Uint32Array(own.length);
    let row = 0;
    for (const { counts, places } of shards) {
      for (const end = row + counts[kind]; row < end; row += 1) {
        column[row] = places[at(own, row)] ?? NO_TEXT;
      }
    }
    return column;
  };
}

function totalOf(shards: OpenShards, kind: RowKind): number {
  let total = 0;
  for (const { counts } of shards) {
    total += counts[kind];
  }
  return total;
}

/** All digits, and the few ids of another form with their rows. */
function writeIds(writer: ByteWriter, { digits, others }: IdColumn): void {
  writer.raw(digits);
  writer.varint(others.size);
  for (const row of others.keys()) {
    writer.varint(row);
  }
  writeTexts(writer, [...others.values()]);
}

function idsOf<F extends IdForm>(shards: OpenShards, kind: RowKind, form: F): IdColumn<F> {
  const length = totalOf(shards, kind);
  const digits = new Uint8Array(length * form.byteCount);
  const others = new Map<number, string>();
  let start = 0;
  for (const { reader, counts } of shards) {
    digits.set(reader.raw(counts[kind] * form.byteCount), start * form.byteCount);
    const rows = reader.varints(reader.varint());
    const ids = readTexts(reader);
    for (const [index, row] of rows.entries()) {
      const id = ids[index];
      if (id === undefined || row >= counts[kind]) {
        throw new Error(`an id of another form has row ${row} of ${counts[kind]} and place ${index} of ${ids.length}`);
      }
      others.set(start + row, id);
    }
    start += counts[kind];
  }
  return { length, form, digits, others };
}
