/** How good forecasts were. https://otexts.com/fpp3/distaccuracy.html and https://otexts.com/fpp2/accuracy.html */

/** A forecast beside what came. */
export interface ScoredPoint {
  readonly forecast: number;
  readonly actual: number;
}

/** Returns the mean absolute error, or `undefined` without a forecast. */
export function meanAbsoluteError(points: readonly ScoredPoint[]): number | undefined {
  return mean(points.map(({ forecast, actual }) => Math.abs(forecast - actual)));
}

/**
 * Returns what errors are divided by for MASE: the mean absolute change over a `season` of days within the training days, where
 * missing days are `undefined`. Returns `undefined` where no two days are a season apart, or where nothing ever changed.
 */
export function seasonalScale(days: readonly (number | undefined)[], season: number): number | undefined {
  const changes: number[] = [];
  for (let day = season; day < days.length; day += 1) {
    const now = days[day];
    const before = days[day - season];
    if (now !== undefined && before !== undefined) {
      changes.push(Math.abs(now - before));
    }
  }
  const scale = mean(changes);
  return scale === 0 ? undefined : scale;
}

/** Returns the pinball (quantile) score of a forecast of the quantile `share`, doubled so that at 0.5 it is the absolute error. */
export function pinballScore({ forecast, actual }: ScoredPoint, share: number): number {
  return actual < forecast ? 2 * (1 - share) * (forecast - actual) : 2 * share * (actual - forecast);
}

/** An interval that was to hold with probability 1 - `alpha`, beside what came. */
export interface ScoredInterval {
  readonly lower: number;
  readonly upper: number;
  readonly actual: number;
}

/** Returns Winkler's score: the interval's width, and 2/alpha times what it missed by. */
export function winklerScore({ lower, upper, actual }: ScoredInterval, alpha: number): number {
  const missed = Math.max(0, lower - actual) + Math.max(0, actual - upper);
  return upper - lower + (2 / alpha) * missed;
}

/** Returns the share of intervals that held, or `undefined` without one. */
export function coverage(intervals: readonly ScoredInterval[]): number | undefined {
  return mean(intervals.map(({ lower, upper, actual }) => (actual >= lower && actual <= upper ? 1 : 0)));
}

/**
 * Returns how far the coverage of intervals of this nominal share may be off by chance, at two standard deviations. Origins a day
 * apart overlap, so as many count as there are horizons among them.
 */
export function coverageTolerance(nominal: number, origins: number, horizonDays: number): number {
  return 2 * Math.sqrt((nominal * (1 - nominal)) / (origins / horizonDays));
}

/** A probability beside whether it came true. */
export interface ScoredProbability {
  readonly probability: number;
  readonly happened: boolean;
}

/** Returns the mean squared distance of probabilities from what happened (Brier), or `undefined` without one. */
export function brierScore(points: readonly ScoredProbability[]): number | undefined {
  return mean(points.map(({ probability, happened }) => (probability - (happened ? 1 : 0)) ** 2));
}

/** Returns how much better a score is than a baseline's: 1 is perfect, 0 is no better; `undefined` where the baseline has no error. */
export function skill(score: number, baselineScore: number): number | undefined {
  return baselineScore === 0 ? undefined : 1 - score / baselineScore;
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
