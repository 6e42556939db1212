import { levelBreaks, type SeriesBreak } from './breaks.ts';
import { type DailySeries, dailyPeaks, HOURS_PER_DAY, type HourlyDemand, type SeriesKind } from './daily.ts';
import { seasonalScale } from './scores.ts';

/** The first origin has four weeks behind it: DESIGN's own smallest history that an alert needs without a level guard. */
export const FIRST_ORIGIN_DAYS = 28;
/** Days ahead at which forecasts are judged, 1 the day of the origin. */
export const JUDGED_DAYS = [1, 3, 7, 14, 30] as const;
/** Errors are measured by what a week changes. */
const SEASON_DAYS = 7;

/** A subnet whose past is forecast again. */
export interface BacktestSubject {
  readonly subnetId: string;
  readonly kind: SeriesKind;
  /** In rising order. */
  readonly hours: readonly HourlyDemand[];
  /** Breaks that were told of, not those that the numbers show. */
  readonly events: readonly SeriesBreak[];
  readonly floor: number;
  /** Addresses, or /28 blocks, that there were when a day began. */
  readonly capacityAt: (day: number) => number;
}

/** What was known when a day began. */
export interface KnownHistory {
  readonly subnetId: string;
  readonly kind: SeriesKind;
  readonly series: DailySeries;
  readonly breaks: readonly SeriesBreak[];
  readonly capacity: number;
  readonly floor: number;
  /** What was free in the last hour. */
  readonly now: number;
  /** Whole days since 1970, in UTC. */
  readonly today: number;
}

/** Quantiles of the peak of what is used on one day. */
export interface UsedQuantiles {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** What a model says of the days to come. What it does not tell is left out. */
export interface DemandForecast {
  /** By number of days ahead. */
  readonly used: ReadonlyMap<number, UsedQuantiles>;
  /** By number of days, the probability that the floor is reached within them. */
  readonly probability: ReadonlyMap<number, number>;
  /** Days until the floor is reached; `undefined`: not foreseen. */
  readonly daysToFloor: number | undefined;
}

export type DemandModel = (history: KnownHistory) => DemandForecast;

/** What each model said on one day. */
export interface BacktestOrigin<Name extends string> {
  readonly today: number;
  readonly history: KnownHistory;
  /** The mean change over a week in all that was known, by which errors are measured; `undefined` where nothing changed. */
  readonly scale: number | undefined;
  readonly forecasts: Readonly<Record<Name, DemandForecast>>;
}

/**
 * Returns what each model would have said on each day of `origins`. All see the same: the hours before that day and the events
 * until then. Whatever is learnt from hours is learnt anew for each day.
 */
export function backtest<Name extends string>(
  subject: BacktestSubject,
  models: Readonly<Record<Name, DemandModel>>,
  origins: readonly number[],
): readonly BacktestOrigin<Name>[] {
  return origins.flatMap((today) => {
    const history = historyAt(subject, today);
    if (history === undefined) {
      return [];
    }
    const peaks = history.series.days.map((day) => day?.peak);
    return [{ today, history, scale: seasonalScale(peaks, SEASON_DAYS), forecasts: askAll(models, history) }];
  });
}

/** Returns what was known of a subnet when a day began; `undefined` without any hour before it. */
export function historyAt(subject: BacktestSubject, today: number): KnownHistory | undefined {
  const { subnetId, kind, hours, events, floor, capacityAt } = subject;
  const known = hours.slice(0, countBefore(hours, today * HOURS_PER_DAY));
  const last = known.at(-1);
  if (last === undefined) {
    return undefined;
  }
  const series = dailyPeaks(known);
  const breaks = [...events.filter(({ day }) => day <= today), ...levelBreaks(series, kind)];
  const capacity = capacityAt(today);
  return { subnetId, kind, series, breaks, capacity, floor, now: capacity - last.peak, today };
}

function askAll<Name extends string>(
  models: Readonly<Record<Name, DemandModel>>,
  history: KnownHistory,
): Readonly<Record<Name, DemandForecast>> {
  const said = Object.entries<DemandModel>(models).map(([name, model]) => [name, model(history)]);
  // The same names as those of the models.
  return Object.fromEntries(said) as Record<Name, DemandForecast>;
}

function countBefore(hours: readonly HourlyDemand[], hour: number): number {
  const after = hours.findIndex((each) => each.hour >= hour);
  return after < 0 ? hours.length : after;
}
