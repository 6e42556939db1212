import type { NumberColumn, StatusColumn, TextColumn } from '../audit/fleet-shard.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

const FORM = { integers: 0, floats: 1 } as const;
/** Differences of such integers are exact. */
const INTEGER_MAX = 2 ** 50;
const BYTE = 256;
const BYTES_MAX = 7;
const FLOAT_BYTES = 8;

/**
 * Writes a column of numbers without loss. One of integers is its least value and, byte by byte of their size, what each is more
 * than that, with a place for NaN where there is one: a constant column takes no bytes, and the upper bytes of small numbers repeat.
 */
export function writeNumbers(writer: ByteWriter, column: NumberColumn | TextColumn | StatusColumn): void {
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

function writeFloats(writer: ByteWriter, column: NumberColumn | TextColumn | StatusColumn): void {
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

/** Numbers that were found, and are not made yet. */
export type PackedNumbers = PackedIntegers | PackedFloats;

interface PackedIntegers {
  readonly form: typeof FORM.integers;
  readonly count: number;
  /** What 0 stands for, and what is added to all else. */
  readonly zero: number;
  readonly least: number;
  readonly bytes: Uint8Array;
}

interface PackedFloats {
  readonly form: typeof FORM.floats;
  readonly count: number;
  readonly bytes: Buffer;
}

/** Finds `count` numbers that `writeNumbers` wrote. Throws where the bytes are anything else. */
export function openNumbers(reader: ByteReader, count: number): PackedNumbers {
  const form = reader.varint();
  if (form === FORM.integers) {
    return openIntegers(reader, count);
  }
  if (form === FORM.floats) {
    return { form, count, bytes: reader.raw(FLOAT_BYTES * count) };
  }
  throw new Error(`a column is of form ${form}, which does not exist`);
}

function openIntegers(reader: ByteReader, count: number): PackedIntegers {
  const offset = reader.varint();
  const signed = reader.varint();
  const base = signed % 2 === 1 ? -(signed + 1) / 2 : signed / 2;
  const byteCount = reader.varint();
  if (byteCount > BYTES_MAX) {
    throw new Error(`the integers of a column have ${byteCount} bytes`);
  }
  return {
    form: FORM.integers,
    count,
    // Where all are the same there is no place for NaN.
    zero: byteCount > 0 && offset > 0 ? Number.NaN : base,
    least: base - offset,
    bytes: reader.raw(byteCount * count),
  };
}

/** Makes numbers that were found, in a column from a row on. */
export function unpackNumbers(packed: PackedNumbers, column: NumberColumn, start: number): void {
  if (packed.form === FORM.integers) {
    unpackIntegers(packed, column, start);
    return;
  }
  for (let index = 0; index < packed.count; index += 1) {
    column[start + index] = packed.bytes.readDoubleLE(FLOAT_BYTES * index);
  }
}

/** As `unpackNumbers`, for numbers that were written of bytes. */
export function unpackBytes(packed: PackedNumbers, column: Uint8Array, start: number): void {
  if (packed.form !== FORM.integers || packed.bytes.length > packed.count) {
    throw new Error('a column of bytes holds numbers that are none');
  }
  const { count, zero, least, bytes } = packed;
  if (bytes.length === 0) {
    column.fill(zero, start, start + count);
    return;
  }
  column.set(bytes, start);
  if (least > 0) {
    for (let row = start; row < start + count; row += 1) {
      column[row] = (column[row] ?? 0) + least;
    }
  }
}

function unpackIntegers({ count, zero, least, bytes }: PackedIntegers, column: NumberColumn, start: number): void {
  if (bytes.length === 0) {
    column.fill(zero, start, start + count);
    return;
  }
  for (let index = 0; index < count; index += 1) {
    let value = bytes[index] ?? 0;
    for (let place = index + count, scale = BYTE; place < bytes.length; place += count, scale *= BYTE) {
      value += (bytes[place] ?? 0) * scale;
    }
    column[start + index] = value === 0 ? zero : value + least;
  }
}
