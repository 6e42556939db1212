import { type Calibration, calibrate } from './calibration.ts';
import { seasonalScale } from './scores.ts';
import { insertSorted } from './select-nth.ts';
import {
  type BlendedForecast,
  blendedForecast,
  blendForecasts,
  type DampedDays,
  dampedDays,
  type KnownPeaks,
  METHOD_COUNT,
  type SimpleForecasts,
  simpleForecast,
  simpleForecasts,
} from './simple-forecasts.ts';
import { TREND_DAYS_MIN, type Training } from './training.ts';

/** What simple methods say of the days to come, weighed, and how far off the same was on earlier days. */
export interface TrendModel extends Calibration {
  /** What is expected of each of so many days after the last one of training. */
  readonly expected: (days: number) => Float64Array;
  /** By earlier morning, what came less what was expected, 1, 2, ... days ahead. None is empty. */
  readonly errors: readonly Float64Array[];
}

/** Decisions of this project, chosen on half of the generated subnets: docs/adr/0011. */
const FIRST_MORNING = 8;
const WEIGHED_DAYS_AHEAD = [1, 3, 7, 14] as const;
/** An error counts so much less for each day that it lies back. */
const FADING_PER_DAY = 0.98;
/** How strongly the method that was off the least is preferred. */
const PREFERENCE = 8;
/** Errors across a break are left out where as many mornings have others: a jump that has been is no sign of the next. */
const UNBROKEN_MORNINGS_MIN = 8;
/** What is so many times as far off as the median counts as if it was so far off. */
const JUMP_FACTOR = 3;
/** Addresses: errors below it are equal. */
const ERROR_MIN = 1e-3;
/** Errors are kept for four whole weeks ahead, and for a quarter of the days at the least. */
const ERROR_DAYS_MAX = 28;
const ERROR_DAYS_SHARE = 0.25;
const ERROR_DAYS_LEAST = { low: 3, high: 14 } as const;
/** Errors are measured by what a week changes. */
const SEASON_DAYS = 7;
/** The first mornings know too little to be an example, where there are enough others. */
const UNTRAINED_MORNINGS_MAX = 6;

/** Weighs simple methods by their own past; `undefined` where there are too few days for that. */
export function fitTrend(training: Training): TrendModel | undefined {
  if (training.times.length < TREND_DAYS_MIN) {
    return undefined;
  }
  const known = knownPeaks(training);
  const count = known.peaks.length;
  const damped = dampedDays(ERROR_DAYS_MAX);
  const said = simpleForecasts(known, FIRST_MORNING);
  const losses = WEIGHED_DAYS_AHEAD.map((days) => fadedLosses(said, known, days, damped));
  const blends = said.map((each, index) => blendForecasts(each, weightsAt(losses, index)));
  const today = blends.at(-1);
  if (today === undefined) {
    return undefined;
  }
  const skipped = Math.min(UNTRAINED_MORNINGS_MAX, Math.max(0, count - ERROR_DAYS_MAX));
  const daysLeast = Math.min(
    ERROR_DAYS_LEAST.high,
    Math.max(ERROR_DAYS_LEAST.low, Math.floor(count * ERROR_DAYS_SHARE)),
  );
  const ends = segmentEnds(known.segments);
  const mornings = blends
    .slice(skipped)
    .map((blend) => ({ firstDay: blend.said.firstDay, errors: errorsOf(blend, known, damped) }));
  const all = mornings
    .filter(({ firstDay }) => count - firstDay >= daysLeast)
    // What a morning says is of the segment of the day before it.
    .map(({ firstDay, errors }) => ({ errors, unbrokenDays: (ends[firstDay - 1] as number) - firstDay }));
  const unbroken = all
    .filter((each) => each.unbrokenDays >= daysLeast)
    .map(({ errors, unbrokenDays: days }) => errors.slice(0, days));
  const errors = unbroken.length < UNBROKEN_MORNINGS_MIN ? all.map((each) => each.errors) : unbroken;
  const { stretch, quality } = calibrate(
    mornings.filter((each) => each.errors.length > 0),
    seasonalScale(known.peaks, SEASON_DAYS),
  );
  return { errors, expected: (days) => expectedOf(today, days), stretch, quality };
}

function expectedOf(today: BlendedForecast, days: number): Float64Array {
  const damped = dampedDays(days);
  return Float64Array.from({ length: days }, (_, day) => blendedForecast(today, day + 1, damped));
}

/** How far off each method was so many days ahead, by morning and method, summed over all mornings until then, fading. */
interface FadedLosses {
  readonly days: number;
  readonly sums: Float64Array;
}

/** A jump that no method foresaw says nothing of any, and is kept from drowning the rest. */
function fadedLosses(
  said: readonly SimpleForecasts[],
  { peaks }: KnownPeaks,
  days: number,
  damped: DampedDays,
): FadedLosses {
  const sums = new Float64Array(said.length * METHOD_COUNT);
  const off = new Float64Array(METHOD_COUNT);
  const means = new Float64Array(said.length);
  let known = 0;
  for (const [morning, each] of said.entries()) {
    const actual = peaks[each.firstDay + days - 1];
    let scale = 0;
    if (actual !== undefined) {
      const mean = setLosses(off, each, { actual, days, damped });
      insertSorted(means, known, mean);
      known += 1;
      // One of them was just put in.
      scale = Math.min(1, (JUMP_FACTOR * (means[known >>> 1] as number)) / mean);
    }
    for (let method = 0; method < off.length; method += 1) {
      const index = morning * off.length + method;
      // There is an element for each method, and none before the first morning.
      sums[index] = FADING_PER_DAY * (sums[index - off.length] ?? 0) + scale * (off[method] as number);
    }
  }
  return { days, sums };
}

/** Sets by how much each method was off and returns their mean. */
function setLosses(
  off: Float64Array,
  said: SimpleForecasts,
  { actual, days, damped }: { readonly actual: number; readonly days: number; readonly damped: DampedDays },
): number {
  let sum = 0;
  for (let method = 0; method < off.length; method += 1) {
    const loss = ERROR_MIN + Math.abs(actual - simpleForecast(said, method, days, damped));
    off[method] = loss;
    sum += loss;
  }
  return sum / off.length;
}

/** Weighs the methods on one morning by what was known of their errors then. Without any they weigh the same. */
function weightsAt(losses: readonly FadedLosses[], morning: number): Float64Array {
  const weights = new Float64Array(METHOD_COUNT);
  for (const { days, sums } of losses) {
    const first = (morning - days) * weights.length;
    const known = sums.subarray(Math.max(0, first), Math.max(0, first + weights.length));
    const total = sumOf(known);
    for (let method = 0; total > 0 && method < known.length; method += 1) {
      // There is a sum for each method.
      weights[method] = (weights[method] as number) + (known[method] as number) / total;
    }
  }
  const least = leastOf(weights);
  for (let method = 0; method < weights.length; method += 1) {
    weights[method] = least === 0 ? 1 : ((weights[method] as number) / least) ** -PREFERENCE;
  }
  const total = sumOf(weights);
  return weights.map((each) => each / total);
}

function leastOf(values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < values.length; index += 1) {
    // All of them are there.
    least = Math.min(least, values[index] as number);
  }
  return least;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) {
    // All of them are there.
    sum += values[index] as number;
  }
  return sum;
}

/** By day, the first day after it that is of another segment; the number of days where none is. */
function segmentEnds(segments: readonly number[]): Int32Array {
  const ends = new Int32Array(segments.length).fill(segments.length);
  for (let day = segments.length - 2; day >= 0; day -= 1) {
    // There is an element for each day.
    ends[day] = segments[day] === segments[day + 1] ? (ends[day + 1] as number) : day + 1;
  }
  return ends;
}

/** A day without a peak repeats the error of the day before. */
function errorsOf(blend: BlendedForecast, { peaks }: KnownPeaks, damped: DampedDays): Float64Array {
  const { firstDay } = blend.said;
  const errors = new Float64Array(Math.min(ERROR_DAYS_MAX, peaks.length - firstDay));
  let before = 0;
  for (let index = 0; index < errors.length; index += 1) {
    const actual = peaks[firstDay + index];
    before = actual === undefined ? before : actual - blendedForecast(blend, index + 1, damped);
    errors[index] = before;
  }
  return errors;
}

function knownPeaks({ firstDay, days, times, peaks, breakDays }: Training): KnownPeaks {
  const known = new Array<number | undefined>(days.length).fill(undefined);
  for (const [index, time] of times.entries()) {
    known[time] = peaks[index];
  }
  const segments = known.map((_, day) => breakDays.filter((each) => each <= firstDay + day).length);
  return { peaks: known, segments };
}
