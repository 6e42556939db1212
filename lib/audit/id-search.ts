import { HEX_DIGITS_PER_BYTE, type IdColumn, type LongIdForm } from './id-column.ts';

const HEX = /^[0-9a-f]+$/;
const DIGIT_VALUES = 16;
const PAIR_VALUES = DIGIT_VALUES ** 2;
const BITS_PER_WORD = 32;

/**
 * Returns the rows whose ids contain a text, whatever the case, the first ones first. Digits are looked up by pairs: a hundred
 * thousand ids are searched in a tenth of the time that it takes to go through them as one text.
 */
export function rowsWithIdPart(column: IdColumn<LongIdForm>, text: string): Uint32Array {
  const part = text.toLowerCase();
  const bits = bitsOf(column, part);
  for (const [row, id] of column.others) {
    setBit(bits, row, id.toLowerCase().includes(part));
  }
  return rowsOfBits(bits);
}

function bitsOf(column: IdColumn<LongIdForm>, part: string): RowBits {
  const { prefix } = column.form;
  const bits = new Uint32Array(Math.ceil(column.length / BITS_PER_WORD));
  if (prefix.includes(part)) {
    for (let row = 0; row < column.length; row += 1) {
      setBit(bits, row, true);
    }
    return bits;
  }
  addRowsContaining(bits, column, part);
  // The last of what all ids begin with, and the first of their digits.
  for (let length = 1; length < part.length; length += 1) {
    if (prefix.endsWith(part.slice(0, length))) {
      addRowsBeginning(bits, column, part.slice(length));
    }
  }
  return bits;
}

function addRowsBeginning(bits: RowBits, column: IdColumn, part: string): void {
  const digits = digitsOf(part);
  for (let row = 0; digits !== undefined && row < column.length; row += 1) {
    if (hasDigitsAt(column, row, digits, 0)) {
      setBit(bits, row, true);
    }
  }
}

function addRowsContaining(bits: RowBits, column: IdColumn, part: string): void {
  const digits = digitsOf(part);
  if (digits === undefined) {
    return;
  }
  const candidates = digits.length === 1 ? rowsWithDigit(column, digits[0] ?? 0) : rowsWithPairs(column, digits);
  if (digits.length <= 2) {
    bits.set(candidates);
    return;
  }
  // All of their pairs does not say in which order.
  for (const row of rowsOfBits(candidates)) {
    if (hasDigits(column, row, digits)) {
      setBit(bits, row, true);
    }
  }
}

/** The values of hexadecimal digits; `undefined` where it is anything else. */
function digitsOf(part: string): readonly number[] | undefined {
  return HEX.test(part) ? Array.from(part, (digit) => Number.parseInt(digit, DIGIT_VALUES)) : undefined;
}

function hasDigits(column: IdColumn, row: number, digits: readonly number[]): boolean {
  const lastPlace = column.form.byteCount * HEX_DIGITS_PER_BYTE - digits.length;
  for (let place = 0; place <= lastPlace; place += 1) {
    if (hasDigitsAt(column, row, digits, place)) {
      return true;
    }
  }
  return false;
}

function hasDigitsAt(
  { form: { byteCount }, digits: bytes }: IdColumn,
  row: number,
  digits: readonly number[],
  place: number,
): boolean {
  const start = row * byteCount * HEX_DIGITS_PER_BYTE + place;
  return (
    place + digits.length <= byteCount * HEX_DIGITS_PER_BYTE &&
    digits.every((digit, index) => digit === digitAt(bytes, start + index))
  );
}

function digitAt(bytes: Uint8Array, place: number): number {
  const byte = bytes[place >> 1] ?? 0;
  return place % HEX_DIGITS_PER_BYTE === 0 ? byte >> 4 : byte & (DIGIT_VALUES - 1);
}

/** Of each row a bit, by words of 32. */
type RowBits = Uint32Array;

function setBit(bits: RowBits, row: number, isSet: boolean): void {
  const word = Math.floor(row / BITS_PER_WORD);
  const bit = 1 << (row % BITS_PER_WORD);
  bits[word] = isSet ? (bits[word] ?? 0) | bit : (bits[word] ?? 0) & ~bit;
}

function rowsOfBits(bits: RowBits): Uint32Array {
  // As many as there are bits, of which most are not set.
  const rows = new Uint32Array(bits.length * BITS_PER_WORD);
  let count = 0;
  for (let word = 0; word < bits.length; word += 1) {
    for (let rest = bits[word] ?? 0; rest !== 0; rest &= rest - 1) {
      rows[count] = word * BITS_PER_WORD + BITS_PER_WORD - 1 - Math.clz32(rest & -rest);
      count += 1;
    }
  }
  return rows.slice(0, count);
}

const pairIndexes = new WeakMap<IdColumn, readonly RowBits[]>();

/** By the value of two digits, the rows that have them one after the other. */
function pairIndexOf(column: IdColumn): readonly RowBits[] {
  const known = pairIndexes.get(column);
  if (known !== undefined) {
    return known;
  }
  const { length, form, digits } = column;
  const index = Array.from({ length: PAIR_VALUES }, () => new Uint32Array(Math.ceil(length / BITS_PER_WORD)));
  for (let row = 0; row < length; row += 1) {
    const start = row * form.byteCount * HEX_DIGITS_PER_BYTE;
    const end = start + form.byteCount * HEX_DIGITS_PER_BYTE;
    for (let place = start + 1; place < end; place += 1) {
      const rows = index[digitAt(digits, place - 1) * DIGIT_VALUES + digitAt(digits, place)];
      if (rows !== undefined) {
        setBit(rows, row, true);
      }
    }
  }
  pairIndexes.set(column, index);
  return index;
}

function rowsWithPairs(column: IdColumn, digits: readonly number[]): RowBits {
  const index = pairIndexOf(column);
  const pairs = digits.slice(1).map((digit, place) => (digits[place] ?? 0) * DIGIT_VALUES + digit);
  return combined(
    pairs.map((pair) => index[pair]),
    (some, other) => some & other,
  );
}

function rowsWithDigit(column: IdColumn, digit: number): RowBits {
  const index = pairIndexOf(column);
  const pairs = index.filter((_, pair) => pair >> 4 === digit || pair % DIGIT_VALUES === digit);
  return combined(pairs, (some, other) => some | other);
}

function combined(all: readonly (RowBits | undefined)[], combine: (some: number, other: number) => number): RowBits {
  const [first, ...others] = all.filter((bits) => bits !== undefined);
  const result = Uint32Array.from(first ?? []);
  for (const other of others) {
    for (let word = 0; word < result.length; word += 1) {
      result[word] = combine(result[word] ?? 0, other[word] ?? 0);
    }
  }
  return result;
}
