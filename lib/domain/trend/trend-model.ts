import { theilSen } from './theil-sen.ts';
import { TREND_DAYS_MIN, type Training } from './training.ts';

/** Weekdays are told apart with three weeks or more: else one odd day would be a pattern. A decision of this project. */
export const WEEKLY_DAYS_MIN = 21;
/** A slope is believed for this many days, and from then on less each day: no growth goes on for ever. */
const DAMPING_FREE_DAYS = 30;
const DAMPING_PER_DAY = 0.98;

/** The robust line through daily peaks, and what it leaves over. Times count from the first day of training. */
export interface TrendModel {
  readonly slope: number;
  readonly intercept: number;
  readonly times: readonly number[];
  /** By day; `undefined` where the day is missing or not fitted. */
  readonly residuals: readonly (number | undefined)[];
  /** The last day of training. */
  readonly lastTime: number;
  readonly isWeekly: boolean;
}

/** Draws the line through the days of training; `undefined` where they are too few for a trend. */
export function fitTrend({ times, peaks, firstDay, lastDay }: Training): TrendModel | undefined {
  const line = times.length < TREND_DAYS_MIN ? undefined : theilSen(times, peaks);
  if (line === undefined) {
    return undefined;
  }
  const lastTime = lastDay - firstDay;
  const residuals = new Array<number | undefined>(lastTime + 1).fill(undefined);
  for (const [index, time] of times.entries()) {
    const peak = peaks[index];
    residuals[time] = peak === undefined ? undefined : peak - (line.intercept + line.slope * time);
  }
  return { ...line, times, residuals, lastTime, isWeekly: residuals.length >= WEEKLY_DAYS_MIN };
}

/** Returns for how many days' worth of slope the trend has moved after 0, 1, ... `days` days. */
export function dampedDays(days: number): Float64Array {
  const moved = new Float64Array(days + 1);
  let factor = 1;
  for (let day = 1; day <= days; day += 1) {
    factor *= day > DAMPING_FREE_DAYS ? DAMPING_PER_DAY : 1;
    moved[day] = (moved[day - 1] ?? 0) + factor;
  }
  return moved;
}
