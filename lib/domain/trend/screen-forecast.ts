import { type ForecastInput, trainForecast } from './forecast.ts';
import { pathCeilings } from './path-ceiling.ts';
import { TREND_DAYS_MIN } from './training.ts';

/** Alerts look no further ahead. */
export const ALERT_HORIZON_DAYS = 90;

/**
 * Returns whether the paths of a forecast have to be drawn to know if it alarms. `false` only where no path may reach the floor
 * within 90 days, so nothing is missed. Without enough days for a trend nothing is drawn anyway.
 */
export function screenForecast(input: ForecastInput): boolean {
  const { training, skippedDays } = trainForecast(input);
  if (training === undefined || training.times.length < TREND_DAYS_MIN) {
    return false;
  }
  const days = skippedDays + ALERT_HORIZON_DAYS;
  // Ceilings rise: that of the last day is the highest.
  const ceiling = pathCeilings(training, days)[days] ?? Number.POSITIVE_INFINITY;
  return input.capacity - ceiling <= input.floor;
}
