import { dampedDays } from './simple-forecasts.ts';
import type { Training } from './training.ts';

const DAYS_PER_WEEK = 7;
/** What is used may grow this many times as fast as it ever did in as many days. A decision of this project. */
const ACCELERATION_MAX = 2;

/**
 * Returns by day ahead, 1 the day after the last one of training, what no path rises above: the highest peak, once what weekly
 * peaks ever differed by, and twice that for each time as many days as were learnt from. Growth is believed, and more of it than
 * was seen, but not anything; and what stays below is known without drawing paths. Day 0 is unused.
 */
export function pathCeilings(training: Training, dayCount: number): Float64Array {
  const { highest, spread } = weeklyPeaks(training);
  return dampedDays(dayCount).free.map(
    (moved) => highest + spread * (1 + (ACCELERATION_MAX * moved) / training.days.length),
  );
}

/** What the peaks of whole weeks were. */
export interface WeeklyPeaks {
  readonly highest: number;
  /** By how much they differed. */
  readonly spread: number;
  /** Of the last seven days. */
  readonly last: number;
}

export function weeklyPeaks({ days }: Training): WeeklyPeaks {
  let highest = Number.NEGATIVE_INFINITY;
  let lowestWeek = Number.POSITIVE_INFINITY;
  let week = Number.NEGATIVE_INFINITY;
  for (let day = 0; day < days.length; day += 1) {
    week = weekPeak(days, day);
    highest = Math.max(highest, week);
    lowestWeek = Math.min(lowestWeek, day + 1 < DAYS_PER_WEEK || week < 0 ? Number.POSITIVE_INFINITY : week);
  }
  return { highest, spread: Math.max(0, highest - lowestWeek), last: week };
}

/** The highest peak of the week that ends with a day. */
function weekPeak(days: Training['days'], last: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let day = Math.max(0, last - DAYS_PER_WEEK + 1); day <= last; day += 1) {
    highest = Math.max(highest, days[day]?.peak ?? Number.NEGATIVE_INFINITY);
  }
  return highest;
}
