import {
  type ClusterColumns,
  type FleetShard,
  FRAGMENTATION_STEPS,
  type NumberColumn,
  type SubnetColumns,
  type TextColumn,
  type VpcColumns,
} from '../audit/fleet-shard.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';
import { type ByteWriter, byteWriter } from './byte-writer.ts';
import { decodeColumns, encodeColumns } from './column-codec.ts';

/**
 * The columns of a fleet shard as bytes that compress well. A column of integers is its least value and, byte by byte of
 * their size, what each is more than that: a constant column takes no bytes, and the upper bytes of small numbers repeat. What
 * follows from other columns is stored as the difference to what follows. Ids are stored as the bytes that their hexadecimal
 * digits stand for.
 */
export function encodeFleetShard({ texts, vpcs, subnets, clusters }: FleetShard): Uint8Array {
  const writer = byteWriter();
  writePart(writer, encodeColumns(texts));
  for (const count of [vpcs.vpcId.length, vpcs.viewer.length, subnets.subnetId.length, subnets.cluster.length]) {
    writer.varint(count);
  }
  writer.varint(clusters.clusterId.length);
  writeVpcs(writer, vpcs);
  writeSubnets(writer, subnets, timesOfVpcs(vpcs));
  writeClusters(writer, clusters);
  return writer.bytes();
}

/** Decodes what `encodeFleetShard` gave; throws where the bytes are anything else. */
export function decodeFleetShard(bytes: Uint8Array): FleetShard {
  const reader = byteReader(bytes);
  const texts = textsOf(decodeColumns(readPart(reader)));
  const vpcCount = reader.varint();
  const viewerCount = reader.varint();
  const subnetCount = reader.varint();
  const clusterOfSubnetCount = reader.varint();
  const clusterCount = reader.varint();
  const vpcs = readVpcs(reader, vpcCount, viewerCount);
  const subnets = readSubnets(reader, subnetCount, clusterOfSubnetCount, timesOfVpcs(vpcs));
  const clusters = readClusters(reader, clusterCount);
  if (reader.remaining() > 0) {
    throw new Error(`${reader.remaining()} bytes are left over`);
  }
  return { texts, vpcs, subnets, clusters };
}

function writeVpcs(writer: ByteWriter, vpcs: VpcColumns): void {
  writeIds(writer, vpcs.vpcId, vpcIdForm);
  writeIds(writer, vpcs.stateVersion, uuidForm);
  writeNumbers(writer, vpcs.ownerId);
  writeNumbers(writer, vpcs.region);
  writeNumbers(writer, vpcs.firstObservedMs);
  writeNumbers(writer, vpcs.observedMs);
  writeNumbers(writer, vpcs.viewerCount);
  writeNumbers(writer, vpcs.viewer);
  writeNumbers(writer, vpcs.subnetCount);
  writeNumbers(writer, vpcs.clusterCount);
}

function readVpcs(reader: ByteReader, count: number, viewerCount: number): VpcColumns {
  return {
    vpcId: readIds(reader, count, vpcIdForm),
    stateVersion: readIds(reader, count, uuidForm),
    ownerId: readPlaces(reader, count),
    region: readPlaces(reader, count),
    firstObservedMs: readNumbers(reader, count),
    observedMs: readNumbers(reader, count),
    viewerCount: readNumbers(reader, count),
    viewer: readPlaces(reader, viewerCount),
    subnetCount: readNumbers(reader, count),
    clusterCount: readNumbers(reader, count),
  };
}

function writeSubnets(writer: ByteWriter, subnets: SubnetColumns, vpcObservedMs: NumberColumn): void {
  const expected = expectedCounts(subnets);
  writeIds(writer, subnets.subnetId, subnetIdForm);
  writeNumbers(writer, subnets.availabilityZoneId);
  writeNumbers(writer, subnets.team);
  writeNumbers(writer, subnets.status);
  writeNumbers(writer, minus(subnets.observedMs, vpcObservedMs));
  writeNumbers(writer, subnets.usableAddressCount);
  writeNumbers(writer, gapsBetween(subnets));
  writeNumbers(writer, subnets.usedAddressCount);
  writeNumbers(writer, subnets.reservedAddressCount);
  writeNumbers(writer, minus(subnets.freeAddressCount, expected.freeAddressCount));
  writeNumbers(writer, minus(subnets.availableIpAddressCount, zeroWhereAbsent(subnets.freeAddressCount)));
  writeNumbers(writer, minus(subnets.addressesLeft, expectedLeft(subnets)));
  writeNumbers(writer, minus(subnets.maxPrefixCount, expected.maxPrefixCount));
  writeNumbers(writer, subnets.freePrefixCount);
  writeNumbers(writer, subnets.fragmentation.map(toSteps));
  writeNumbers(writer, subnets.prefixesAreInUse);
  writeNumbers(writer, subnets.exhaustionP10);
  writeNumbers(writer, subnets.exhaustionP50);
  writeNumbers(writer, subnets.exhaustionP90);
  writeNumbers(writer, subnets.clusterCount);
  writeNumbers(writer, subnets.cluster);
}

function readSubnets(
  reader: ByteReader,
  count: number,
  clusterCount: number,
  vpcObservedMs: NumberColumn,
): SubnetColumns {
  const subnetId = readIds(reader, count, subnetIdForm);
  const availabilityZoneId = readPlaces(reader, count);
  const team = readPlaces(reader, count);
  const status = readNumbers(reader, count);
  const observedMs = plus(readNumbers(reader, count), vpcObservedMs);
  const usableAddressCount = readNumbers(reader, count);
  const baseAddress = basesAfter(readNumbers(reader, count), usableAddressCount);
  const usedAddressCount = readNumbers(reader, count);
  const reservedAddressCount = readNumbers(reader, count);
  const expected = expectedCounts({ usableAddressCount, usedAddressCount, reservedAddressCount });
  const freeAddressCount = plus(readNumbers(reader, count), expected.freeAddressCount);
  const availableIpAddressCount = plus(readNumbers(reader, count), zeroWhereAbsent(freeAddressCount));
  const addressesLeft = plus(readNumbers(reader, count), expectedLeft({ freeAddressCount, availableIpAddressCount }));
  const maxPrefixCount = plus(readNumbers(reader, count), expected.maxPrefixCount);
  return {
    subnetId,
    availabilityZoneId,
    team,
    status,
    observedMs,
    baseAddress,
    usableAddressCount,
    usedAddressCount,
    reservedAddressCount,
    freeAddressCount,
    availableIpAddressCount,
    addressesLeft,
    maxPrefixCount,
    freePrefixCount: readNumbers(reader, count),
    fragmentation: readNumbers(reader, count).map(fromSteps),
    prefixesAreInUse: readNumbers(reader, count),
    exhaustionP10: readNumbers(reader, count),
    exhaustionP50: readNumbers(reader, count),
    exhaustionP90: readNumbers(reader, count),
    clusterCount: readNumbers(reader, count),
    cluster: readPlaces(reader, clusterCount),
  };
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

function readClusters(reader: ByteReader, count: number): ClusterColumns {
  return {
    clusterId: readPlaces(reader, count),
    accountId: readPlaces(reader, count),
    region: readPlaces(reader, count),
    clusterName: readPlaces(reader, count),
    team: readPlaces(reader, count),
    version: readPlaces(reader, count),
    status: readNumbers(reader, count),
    observedMs: readNumbers(reader, count),
    bindingSubnet: readNumbers(reader, count),
  };
}

/** The time of each subnet's VPC, which is mostly its own; 0 where the VPC's cannot be read. */
function timesOfVpcs({ observedMs, subnetCount }: VpcColumns): NumberColumn {
  const times = new Float64Array(subnetCount.reduce((sum, count) => sum + count, 0));
  let start = 0;
  observedMs.forEach((ms, row) => {
    const end = start + (subnetCount[row] ?? 0);
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

function basesAfter(gaps: NumberColumn, usableAddressCount: NumberColumn): NumberColumn {
  const bases = new Float64Array(gaps.length);
  let end = 0;
  for (let row = 0; row < bases.length; row += 1) {
    const base = end + (gaps[row] ?? Number.NaN);
    bases[row] = base;
    end = endOf(base, usableAddressCount[row], end);
  }
  return bases;
}

type Blocks = Pick<SubnetColumns, 'baseAddress' | 'usableAddressCount'>;

/** Returns the end of a block, or `known` where its row has none. */
function endOf(base: number, usableAddressCount: number | undefined, known: number): number {
  const end = base + (usableAddressCount ?? Number.NaN) + AWS_ADDRESSES;
  return Number.isNaN(end) ? known : end;
}

/** What the counts are unless something is odd; only the difference to it is stored. */
function expectedCounts(
  columns: Pick<SubnetColumns, 'usableAddressCount' | 'usedAddressCount' | 'reservedAddressCount'>,
): Pick<SubnetColumns, 'freeAddressCount' | 'maxPrefixCount'> {
  const { usableAddressCount: usable, usedAddressCount, reservedAddressCount } = columns;
  return {
    freeAddressCount: minus(minus(usable, usedAddressCount), reservedAddressCount),
    maxPrefixCount: usable.map((count) =>
      Math.max(0, Math.floor((count + AWS_ADDRESSES) / ADDRESSES_PER_BLOCK) - BLOCKS_WITH_AWS_ADDRESSES),
    ),
  };
}

function expectedLeft(
  columns: Pick<SubnetColumns, 'freeAddressCount' | 'availableIpAddressCount'>,
): SubnetColumns['addressesLeft'] {
  const { freeAddressCount, availableIpAddressCount } = columns;
  return freeAddressCount.map((free, row) => Math.max(0, Math.min(free, availableIpAddressCount[row] ?? free)));
}

// Loops rather than `map`, here and below: they are several times as quick on typed arrays, and this is the way to a cold answer.

function zeroWhereAbsent(column: NumberColumn): NumberColumn {
  const result = new Float64Array(column.length);
  for (let row = 0; row < column.length; row += 1) {
    const value = column[row] ?? Number.NaN;
    result[row] = Number.isNaN(value) ? 0 : value;
  }
  return result;
}

function minus(column: NumberColumn, other: NumberColumn): NumberColumn {
  const result = new Float64Array(column.length);
  for (let row = 0; row < column.length; row += 1) {
    result[row] = (column[row] ?? Number.NaN) - (other[row] ?? Number.NaN);
  }
  return result;
}

function plus(column: NumberColumn, other: NumberColumn): NumberColumn {
  const result = new Float64Array(column.length);
  for (let row = 0; row < column.length; row += 1) {
    result[row] = (column[row] ?? Number.NaN) + (other[row] ?? Number.NaN);
  }
  return result;
}

function toSteps(share: number): number {
  return Math.round(share * FRAGMENTATION_STEPS);
}

function fromSteps(steps: number): number {
  return steps / FRAGMENTATION_STEPS;
}

const FORM = { integers: 0, floats: 1 } as const;
/** Differences of such integers are exact. */
const INTEGER_MAX = 2 ** 50;
const BYTE = 256;
const BYTES_MAX = 7;

/** Integers, with a place for NaN where there is one; anything else as it is, without loss. */
function writeNumbers(writer: ByteWriter, column: NumberColumn | TextColumn): void {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let hasAbsent = false;
  for (const value of column) {
    if (Number.isNaN(value)) {
      hasAbsent = true;
    } else if (Number.isInteger(value) && Math.abs(value) <= INTEGER_MAX && !Object.is(value, -0)) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    } else {
      writeFloats(writer, column);
      return;
    }
  }
  const base = least === Number.POSITIVE_INFINITY ? 0 : least;
  const offset = hasAbsent ? 1 : 0;
  const range = Math.max(0, most - base) + offset;
  writer.varint(FORM.integers);
  writer.varint(offset);
  writer.varint(base < 0 ? -2 * base - 1 : 2 * base);
  const byteCount = byteCountOf(range);
  writer.varint(byteCount);
  for (let index = 0; index < byteCount; index += 1) {
    const scale = BYTE ** index;
    writer.raw(
      Uint8Array.from(column, (value) =>
        Number.isNaN(value) ? 0 : Math.floor((value - base + offset) / scale) % BYTE,
      ),
    );
  }
}

function writeFloats(writer: ByteWriter, column: NumberColumn | TextColumn): void {
  writer.varint(FORM.floats);
  for (const value of column) {
    writer.float64(value);
  }
}

function byteCountOf(range: number): number {
  let count = 0;
  for (let rest = range; rest > 0; rest = Math.floor(rest / BYTE)) {
    count += 1;
  }
  return count;
}

function readNumbers(reader: ByteReader, count: number): NumberColumn {
  const form = reader.varint();
  if (form === FORM.floats) {
    const column = new Float64Array(count);
    return column.map(() => reader.float64());
  }
  if (form !== FORM.integers) {
    throw new Error(`a column is of form ${form}, which does not exist`);
  }
  const offset = reader.varint();
  const signed = reader.varint();
  const base = signed % 2 === 1 ? -(signed + 1) / 2 : signed / 2;
  const byteCount = reader.varint();
  if (byteCount > BYTES_MAX) {
    throw new Error(`the integers of a column have ${byteCount} bytes`);
  }
  const column = new Float64Array(count);
  if (byteCount === 0) {
    return column.fill(base);
  }
  for (let index = 0; index < byteCount; index += 1) {
    addBytes(column, reader.raw(count), BYTE ** index);
  }
  if (offset !== 0 || base !== 0) {
    moveBy(column, base - offset, offset > 0);
  }
  return column;
}

function addBytes(column: NumberColumn, bytes: Uint8Array, scale: number): void {
  for (let row = 0; row < column.length; row += 1) {
    column[row] = (column[row] ?? 0) + (bytes[row] ?? 0) * scale;
  }
}

function moveBy(column: NumberColumn, difference: number, isZeroAbsent: boolean): void {
  for (let row = 0; row < column.length; row += 1) {
    const value = column[row] ?? Number.NaN;
    column[row] = isZeroAbsent && value === 0 ? Number.NaN : value + difference;
  }
}

function readPlaces(reader: ByteReader, count: number): TextColumn {
  return new Uint32Array(readNumbers(reader, count));
}

/** Ids of one form, as most are: the digits are stored as bytes, what is the same in all of them is not. */
interface IdForm {
  /** How many bytes the digits of an id are. */
  readonly byteCount: number;
  /** Returns the hexadecimal digits, or `undefined` where the id is of another form. */
  digitsOf(id: string): string | undefined;
  idOf(digits: string): string;
}

/** EC2's long ids: seventeen digits, of which the first is 0. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
function longIdForm(prefix: string): IdForm {
  const start = `${prefix}-0`;
  const pattern = new RegExp(`^${start}([0-9a-f]{16})$`);
  return { byteCount: 8, digitsOf: (id) => pattern.exec(id)?.[1], idOf: (digits) => start + digits };
}

const vpcIdForm = longIdForm('vpc');
const subnetIdForm = longIdForm('subnet');

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;
const uuidForm: IdForm = {
  byteCount: 16,
  digitsOf: (id) => UUID.exec(id)?.slice(1).join(''),
  idOf: (digits) =>
    [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-'),
};

function writeIds(writer: ByteWriter, ids: readonly string[], form: IdForm): void {
  const digits = ids.map((id) => form.digitsOf(id));
  writer.raw(Uint8Array.from(digits, (text) => (text === undefined ? 1 : 0)));
  writer.raw(Buffer.from(digits.map((text) => text ?? '').join(''), 'hex'));
  writePart(writer, encodeColumns(ids.filter((_, row) => digits[row] === undefined)));
}

function readIds(reader: ByteReader, count: number, { byteCount, idOf }: IdForm): string[] {
  const isOther = reader.raw(count);
  let formedCount = 0;
  for (let row = 0; row < count; row += 1) {
    formedCount += isOther[row] === 0 ? 1 : 0;
  }
  const digits = reader.raw(formedCount * byteCount).toString('hex');
  const others = textsOf(decodeColumns(readPart(reader)));
  if (others.length !== count - formedCount) {
    throw new Error(`${others.length} ids are of another form, expected ${count - formedCount}`);
  }
  const ids: string[] = [];
  let start = 0;
  for (let row = 0; row < count; row += 1) {
    const end = start + 2 * byteCount;
    if (isOther[row] === 0) {
      ids.push(idOf(digits.slice(start, end)));
      start = end;
    } else {
      // One for each, as was counted.
      ids.push(others[row - start / (2 * byteCount)] ?? '');
    }
  }
  return ids;
}

function writePart(writer: ByteWriter, bytes: Uint8Array): void {
  writer.varint(bytes.byteLength);
  writer.raw(bytes);
}

function readPart(reader: ByteReader): Buffer {
  return reader.raw(reader.varint());
}

function textsOf(value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((text) => typeof text === 'string')) {
    throw new Error('a list of texts is none');
  }
  return value;
}
