import { type ForecastInput, trainForecast } from './forecast.ts';
import { BLOCK_DAYS } from './moving-blocks.ts';
import { quantileOfSorted } from './quantile.ts';
import { selectMedian } from './select-nth.ts';
import { pairCount } from './theil-sen.ts';
import { TREND_DAYS_MIN, type Training } from './training.ts';
import { dampedDays, fitTrend, type TrendModel } from './trend-model.ts';
import { wideningAt } from './widen-paths.ts';

/** Alerts look no further ahead. */
export const ALERT_HORIZON_DAYS = 90;
/** Addresses by which sums in another order may differ. */
const ROUNDING = 1e-6;

/**
 * Returns whether the paths of a forecast have to be drawn to know if it alarms. `false` only where no path that could be drawn
 * reaches the floor within 90 days, so nothing is missed: the bounds below hold for every path, not for most. Without enough
 * days for a trend nothing is drawn anyway.
 */
export function screenForecast(input: ForecastInput): boolean {
  const { training, skippedDays } = trainForecast(input);
  if (training === undefined || training.times.length < TREND_DAYS_MIN) {
    return false;
  }
  // What the peaks alone allow costs next to nothing, and is enough for most.
  if (!reachesFloor(input, skippedDays, roughRange(training))) {
    return false;
  }
  const model = fitTrend(training);
  return model !== undefined && reachesFloor(input, skippedDays, fineRange(model));
}

/** What paths cannot leave: their level on the middle day of training, their slope, and their residuals. */
interface PathRange {
  readonly middleTime: number;
  readonly lastTime: number;
  readonly level: Bounds;
  readonly slope: Bounds;
  readonly residual: Bounds;
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

function reachesFloor(input: ForecastInput, skippedDays: number, range: PathRange): boolean {
  const moved = dampedDays(skippedDays + ALERT_HORIZON_DAYS);
  // A line is highest and lowest at its ends.
  return [skippedDays + 1, skippedDays + ALERT_HORIZON_DAYS].some((day) => {
    // `moved` has an element for each of the days.
    const times = { sinceMiddle: range.lastTime - range.middleTime, moved: moved[day] as number };
    const high = reach(range, times, 'high');
    const low = Math.max(0, reach(range, times, 'low'));
    const factor = widestFactor(input);
    return input.capacity - Math.max(0, high + (factor - 1) * Math.max(0, high - low)) <= input.floor + ROUNDING;
  });
}

function reach(
  { level, slope, residual }: PathRange,
  { sinceMiddle, moved }: { readonly sinceMiddle: number; readonly moved: number },
  side: keyof Bounds,
): number {
  return level[side] + slope[side] * (sinceMiddle + moved) + residual[side];
}

function widestFactor({ widening }: ForecastInput): number {
  return widening === undefined ? 1 : Math.max(...widening.map(({ days }) => wideningAt(widening, days)), 1);
}

/**
 * The range that the peaks allow, whatever line goes through them. Half of all pairs of days have a slope of at least the median
 * one, and two days differ by the spread at most: so the median slope is at most the spread over the least number of days that
 * half of all pairs keep between them. That holds for the line through the peaks and then for that through its residuals.
 */
function roughRange({ times, peaks, firstDay, lastDay }: Training): PathRange {
  const { low, high } = boundsOf(peaks);
  const lag = halfOfPairsLag(times.length);
  const lastTime = lastDay - firstDay;
  const middleTime = quantileOfSorted(times, 0.5);
  const steepest = (high - low) / lag;
  const off = high - low + steepest * Math.max(middleTime, lastTime - middleTime);
  const steepestRedrawn = steepest + (2 * off) / lag;
  return {
    level: { low: low - off, high: high + off },
    slope: { low: -steepestRedrawn, high: steepestRedrawn },
    residual: { low: -off, high: off },
    middleTime,
    lastTime,
  };
}

/** The range where residuals stay on their day of the week: no pair's slope is steeper than its two days' extremes make it. */
function fineRange({ times, residuals, slope, intercept, lastTime, isWeekly }: TrendModel): PathRange {
  const all = boundsOf(residuals);
  const byWeekday = Array.from({ length: BLOCK_DAYS }, (_, weekday) =>
    boundsOf(residuals.filter((_residual, day) => day % BLOCK_DAYS === weekday)),
  );
  const bounds = times.map((time): Bounds => {
    const ofWeekday = byWeekday[time % BLOCK_DAYS];
    // A day of the week that never had a peak draws from all days.
    return isWeekly && ofWeekday !== undefined && ofWeekday.low <= ofWeekday.high ? ofWeekday : all;
  });
  const levels = (side: keyof Bounds) =>
    Float64Array.from(bounds, (each, index) => intercept + slope * (times[index] ?? Number.NaN) + each[side]);
  return {
    level: { low: selectMedian(levels('low'), times.length), high: selectMedian(levels('high'), times.length) },
    slope: { low: slope + medianExtreme(times, bounds, 'low'), high: slope + medianExtreme(times, bounds, 'high') },
    residual: all,
    middleTime: quantileOfSorted(times, 0.5),
    lastTime,
  };
}

/** The median over all pairs of the lowest or highest slope that a pair can have: the median of any draw lies within. */
function medianExtreme(times: readonly number[], bounds: readonly Bounds[], side: keyof Bounds): number {
  const slopes = new Float64Array(pairCount(times.length));
  const days = Float64Array.from(times);
  const ends = Float64Array.from(bounds, (each) => each[side]);
  const starts = Float64Array.from(bounds, (each) => each[side === 'high' ? 'low' : 'high']);
  let count = 0;
  for (let later = 1; later < days.length; later += 1) {
    // There is a time and a bound for each day.
    const [day, end] = [days[later] as number, ends[later] as number];
    for (let earlier = 0; earlier < later; earlier += 1) {
      slopes[count] = (end - (starts[earlier] as number)) / (day - (days[earlier] as number));
      count += 1;
    }
  }
  return selectMedian(slopes, count);
}

function boundsOf(values: readonly (number | undefined)[]): Bounds {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value !== undefined) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { low, high };
}

/** The least `lag` so that half of all pairs of so many days in a row are at most that far apart; with gaps they are further. */
function halfOfPairsLag(days: number): number {
  const half = Math.floor(pairCount(days) / 2);
  let lag = 0;
  for (let pairs = 0; pairs < half; lag += 1) {
    pairs += days - lag - 1;
  }
  return lag;
}
