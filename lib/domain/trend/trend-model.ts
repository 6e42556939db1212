import { selectMedian } from './select-nth.ts';
import {
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
export interface TrendModel {
  /** What is expected of the day `days` after the last one of training. */
  readonly expected: (days: number) => number;
  /** By earlier morning, what came less what was expected, 1, 2, ... days ahead. None is empty. */
  readonly errors: readonly Float64Array[];
}

/** Decisions of this project, chosen on half of the generated subnets: docs/adr/0011. */
const FIRST_MORNING = 8;
const WEIGHED_DAYS_AHEAD = [1, 3, 7, 14] as const;
const WEIGHED_MORNINGS = 60;
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
/** The first mornings know too little to be an example, where there are enough others. */
const UNTRAINED_MORNINGS_MAX = 6;

/** Weighs simple methods by their own past; `undefined` where there are too few days for that. */
export function fitTrend(training: Training): TrendModel | undefined {
  if (training.times.length < TREND_DAYS_MIN) {
    return undefined;
  }
  const known = knownPeaks(training);
  const count = known.peaks.length;
  const said = simpleForecasts(known, FIRST_MORNING);
  const damped = dampedDays(ERROR_DAYS_MAX);
  const losses = WEIGHED_DAYS_AHEAD.map((days) => lossesAt(said, known, days, damped));
  const blends = said.map((each, index): Blend => ({ said: each, weights: weightsAt(losses, index) }));
  const today = blends.at(-1);
  if (today === undefined) {
    return undefined;
  }
  const skipped = Math.min(UNTRAINED_MORNINGS_MAX, Math.max(0, count - ERROR_DAYS_MAX));
  const daysLeast = Math.min(
    ERROR_DAYS_LEAST.high,
    Math.max(ERROR_DAYS_LEAST.low, Math.floor(count * ERROR_DAYS_SHARE)),
  );
  const all = blends
    .slice(skipped)
    .filter(({ said: { firstDay } }) => count - firstDay >= daysLeast)
    .map((blend) => ({
      errors: errorsOf(blend, known, damped),
      unbrokenDays: unbrokenDays(blend.said.firstDay, known),
    }));
  const unbroken = all
    .filter((each) => each.unbrokenDays >= daysLeast)
    .map(({ errors, unbrokenDays: days }) => errors.slice(0, days));
  const errors = unbroken.length < UNBROKEN_MORNINGS_MIN ? all.map((each) => each.errors) : unbroken;
  return { errors, expected: expectation(today) };
}

interface Blend {
  readonly said: SimpleForecasts;
  readonly weights: readonly number[];
}

function expectation(blend: Blend): (days: number) => number {
  let damped = dampedDays(ERROR_DAYS_MAX);
  return (days) => {
    if (days >= damped.free.length) {
      damped = dampedDays(2 * days);
    }
    return blended(blend, days, damped);
  };
}

function blended({ said, weights }: Blend, days: number, damped: DampedDays): number {
  let sum = 0;
  for (let method = 0; method < METHOD_COUNT; method += 1) {
    // There is a weight for each method.
    sum += (weights[method] as number) * simpleForecast(said, method, days, damped);
  }
  return sum;
}

interface Losses {
  readonly days: number;
  /** By morning and method, how far off it was; NaN where that day has no peak. */
  readonly byMorning: Float64Array;
  /** By morning, the mean over methods. */
  readonly means: Float64Array;
}

function lossesAt(said: readonly SimpleForecasts[], { peaks }: KnownPeaks, days: number, damped: DampedDays): Losses {
  const byMorning = new Float64Array(said.length * METHOD_COUNT).fill(Number.NaN);
  const means = new Float64Array(said.length).fill(Number.NaN);
  for (const [index, each] of said.entries()) {
    const actual = peaks[each.firstDay + days - 1];
    if (actual === undefined) {
      continue;
    }
    let sum = 0;
    for (let method = 0; method < METHOD_COUNT; method += 1) {
      const off = ERROR_MIN + Math.abs(actual - simpleForecast(each, method, days, damped));
      byMorning[index * METHOD_COUNT + method] = off;
      sum += off;
    }
    means[index] = sum / METHOD_COUNT;
  }
  return { days, byMorning, means };
}

/** Weighs the methods on one morning by what was known of their errors then. Without any they weigh the same. */
function weightsAt(losses: readonly Losses[], morning: number): readonly number[] {
  const relative = new Float64Array(METHOD_COUNT);
  for (const each of losses) {
    const sums = faded(each, morning - each.days);
    const total = sums.reduce((sum, one) => sum + one, 0);
    for (let method = 0; total > 0 && method < METHOD_COUNT; method += 1) {
      relative[method] = (relative[method] as number) + (sums[method] as number) / total;
    }
  }
  const least = Math.min(...relative);
  const weights = Array.from(relative, (each) => (least === 0 ? 1 : (each / least) ** -PREFERENCE));
  const total = weights.reduce((sum, each) => sum + each, 0);
  return weights.map((each) => each / total);
}

/** Sums errors by method up to a morning. A jump that no method foresaw says nothing of any, and is kept from drowning the rest. */
function faded({ byMorning, means }: Losses, last: number): Float64Array {
  const sums = new Float64Array(METHOD_COUNT);
  const known = means
    .slice(Math.max(0, last - WEIGHED_MORNINGS), Math.max(0, last + 1))
    .filter((each) => !Number.isNaN(each));
  if (known.length === 0) {
    return sums;
  }
  const most = JUMP_FACTOR * selectMedian(known, known.length);
  let weight = 1;
  for (let index = last; index >= Math.max(0, last - WEIGHED_MORNINGS); index -= 1) {
    const mean = means[index] as number;
    for (let method = 0; method < METHOD_COUNT && !Number.isNaN(mean); method += 1) {
      const off = (byMorning[index * METHOD_COUNT + method] as number) * Math.min(1, most / mean);
      sums[method] = (sums[method] as number) + weight * off;
    }
    weight *= FADING_PER_DAY;
  }
  return sums;
}

/** How many days of the same segment come from a morning on, with the day before it. */
function unbrokenDays(morning: number, { segments }: KnownPeaks): number {
  const end = segments.findIndex((each, day) => day >= morning && each !== segments[morning - 1]);
  return (end < 0 ? segments.length : end) - morning;
}

/** A day without a peak repeats the error of the day before. */
function errorsOf(blend: Blend, { peaks }: KnownPeaks, damped: DampedDays): Float64Array {
  const { firstDay } = blend.said;
  const errors = new Float64Array(Math.min(ERROR_DAYS_MAX, peaks.length - firstDay));
  let before = 0;
  for (let index = 0; index < errors.length; index += 1) {
    const actual = peaks[firstDay + index];
    before = actual === undefined ? before : actual - blended(blend, index + 1, damped);
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
