import {
  type ClusterColumns,
  type ClusterOutline,
  type FleetShard,
  FRAGMENTATION_STEPS,
  NO_TEXT,
  type NumberColumn,
  type ShardOutline,
  type StatusColumn,
  type SubnetColumns,
  type SubnetOutline,
  type SumColumns,
  type TextColumn,
  type VpcColumns,
  type VpcOutline,
} from '../audit/fleet-shard.ts';
import { type IdColumn, type IdForm, subnetIdForm, uuidForm, vpcIdForm } from '../audit/id-column.ts';
import { STATUSES } from '../domain/capacity/subnet-status.ts';
import { madeOnce } from '../domain/made-once.ts';
import { joinBlocks, openBlocks } from './blocks.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';
import { type ByteWriter, byteWriter } from './byte-writer.ts';
import { readTexts, writeTexts } from './column-codec.ts';
import { openNumbers, type PackedNumbers, unpackBytes, unpackNumbers, writeNumbers } from './number-codec.ts';

/**
 * The columns of a fleet shard as bytes that compress well: its outline, and after it the rest. What follows from other columns is
 * stored as the difference to what follows. Ids are stored as the bytes that their hexadecimal digits stand for.
 */
export function encodeFleetShard(shard: FleetShard): Uint8Array {
  // Texts of outlines were put into the table first, so few others lie among them.
  const outlineTextsEnd = 1 + outlineTextColumns(shard).reduce(highestPlace, NO_TEXT);
  return joinBlocks([
    encodeOutline(shard, shard.texts.slice(NO_TEXT + 1, outlineTextsEnd)),
    encodeDetails(shard, shard.texts.slice(outlineTextsEnd)),
  ]);
}

const PARTS = { outline: 0, details: 1 } as const;

/** Cuts the outline out of what `encodeFleetShard` gave; throws where the bytes are anything else. */
export function encodedOutline(shard: Uint8Array): Uint8Array {
  return openBlocks(shard).at(PARTS.outline);
}

function outlineTextColumns({ vpcs, sums, subnets, clusters }: ShardOutline): TextColumn[] {
  const { accountId, region, team } = clusters;
  return [vpcs.ownerId, vpcs.region, sums.team, subnets.team, subnets.guest, accountId, region, team];
}

function highestPlace(known: number, column: TextColumn): number {
  return column.reduce((highest, place) => Math.max(highest, place), known);
}

function encodeOutline({ vpcs, sums, subnets, clusters }: ShardOutline, texts: readonly string[]): Uint8Array {
  const writer = byteWriter();
  writeTexts(writer, texts);
  for (const { length } of [vpcs.vpcId, sums.team, subnets.team, subnets.guest, clusters.accountId]) {
    writer.varint(length);
  }
  writeIds(writer, vpcs.vpcId);
  writeNumbers(writer, vpcs.ownerId);
  writeNumbers(writer, vpcs.region);
  writeNumbers(writer, vpcs.observedMs);
  writeNumbers(writer, vpcs.sumCount);
  writeNumbers(writer, vpcs.subnetCount);
  writeNumbers(writer, vpcs.clusterCount);
  writeSums(writer, sums, timesOfVpcs(vpcs.observedMs, vpcs.sumCount));
  writeNumbers(writer, subnets.team);
  writeNumbers(writer, subnets.status);
  writeNumbers(writer, minus(subnets.observedMs, timesOfVpcs(vpcs.observedMs, vpcs.subnetCount)));
  writeNumbers(writer, subnets.usableAddressCount);
  writeNumbers(writer, subnets.addressesLeft);
  writeNumbers(writer, subnets.guestCount);
  writeNumbers(writer, subnets.guest);
  writeNumbers(writer, clusters.accountId);
  writeNumbers(writer, clusters.region);
  writeNumbers(writer, clusters.team);
  writeNumbers(writer, clusters.status);
  writeNumbers(writer, clusters.observedMs);
  writeNumbers(writer, clusters.bindingSubnet);
  return writer.bytes();
}

function encodeDetails({ vpcs, subnets, clusters }: FleetShard, texts: readonly string[]): Uint8Array {
  const writer = byteWriter();
  writeTexts(writer, texts);
  for (const { length } of [vpcs.viewer, subnets.cluster]) {
    writer.varint(length);
  }
  writeIds(writer, vpcs.stateVersion);
  writeNumbers(writer, vpcs.firstObservedMs);
  writeNumbers(writer, vpcs.viewerCount);
  writeNumbers(writer, vpcs.viewer);
  writeSubnetDetails(writer, subnets);
  writeNumbers(writer, clusters.clusterId);
  writeNumbers(writer, clusters.clusterName);
  writeNumbers(writer, clusters.version);
  return writer.bytes();
}

export interface DecodedShards<C> {
  /** All shards as one, in their order. */
  readonly columns: C;
  /** How many VPCs each of them has. */
  readonly vpcCounts: NumberColumn;
}

/**
 * Decodes what `encodeFleetShard` gave for each of some shards; throws where the bytes are anything else. Columns of numbers and texts
 * are made when they are asked for first: a list looks at a few of each row, and at the others of those that it shows.
 */
export function decodeFleetShards(parts: readonly Uint8Array[]): DecodedShards<FleetShard> {
  const table = textTable();
  const encoded = parts.map(openBlocks);
  const outlines = encoded.map((blocks) => openOutline(blocks.at(PARTS.outline), table));
  const outline = outlineColumns(outlines);
  refuseWhatIsLeft(outlines);
  const shards = outlines.map((shard, index) => openDetails(encoded[index]?.at(PARTS.details), shard, table));
  const details = detailColumns(shards, outline);
  refuseWhatIsLeft(shards);
  const columns = {
    ...table,
    vpcs: lazyColumns<VpcColumns>({ ...outline.vpcs, ...details.vpcs }),
    sums: lazyColumns<SumColumns>(outline.sums),
    subnets: lazyColumns<SubnetColumns>({ ...outline.subnets, ...details.subnets }),
    clusters: lazyColumns<ClusterColumns>({ ...outline.clusters, ...details.clusters }),
  };
  return { columns, vpcCounts: vpcCountsOf(shards) };
}

/** Decodes what `encodedOutline` gave for each of some shards, in the same way. */
export function decodeShardOutlines(parts: readonly Uint8Array[]): DecodedShards<ShardOutline> {
  const table = textTable();
  const shards = parts.map((bytes) => openOutline(bytes, table));
  const { vpcs, sums, subnets, clusters } = outlineColumns(shards);
  refuseWhatIsLeft(shards);
  const columns = {
    ...table,
    vpcs: lazyColumns<VpcOutline>(vpcs),
    sums: lazyColumns<SumColumns>(sums),
    subnets: lazyColumns<SubnetOutline>(subnets),
    clusters: lazyColumns<ClusterOutline>(clusters),
  };
  return { columns, vpcCounts: vpcCountsOf(shards) };
}

function vpcCountsOf(shards: OpenShards): NumberColumn {
  return Float64Array.from(shards, ({ counts }) => counts.vpc);
}

function refuseWhatIsLeft(shards: OpenShards): void {
  for (const { reader } of shards) {
    if (reader.remaining() > 0) {
      throw new Error(`${reader.remaining()} bytes are left over`);
    }
  }
}

interface TextTable {
  readonly texts: string[];
  readonly textPlaces: Map<string, number>;
}

function textTable(): TextTable {
  return { texts: [''], textPlaces: new Map() };
}

/** Puts texts of a shard into the table of all; returns their places there after those of the shard's texts before. */
function placesOf(own: readonly string[], { texts, textPlaces }: TextTable, before: Uint32Array): Uint32Array {
  const places = new Uint32Array(before.length + own.length);
  places.set(before);
  own.forEach((text, index) => {
    let known = textPlaces.get(text);
    if (known === undefined) {
      known = texts.push(text) - 1;
      textPlaces.set(text, known);
    }
    places[before.length + index] = known;
  });
  return places;
}

/** Rows of a shard; those of viewers, of guests and clusters of subnets and of statuses of sums are of lists in the rows of others. */
type RowCounts = Readonly<
  Record<'vpc' | 'viewer' | 'subnet' | 'guest' | 'clusterOfSubnet' | 'cluster' | 'sum' | 'statusOfSum', number>
>;

/** A part of a shard of which columns are read one after the other, each over all shards: so nothing has to be joined. */
interface OpenShard {
  readonly reader: ByteReader;
  readonly counts: RowCounts;
  /** By the place of a text in the shard, its place among all texts. */
  readonly places: Uint32Array;
}

type OpenShards = readonly OpenShard[];

function openOutline(bytes: Uint8Array, table: TextTable): OpenShard {
  const reader = byteReader(bytes);
  const places = placesOf(readTexts(reader), table, Uint32Array.of(NO_TEXT));
  const vpc = reader.varint();
  const sum = reader.varint();
  const subnet = reader.varint();
  const guest = reader.varint();
  const cluster = reader.varint();
  const statusOfSum = STATUSES.length * sum;
  // Outlines have no lists of viewers and clusters.
  return { reader, counts: { vpc, sum, statusOfSum, subnet, guest, cluster, viewer: 0, clusterOfSubnet: 0 }, places };
}

function openDetails(bytes: Uint8Array | undefined, outline: OpenShard, table: TextTable): OpenShard {
  const reader = byteReader(bytes ?? new Uint8Array());
  const places = placesOf(readTexts(reader), table, outline.places);
  const viewer = reader.varint();
  const clusterOfSubnet = reader.varint();
  return { reader, counts: { ...outline.counts, viewer, clusterOfSubnet }, places };
}

interface OutlineColumns {
  readonly vpcs: Columns<VpcOutline>;
  readonly sums: Columns<SumColumns>;
  readonly subnets: Columns<SubnetOutline>;
  readonly clusters: Columns<ClusterOutline>;
}

/** What lists need of every row rests on little else, so that they find the rest as it was stored. */
function outlineColumns(shards: OpenShards): OutlineColumns {
  const vpcs = openVpcs(shards);
  const sums = openSums(shards, () => timesOfVpcs(vpcs.observedMs(), vpcs.sumCount()));
  const subnets = openSubnets(shards, () => timesOfVpcs(vpcs.observedMs(), vpcs.subnetCount()));
  return { vpcs, sums, subnets, clusters: openClusters(shards) };
}

function openVpcs(shards: OpenShards): Columns<VpcOutline> {
  const numbers = () => numbersOf(shards, 'vpc');
  const vpcId = idsOf(shards, 'vpc', vpcIdForm);
  return {
    vpcId: () => vpcId,
    ownerId: textsOf(shards, 'vpc'),
    region: textsOf(shards, 'vpc'),
    observedMs: numbers(),
    sumCount: numbers(),
    subnetCount: numbers(),
    clusterCount: numbers(),
  };
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

function openSums(shards: OpenShards, vpcObservedMs: () => NumberColumn): Columns<SumColumns> {
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
  return {
    ...stored,
    observedMs: madeOnce(() => plus(stored.observedMs(), vpcObservedMs())),
    usedAddressCount: madeOnce(() => plus(stored.usedAddressCount(), expectedUsed(lazyColumns<Counts>(stored)))),
  };
}

function openSubnets(shards: OpenShards, vpcObservedMs: () => NumberColumn): Columns<SubnetOutline> {
  const numbers = () => numbersOf(shards, 'subnet');
  const stored = {
    team: textsOf(shards, 'subnet'),
    status: statusesOf(shards, 'subnet'),
    observedMs: numbers(),
    usableAddressCount: numbers(),
    addressesLeft: numbers(),
    guestCount: numbers(),
    guest: textsOf(shards, 'guest'),
  };
  return { ...stored, observedMs: madeOnce(() => plus(stored.observedMs(), vpcObservedMs())) };
}

function openClusters(shards: OpenShards): Columns<ClusterOutline> {
  const texts = () => textsOf(shards, 'cluster');
  const numbers = () => numbersOf(shards, 'cluster');
  const stored = {
    accountId: texts(),
    region: texts(),
    team: texts(),
    status: statusesOf(shards, 'cluster'),
    observedMs: numbers(),
    bindingSubnet: numbers(),
  };
  return { ...stored, bindingSubnet: madeOnce(() => plus(stored.bindingSubnet(), firstSubnetsOf(shards))) };
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

interface DetailColumns {
  readonly vpcs: Columns<Omit<VpcColumns, keyof VpcOutline>>;
  readonly subnets: Columns<Omit<SubnetColumns, keyof SubnetOutline>>;
  readonly clusters: Columns<Omit<ClusterColumns, keyof ClusterOutline>>;
}

function detailColumns(shards: OpenShards, outline: OutlineColumns): DetailColumns {
  const stateVersion = idsOf(shards, 'vpc', uuidForm);
  const texts = () => textsOf(shards, 'cluster');
  return {
    vpcs: {
      stateVersion: () => stateVersion,
      firstObservedMs: numbersOf(shards, 'vpc'),
      viewerCount: numbersOf(shards, 'vpc'),
      viewer: textsOf(shards, 'viewer'),
    },
    subnets: openSubnetDetails(shards, outline.subnets),
    clusters: { clusterId: texts(), clusterName: texts(), version: texts() },
  };
}

function writeSubnetDetails(writer: ByteWriter, subnets: SubnetColumns): void {
  const { usableAddressCount: usable, usedAddressCount: used, reservedAddressCount: reserved } = subnets;
  const { freeAddressCount: free, availableIpAddressCount: available, addressesLeft: left } = subnets;
  writeIds(writer, subnets.subnetId);
  writeNumbers(writer, subnets.availabilityZoneId);
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

function openSubnetDetails(
  shards: OpenShards,
  { usableAddressCount, addressesLeft }: Columns<SubnetOutline>,
): DetailColumns['subnets'] {
  const numbers = () => numbersOf(shards, 'subnet');
  const subnetId = idsOf(shards, 'subnet', subnetIdForm);
  const stored = {
    availabilityZoneId: textsOf(shards, 'subnet'),
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
  const freeAddressCount = madeOnce(() => plus(stored.freeAddressCount(), addressesLeft()));
  const counts = lazyColumns<Counts>({ ...stored, usableAddressCount, freeAddressCount });
  return {
    ...stored,
    subnetId: () => subnetId,
    freeAddressCount,
    baseAddress: madeOnce(() => gapsToBases(stored.baseAddress(), usableAddressCount(), shards)),
    usedAddressCount: madeOnce(() => plus(stored.usedAddressCount(), expectedUsed(counts))),
    availableIpAddressCount: madeOnce(() =>
      plus(stored.availableIpAddressCount(), freeAddressCount().map(expectedAvailable)),
    ),
    maxPrefixCount: madeOnce(() => plus(stored.maxPrefixCount(), usableAddressCount().map(expectedMaxPrefixCount))),
    fragmentation: madeOnce(() => stored.fragmentation().map(toShare)),
  };
}

/** What makes each column, when it is asked for first. */
type Columns<T> = { readonly [Name in keyof T]: () => T[Name] };

/** Returns columns of which each is made when it is asked for first. */
function lazyColumns<T extends object>(make: Columns<T>): T {
  const columns = {};
  for (const [name, get] of Object.entries<() => unknown>(make)) {
    Object.defineProperty(columns, name, { enumerable: true, get });
  }
  // It has a column for each name of T, made by what makes one.
  return columns as T;
}

/** The time of the VPC of each subnet or sum, of which each VPC has so many; it is mostly their own. 0 where it cannot be read. */
function timesOfVpcs(observedMs: NumberColumn, counts: NumberColumn): NumberColumn {
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
  return madeOnce(() => {
    const column = allot(totalOf(shards, kind));
    let start = 0;
    for (const numbers of packed) {
      unpack(numbers, column, start);
      start += numbers.count;
    }
    return column;
  });
}

function textsOf(shards: OpenShards, kind: RowKind): () => TextColumn {
  const numbers = numbersOf(shards, kind);
  return madeOnce(() => {
    const own = numbers();
    const column = new Uint32Array(own.length);
    let row = 0;
    for (const { counts, places } of shards) {
      for (const end = row + counts[kind]; row < end; row += 1) {
        column[row] = places[at(own, row)] ?? NO_TEXT;
      }
    }
    return column;
  });
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
