import { BIAS_SHARE } from './calibration.ts';
import type { RandomSource } from './random.ts';
import { selectMedian } from './select-nth.ts';
import type { TrendModel } from './trend-model.ts';

/** So many that a probability is known to two percentage points. */
export const PATH_COUNT = 500;
const DAYS_PER_WEEK = 7;
/** How far from a day what is left of an error is taken for what lasts. */
const HALF_WEEK = 3;

/** What may come, each as likely as the others: what is expected, and off it as on one earlier morning. */
export interface Futures {
  readonly count: number;
  readonly dayCount: number;
  /** What is used, future by future, day by day. */
  readonly used: Float64Array;
}

/** Futures that were drawn, some of them several times. */
export interface SampledPaths {
  readonly futures: Futures;
  /** By path, the number of its future. */
  readonly futureByPath: Uint16Array;
}

export interface FutureDays {
  /** Days between the last one of training and the first one that is forecast, both left out. */
  readonly skippedDays: number;
  readonly dayCount: number;
  /** By day after the last one of training, 0 that day itself: what no future rises above. */
  readonly ceilings: Float64Array;
}

/** Returns a future for each earlier morning: its errors come again, day by day, so that what follows what is kept. */
export function futuresOf(model: TrendModel, { skippedDays, dayCount, ceilings }: FutureDays): Futures {
  const { errors } = model;
  const total = skippedDays + dayCount;
  const expected = model.expected(total);
  const stretches = expected.map((_, day) => model.stretch(day + 1));
  // So that the week around the last day is whole, and a day is the same however many come after it.
  const shown = total + HALF_WEEK;
  const examples = lengthened(errors, shown);
  const centers = mediansByDay(examples, errors.length, shown);
  const used = new Float64Array(errors.length * dayCount);
  const off = new Float64Array(shown);
  const sums = new Float64Array(shown + 1);
  for (let index = 0; index < errors.length; index += 1) {
    for (let day = 0; day < shown; day += 1) {
      // All lists have an element for each day; here and below.
      off[day] = (examples[index * shown + day] as number) - (centers[day] as number);
      sums[day + 1] = (sums[day] as number) + (off[day] as number);
    }
    for (let day = skippedDays; day < total; day += 1) {
      const lasting = weekMean(sums, day);
      // What comes and goes within a week is well known from many weeks; what lasts is known from few.
      const away = (stretches[day] as number) * lasting + (off[day] as number) - lasting;
      const value = (expected[day] as number) + BIAS_SHARE * (centers[day] as number) + away;
      used[index * dayCount + day - skippedDays] = Math.min(ceilings[day + 1] as number, Math.max(0, value));
    }
  }
  return { count: errors.length, dayCount, used };
}

function mediansByDay(examples: Float64Array, count: number, days: number): Float64Array {
  const ofDay = new Float64Array(count);
  const medians = new Float64Array(days);
  for (let day = 0; day < days; day += 1) {
    for (let index = 0; index < count; index += 1) {
      // Each example has each day.
      ofDay[index] = examples[index * days + day] as number;
    }
    medians[day] = selectMedian(ofDay, count);
  }
  return medians;
}

/** The mean of the week around a day, or of the first week. `sums` are of all days before each. */
function weekMean(sums: Float64Array, day: number): number {
  const from = Math.max(0, day - HALF_WEEK);
  // There is one sum more than there are days.
  return ((sums[from + DAYS_PER_WEEK] as number) - (sums[from] as number)) / DAYS_PER_WEEK;
}

/** Draws each future equally often, once more for some of them, in an order of chance. */
export function samplePaths(futures: Futures, random: RandomSource): SampledPaths {
  const order = Uint16Array.from({ length: futures.count }, (_, index) => index);
  const futureByPath = new Uint16Array(PATH_COUNT);
  for (let path = 0; path < PATH_COUNT; path += 1) {
    const drawn = path % futures.count;
    // Fisher-Yates, begun anew where all are drawn: https://en.wikipedia.org/wiki/Fisher-Yates_shuffle
    const other = drawn + Math.floor(random() * (futures.count - drawn));
    const future = order[other] as number;
    order[other] = order[drawn] as number;
    order[drawn] = future;
    futureByPath[path] = future;
  }
  return { futures, futureByPath };
}

/**
 * Returns errors for more days ahead than are known: what lasted through their last week grows with the square root of time, as
 * that of a random walk does, and its days are repeated.
 */
function lengthened(all: readonly Float64Array[], days: number): Float64Array {
  const longer = new Float64Array(all.length * days);
  for (const [index, errors] of all.entries()) {
    const known = errors.length;
    const week = errors.slice(-DAYS_PER_WEEK);
    const lasting = selectMedian(week.slice(), week.length);
    longer.set(errors.subarray(0, days), index * days);
    for (let day = known; day < days; day += 1) {
      const ofWeek = week[(day - known) % week.length] as number;
      longer[index * days + day] = lasting * Math.sqrt((day + 1) / known) + ofWeek - lasting;
    }
  }
  return longer;
}
