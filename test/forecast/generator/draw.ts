import { nextUint32, type Random } from '../../../lib/local/simulated-aws/build/random.ts';
import type { Range } from './regimes.ts';

const UINT32_RANGE = 2 ** 32;
/** The sum of twelve uniform numbers has variance 1, and no logarithm whose last digit depends on the engine. */
const UNIFORMS_PER_NORMAL = 12;
/** Keeps the heavy tail finite: nothing is more than 4.5 times the smallest. */
const TAIL_MIN = 0.05;

/** Returns a number from 0 up to, but without, 1. */
export function fraction(random: Random): number {
  return nextUint32(random) / UINT32_RANGE;
}

/** Returns a number within a range, all equally likely. */
export function within(random: Random, [low, high]: Range): number {
  return low + (high - low) * fraction(random);
}

/** Returns a whole number within a range, both ends included. */
export function wholeWithin(random: Random, [low, high]: Range): number {
  return low + Math.floor((high - low + 1) * fraction(random));
}

/** Returns a number with mean 0 and variance 1, bell-shaped, between -6 and 6. */
export function bell(random: Random): number {
  let sum = -UNIFORMS_PER_NORMAL / 2;
  for (let each = 0; each < UNIFORMS_PER_NORMAL; each += 1) {
    sum += fraction(random);
  }
  return sum;
}

/** Returns a number of at least 1 whose tail falls with its square root, up to 1 / sqrt(0.05): most are small, some are not. */
export function heavyTailed(random: Random): number {
  return 1 / Math.sqrt(TAIL_MIN + (1 - TAIL_MIN) * fraction(random));
}

/** Returns one of a list, all equally likely; throws for an empty one. */
export function oneOf<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(items.length * fraction(random))];
  if (item === undefined) {
    throw new RangeError('Cannot draw one of nothing');
  }
  return item;
}
