import { type ForecastInput, firstDaysAtFloor, futuresFrom, HORIZON_DAYS, type TrainedForecast } from './forecast.ts';
import { pathCeilings, weeklyPeaks } from './path-ceiling.ts';
import { PATH_COUNT } from './sample-paths.ts';
import { TREND_DAYS_MIN, type Training } from './training.ts';
import { fitTrend } from './trend-model.ts';

/** Alerts look no further ahead. */
const ALERT_HORIZON_DAYS = 90;
/** What is as likely or more is drawn: what is less likely within 90 days raises no alert, and puts nothing at risk. */
const DRAWN_PROBABILITY = 0.1;

/** How close to the floor the last week came, by how much weeks differed: chosen on half of the generated fleet. */
const CLOSE_SPREADS = 0.8;

/** What is said of a series without drawing its paths. */
export interface ScreenedOut {
  readonly withinDays: number;
  /** The probability that the floor is reached within these days is less; without it: none of its futures gets there. */
  readonly probabilityBelow?: number;
}

/**
 * Returns what can be said of a series with enough days for a trend without drawing paths, `undefined` where they have to be
 * drawn. First by the ceiling of all futures, and where one may reach the floor, by counting those that do. Both are bounds:
 * no future is drawn more than once oftener than another, so that what is drawn is never more likely than they say.
 */
export function screenForecast(
  input: ForecastInput,
  { training, skippedDays }: TrainedForecast,
): ScreenedOut | undefined {
  if (training === undefined || training.times.length < TREND_DAYS_MIN) {
    return undefined;
  }
  const ceilings = pathCeilings(training, skippedDays + HORIZON_DAYS);
  // Ceilings rise: that of the last day is the highest.
  const staysBelow = (days: number) =>
    input.capacity - (ceilings[skippedDays + days] ?? Number.POSITIVE_INFINITY) > input.floor;
  const withinDays = [HORIZON_DAYS, ALERT_HORIZON_DAYS].find(staysBelow);
  if (withinDays !== undefined) {
    return { withinDays };
  }
  return isClose(input, training) || probabilityMax(input, training, skippedDays) >= DRAWN_PROBABILITY
    ? undefined
    : { withinDays: ALERT_HORIZON_DAYS, probabilityBelow: DRAWN_PROBABILITY };
}

/** Nearly all that are so close are drawn anyway: to count first would be to fit them twice. */
function isClose({ capacity, floor }: ForecastInput, training: Training): boolean {
  const { last, spread } = weeklyPeaks(training);
  return capacity - floor - last <= CLOSE_SPREADS * spread;
}

function probabilityMax(input: ForecastInput, training: Training, skippedDays: number): number {
  const model = fitTrend(training);
  if (model === undefined) {
    return 1;
  }
  const futures = futuresFrom(input, { training, skippedDays }, { model, dayCount: ALERT_HORIZON_DAYS });
  const reachedOn = firstDaysAtFloor(futures, input.capacity - input.floor);
  const reachingCount = reachedOn.filter((day) => day <= ALERT_HORIZON_DAYS).length;
  return (reachingCount * Math.ceil(PATH_COUNT / futures.count)) / PATH_COUNT;
}
