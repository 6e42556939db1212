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
export function pathCeilings({ days }: Training, dayCount: number): Float64Array {
  let highest = Number.NEGATIVE_INFINITY;
  let lowestWeek = Number.POSITIVE_INFINITY;
  for (let day = 0; day < days.length; day += 1) {
    const week = weekPeak(days, day);
    highest = Math.max(highest, week);
    lowestWeek = Math.min(lowestWeek, day + 1 < DAYS_PER_WEEK || week < 0 ? Number.POSITIVE_INFINITY : week);
  }
  const spread = Math.max(0, highest - lowestWeek);
  return dampedDays(dayCount).free.map((moved) => highest + spread * (1 + (ACCELERATION_MAX * moved) / days.length));
}

/** The highest peak of the week that ends with a day. */
function weekPeak(days: Training['days'], last: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let day = Math.max(0, last - DAYS_PER_WEEK + 1); day <= last; day += 1) {
    highest = Math.max(highest, days[day]?.peak ?? Number.NEGATIVE_INFINITY);
  }
  return highest;
}
