import type { RandomSource } from './random.ts';
import { selectMedian } from './select-nth.ts';
import type { TrendModel } from './trend-model.ts';

/** So many that a probability is known to two percentage points. */
export const PATH_COUNT = 500;
const DAYS_PER_WEEK = 7;
/** Errors are widened: few are known, and those of overlapping weeks are much the same. Chosen on half of the generated subnets. */
const WIDENING = { first: 1.25, perDay: 0.025, most: 2 } as const;
/** By how much of their median error forecasts are corrected: what is seen of it is in part chance. */
const BIAS_SHARE = 0.5;

/** Possible futures of what is used. */
export interface SampledPaths {
  readonly pathCount: number;
  readonly dayCount: number;
  /** Path by path, day by day. */
  readonly used: Float64Array;
}

export interface PathDays {
  /** Days between the last one of training and the first one that is forecast, both left out. */
  readonly skippedDays: number;
  readonly dayCount: number;
}

/** Draws futures: what is expected, and the errors of an earlier morning, day by day, so that what follows what is kept. */
export function samplePaths(
  model: TrendModel,
  { skippedDays, dayCount }: PathDays,
  random: RandomSource,
): SampledPaths {
  const total = skippedDays + dayCount;
  const examples = model.errors.map((errors) => lengthened(errors, total));
  const expected = Float64Array.from({ length: total }, (_, day) => model.expected(day + 1));
  const ofDay = new Float64Array(examples.length);
  const medians = Float64Array.from({ length: total }, (_, day) => {
    for (const [index, errors] of examples.entries()) {
      ofDay[index] = errors[day] as number;
    }
    return examples.length === 0 ? 0 : selectMedian(ofDay, examples.length);
  });
  const used = new Float64Array(PATH_COUNT * dayCount);
  for (let path = 0; path < PATH_COUNT; path += 1) {
    const errors = examples[Math.floor(random() * examples.length)];
    for (let day = skippedDays; day < total; day += 1) {
      // All lists have an element for each day.
      const median = medians[day] as number;
      const factor = Math.min(WIDENING.most, WIDENING.first + WIDENING.perDay * day);
      const off = BIAS_SHARE * median + factor * ((errors?.[day] ?? median) - median);
      used[path * dayCount + day - skippedDays] = (expected[day] as number) + off;
    }
  }
  return { pathCount: PATH_COUNT, dayCount, used };
}

/**
 * Returns errors for more days ahead than are known: what lasted through their last week grows with the square root of time, as
 * that of a random walk does, and its days are repeated.
 */
function lengthened(errors: Float64Array, days: number): Float64Array {
  const known = errors.length;
  const week = errors.slice(-DAYS_PER_WEEK);
  const lasting = selectMedian(Float64Array.from(week), week.length);
  return Float64Array.from({ length: days }, (_, day) =>
    day < known
      ? (errors[day] as number)
      : lasting * Math.sqrt((day + 1) / known) + (week[(day - known) % week.length] as number) - lasting,
  );
}
