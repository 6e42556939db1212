/** Returns the next number of a pseudo-random sequence: from 0 up to, but without, 1. */
export type RandomSource = () => number;

const UINT32_RANGE = 2 ** 32;
// 32-bit FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** Steps until the seed is spread over all of the state. */
const WARM_UP_STEPS = 12;

/**
 * Returns a sequence that a text decides wholly, so that a forecast can be made again to the digit. The generator is sfc32:
 * https://pracrand.sourceforge.net/RNG_engines.txt
 */
export function seededRandom(seed: string): RandomSource {
  let a = hashOf(seed, FNV_OFFSET);
  let b = hashOf(seed, a);
  let c = hashOf(seed, b);
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / UINT32_RANGE;
  };
  for (let step = 0; step < WARM_UP_STEPS; step += 1) {
    next();
  }
  return next;
}

function hashOf(text: string, offset: number): number {
  let hash = offset | 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  return hash;
}
