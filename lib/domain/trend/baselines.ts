import type { DemandForecast, DemandModel, KnownHistory, UsedQuantiles } from './backtest.ts';
import { JUDGED_DAYS } from './backtest.ts';
import { HORIZON_DAYS } from './forecast.ts';
import { quantileOfSorted } from './quantile.ts';

/** Peaks by day; missing ones are `undefined`. */
type Peaks = readonly (number | undefined)[];
/** Returns the peak of the day `days` after the last of these, `undefined` where it cannot say. */
type PointMethod = (peaks: Peaks, days: number) => number | undefined;

const DAYS_PER_WEEK = 7;
const PROBABILITY_DAYS = [7, 14, 30] as const;
/** A method's own errors of as many past days give its interval. Fewer give none: then the point is all it says. */
const ERRORS_MIN = 5;
const ERRORS_MAX = 60;
/** The same bound as that of the forecast: a baseline is not to lose by saying the impossible. */
const OVERSHOOT_FACTOR = 1.5;

/** What every forecast must beat. Each tells a point, and an interval from how far it was off on earlier days. */
export const BASELINES = {
  /** Tomorrow as the last peak. https://otexts.com/fpp3/simple-methods.html */
  naive: baseline((peaks) => peaks.findLast((peak) => peak !== undefined)),
  /** The same day of the last week, and as much growth as the whole past shows. */
  seasonalDrift: baseline(seasonalWithDrift),
  /** Least squares over a week, as Prometheus's `predict_linear(v[7d], t)` does. */
  predictLinear: baseline(lastWeekLine),
} satisfies Record<string, DemandModel>;

function baseline(method: PointMethod): DemandModel {
  return (history) => {
    const first = history.series.firstDay;
    const peaks = history.series.days.slice(0, Math.max(0, history.today - first)).map((day) => day?.peak);
    // The last day may be missing: it counts as a day nevertheless.
    const missing = history.today - first - peaks.length;
    const known = [...peaks, ...new Array<undefined>(Math.max(0, missing)).fill(undefined)];
    return forecastBy(method, known, history);
  };
}

function forecastBy(method: PointMethod, peaks: Peaks, history: KnownHistory): DemandForecast {
  const { capacity, floor } = history;
  const bounded = (value: number) => Math.min(capacity * OVERSHOOT_FACTOR, Math.max(0, value));
  const used = new Map<number, UsedQuantiles>();
  for (const days of JUDGED_DAYS) {
    const point = method(peaks, days);
    if (point !== undefined) {
      const [low, high] = errorRange(method, peaks, days);
      used.set(days, { p10: bounded(point + low), p50: bounded(point), p90: bounded(point + high) });
    }
  }
  let daysToFloor: number | undefined;
  for (let days = 1; days <= HORIZON_DAYS && daysToFloor === undefined; days += 1) {
    daysToFloor = (method(peaks, days) ?? Number.NEGATIVE_INFINITY) >= capacity - floor ? days : undefined;
  }
  const reached = daysToFloor ?? Number.POSITIVE_INFINITY;
  return { used, daysToFloor, probability: new Map(PROBABILITY_DAYS.map((days) => [days, reached <= days ? 1 : 0])) };
}

/** The middle 80 % of what a method was off by on earlier days, as many days ahead. */
function errorRange(method: PointMethod, peaks: Peaks, days: number): readonly [low: number, high: number] {
  const errors: number[] = [];
  for (let count = peaks.length - days; count > 0 && errors.length < ERRORS_MAX; count -= 1) {
    const actual = peaks[count + days - 1];
    const said = actual === undefined ? undefined : method(peaks.slice(0, count), days);
    if (actual !== undefined && said !== undefined) {
      errors.push(actual - said);
    }
  }
  if (errors.length < ERRORS_MIN) {
    return [0, 0];
  }
  errors.sort((a, b) => a - b);
  return [Math.min(0, quantileOfSorted(errors, 0.1)), Math.max(0, quantileOfSorted(errors, 0.9))];
}

function seasonalWithDrift(peaks: Peaks, days: number): number | undefined {
  for (let weeks = Math.ceil(days / DAYS_PER_WEEK); weeks * DAYS_PER_WEEK <= peaks.length + days; weeks += 1) {
    const before = peaks[peaks.length + days - 1 - weeks * DAYS_PER_WEEK];
    if (before !== undefined) {
      return before + drift(peaks) * weeks * DAYS_PER_WEEK;
    }
  }
  return undefined;
}

/** Growth a day from the first week to the last. */
function drift(peaks: Peaks): number {
  const first = mean(peaks.slice(0, DAYS_PER_WEEK));
  const last = mean(peaks.slice(-DAYS_PER_WEEK));
  return first === undefined || last === undefined || peaks.length <= DAYS_PER_WEEK
    ? 0
    : (last - first) / (peaks.length - DAYS_PER_WEEK);
}

function lastWeekLine(peaks: Peaks, days: number): number | undefined {
  const week = peaks
    .slice(-DAYS_PER_WEEK)
    .flatMap((peak, index, all) => (peak === undefined ? [] : [{ time: index - all.length, peak }]));
  const middle = mean(week.map(({ peak }) => peak));
  if (middle === undefined) {
    return undefined;
  }
  const middleTime = week.reduce((sum, { time }) => sum + time, 0) / week.length;
  const spread = week.reduce((sum, { time }) => sum + (time - middleTime) ** 2, 0);
  const together = week.reduce((sum, { time, peak }) => sum + (time - middleTime) * (peak - middle), 0);
  return middle + (spread === 0 ? 0 : together / spread) * (days - 1 - middleTime);
}

function mean(peaks: Peaks): number | undefined {
  const known = peaks.filter((peak) => peak !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, peak) => sum + peak, 0) / known.length;
}
