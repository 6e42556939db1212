/** A source of pseudo-random numbers that a seed decides wholly: plain data that the functions below move on. */
export interface Random {
  state: number;
}

const UINT32_RANGE = 2 ** 32;
// 32-bit FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Returns a source for a seed: a whole number, or a text that is hashed to one. */
export function randomOf(seed: number | string): Random {
  return { state: typeof seed === 'number' ? seed >>> 0 : hashText(seed) };
}

/** Returns the next whole number from 0 to 2^32 - 1. */
export function nextUint32(random: Random): number {
  // The mulberry32 generator: https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32
  random.state = (random.state + 0x6d2b79f5) >>> 0;
  const { state } = random;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return (mixed ^ (mixed >>> 14)) >>> 0;
}

/** Returns the next whole number from 0 to `limit` - 1. */
export function nextBelow(random: Random, limit: number): number {
  return Math.floor((nextUint32(random) / UINT32_RANGE) * limit);
}

/** Returns true with this probability (0 to 1). */
export function nextChance(random: Random, probability: number): boolean {
  return nextUint32(random) < probability * UINT32_RANGE;
}

/** Returns a number from 0 up to, but without, 1 that the text alone decides. */
export function fractionOf(text: string): number {
  return nextUint32(randomOf(text)) / UINT32_RANGE;
}

function hashText(text: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  return hash >>> 0;
}
