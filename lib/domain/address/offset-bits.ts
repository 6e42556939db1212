import { ADDRESSES_PER_PREFIX } from './cidr.ts';

/**
 * A set of offsets, one bit each: offset `o` is bit `o % 32` of word `o / 32`. A word holds two /28 blocks.
 * Every index below is within the array; `?? 0` only tells the compiler so.
 */
export type OffsetBits = Uint32Array;

const BITS_PER_WORD = 32;
const WORD_SHIFT = 5;
const BLOCK_SHIFT = 4;
const FULL_WORD = 0xffffffff;
const FULL_BLOCK = 0xffff;

/** Returns an empty set for offsets 0 to `offsetCount` - 1. */
export function createOffsetBits(offsetCount: number): OffsetBits {
  return new Uint32Array(Math.ceil(offsetCount / BITS_PER_WORD));
}

/** Adds one offset. */
export function addOffset(bits: OffsetBits, offset: number): void {
  const word = offset >>> WORD_SHIFT;
  bits[word] = (bits[word] ?? 0) | (1 << offset);
}

/** Adds the offsets from `first` to `last`, both included. */
export function addOffsetRange(bits: OffsetBits, first: number, last: number): void {
  const firstWord = first >>> WORD_SHIFT;
  const lastWord = last >>> WORD_SHIFT;
  const fromFirst = FULL_WORD << first;
  const toLast = FULL_WORD >>> (BITS_PER_WORD - 1 - (last % BITS_PER_WORD));
  if (firstWord === lastWord) {
    bits[firstWord] = (bits[firstWord] ?? 0) | (fromFirst & toLast);
    return;
  }
  bits[firstWord] = (bits[firstWord] ?? 0) | fromFirst;
  bits.fill(FULL_WORD, firstWord + 1, lastWord);
  bits[lastWord] = (bits[lastWord] ?? 0) | toLast;
}

/** Returns whether the set has this offset. */
export function hasOffset(bits: OffsetBits, offset: number): boolean {
  return (((bits[offset >>> WORD_SHIFT] ?? 0) >>> offset) & 1) === 1;
}

/** Takes the offsets of `removed`, a set of the same size, out of `bits`. */
export function removeOffsets(bits: OffsetBits, removed: OffsetBits): void {
  for (let word = 0; word < bits.length; word += 1) {
    bits[word] = (bits[word] ?? 0) & ~(removed[word] ?? 0);
  }
}

/** Returns how many bits of a 32-bit word are set: sums neighbours of 1, 2, 4 bits, then all bytes by one multiplication. */
export function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  const bytes = (nibbles + (nibbles >>> 4)) & 0x0f0f0f0f;
  return Math.imul(bytes, 0x01010101) >>> 24;
}

/** Returns how many offsets the set has. */
export function offsetCount(bits: OffsetBits): number {
  let count = 0;
  for (let word = 0; word < bits.length; word += 1) {
    count += bitCount(bits[word] ?? 0);
  }
  return count;
}

/** Returns the number of the /28 block that an offset lies in. */
export function blockOf(offset: number): number {
  return offset >>> BLOCK_SHIFT;
}

/** Returns the 16 bits of /28 block number `block`. */
export function blockBits(bits: OffsetBits, block: number): number {
  return ((bits[block >>> 1] ?? 0) >>> ((block % 2) * ADDRESSES_PER_PREFIX)) & FULL_BLOCK;
}

/** Returns how many /28 blocks have all of their 16 offsets in the set. */
export function fullBlockCount(bits: OffsetBits): number {
  let count = 0;
  for (let word = 0; word < bits.length; word += 1) {
    const value = bits[word] ?? 0;
    count += ((value & FULL_BLOCK) + 1) >>> ADDRESSES_PER_PREFIX;
    count += ((value >>> ADDRESSES_PER_PREFIX) + 1) >>> ADDRESSES_PER_PREFIX;
  }
  return count;
}

/** Returns how many /28 blocks have at least one offset in the set. */
export function touchedBlockCount(bits: OffsetBits): number {
  let count = 0;
  for (let word = 0; word < bits.length; word += 1) {
    const value = bits[word] ?? 0;
    count += ((value & FULL_BLOCK) + FULL_BLOCK) >>> ADDRESSES_PER_PREFIX;
    count += ((value >>> ADDRESSES_PER_PREFIX) + FULL_BLOCK) >>> ADDRESSES_PER_PREFIX;
  }
  return count;
}

/** Returns how often a power of two divides a positive integer: 0 for 1, 3 for 24. */
export function trailingZeroCount(value: number): number {
  return BITS_PER_WORD - 1 - Math.clz32(value & -value);
}

/** Returns the lowest offset of the set that is not below `from`, or the bits' count where there is none. */
export function nextOffset(bits: OffsetBits, from: number): number {
  return nextDifferingBit(bits, from, 0);
}

/** Returns the lowest offset missing from the set that is not below `from`, or the bits' count where there is none. */
export function nextOffsetMissing(bits: OffsetBits, from: number): number {
  return nextDifferingBit(bits, from, FULL_WORD);
}

/** `skipped` is the word without any bit looked for: empty, or full. */
function nextDifferingBit(bits: OffsetBits, from: number, skipped: number): number {
  let fromBits = FULL_WORD << from;
  for (let word = from >>> WORD_SHIFT; word < bits.length; word += 1) {
    const candidates = ((bits[word] ?? 0) ^ skipped) & fromBits;
    if (candidates !== 0) {
      return word * BITS_PER_WORD + trailingZeroCount(candidates);
    }
    fromBits = FULL_WORD;
  }
  return bits.length * BITS_PER_WORD;
}

/**
 * Returns the base-2 logarithm of the size of the largest aligned block whose offsets are all in the set (0 one offset, 4 a
 * /28), or `undefined` where the set is empty. Whole words are followed as runs; other words are folded by pairs: a bit
 * stays where both halves of the block it begins are set.
 */
export function largestAlignedBlockLog2(bits: OffsetBits): number | undefined {
  let wholeWordsLog2 = -1;
  let run = 0;
  let ones = 0;
  let twos = 0;
  let fours = 0;
  let eights = 0;
  let sixteens = 0;
  for (let word = 0; word < bits.length; word += 1) {
    const value = bits[word] ?? 0;
    if (value === FULL_WORD) {
      run += 1;
      const runLog2 = BITS_PER_WORD - 1 - Math.clz32(run);
      wholeWordsLog2 = Math.max(wholeWordsLog2, Math.min(runLog2, trailingZeroCount(word + 1)));
      continue;
    }
    run = 0;
    const two = value & (value >>> 1) & 0x55555555;
    const four = two & (two >>> 2) & 0x11111111;
    const eight = four & (four >>> 4) & 0x01010101;
    ones |= value;
    twos |= two;
    fours |= four;
    eights |= eight;
    sixteens |= eight & (eight >>> 8) & 0x00010001;
  }
  if (wholeWordsLog2 >= 0) {
    return WORD_SHIFT + wholeWordsLog2;
  }
  const log2 = [ones, twos, fours, eights, sixteens].findLastIndex((folded) => folded !== 0);
  return log2 < 0 ? undefined : log2;
}
