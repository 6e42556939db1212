import type { ForecastQuality } from './calibration.ts';
import { type SeriesKind, VALID_HOURS_MIN } from './daily.ts';
import type { CrossingForecast, Forecast, ForecastCaveat } from './forecast.ts';
import type { ScreenedOut } from './screen-forecast.ts';
import type { SeriesForecast, SubnetForecast } from './vpc-forecasts.ts';

/** Days of history that the least forecast needs. */
export const HISTORY_DAYS_MIN = 3;

/** When a subnet comes down to what must stay free, of its addresses or its blocks: whichever is told earlier. */
export type Exhaustion =
  /** Nothing was forecast: a single look, or a subnet without IPv4 addresses. */
  | { readonly state: 'no-history' }
  | {
      readonly state: 'insufficient-history';
      /** Of which series days are missing; not told by what was kept before it was known: then addresses. */
      readonly kind?: SeriesKind;
      readonly dayCount: number;
      readonly neededDayCount: number;
    }
  /** No future that the history allows gets there, or so few that none was drawn. */
  | (ScreenedOut & { readonly state: 'not-expected'; readonly dayCount: number })
  | {
      readonly state: 'forecast';
      readonly kind: SeriesKind;
      readonly method: 'level' | 'trend';
      readonly dayCount: number;
      /** What must stay free. */
      readonly floor: number;
      /** Whole days since 1970; `undefined` where fewer paths than that get there by `censoredDay`. */
      readonly p10: number | undefined;
      readonly p50: number | undefined;
      readonly p90: number | undefined;
      readonly censoredDay: number;
      /** By number of days, as far as it can be told. */
      readonly probability: ReadonlyMap<number, number>;
      readonly quality: ForecastQuality | undefined;
      readonly caveats: readonly ForecastCaveat[];
    };

export const NO_HISTORY: Exhaustion = { state: 'no-history' };

/** Returns what the forecasts of a subnet's two series say together: the earlier of them. */
export function exhaustionOf({ addresses, blocks }: SubnetForecast): Exhaustion {
  const ofAddresses = ofSeries('addresses', addresses);
  return blocks === undefined ? ofAddresses : earlier(ofAddresses, ofSeries('blocks', blocks));
}

function ofSeries(kind: SeriesKind, series: SeriesForecast): Exhaustion {
  if (series.state === 'not-expected') {
    const { withinDays, probabilityBelow, dayCount } = series;
    const bound = probabilityBelow === undefined ? {} : { probabilityBelow };
    return { state: 'not-expected', withinDays, ...bound, dayCount };
  }
  const { method, dayCount, atFloor, firstDay, quality, caveats } = series.forecast;
  if (method === 'none') {
    return { state: 'insufficient-history', kind, dayCount, neededDayCount: HISTORY_DAYS_MIN };
  }
  const { floor, probability } = atFloor;
  return {
    state: 'forecast',
    kind,
    method,
    dayCount,
    floor,
    ...crossingDays(atFloor, firstDay),
    probability,
    quality,
    caveats,
  };
}

/** Says of which series there are too few days, and what a day takes. A part of a sentence. */
export function missingHistoryText({
  kind,
  dayCount,
  neededDayCount,
}: Pick<Extract<Exhaustion, { state: 'insufficient-history' }>, 'kind' | 'dayCount' | 'neededDayCount'>): string {
  const [what, seen] = kind === 'blocks' ? ['/28 blocks', 'counted'] : ['addresses', 'seen'];
  return `no forecast of ${what} yet: ${dayCount} of ${neededDayCount} days with at least ${VALID_HOURS_MIN} hours ${seen}`;
}

/** Turns days until a line is reached, 1 the first, into days since 1970. */
export function crossingDays(
  { p10, p50, p90, censoredAt }: CrossingForecast,
  firstDay: Forecast['firstDay'],
): Pick<Extract<Exhaustion, { state: 'forecast' }>, 'p10' | 'p50' | 'p90' | 'censoredDay'> {
  const dayOf = (days: number | undefined) => (days === undefined ? undefined : firstDay + days - 1);
  return { p10: dayOf(p10), p50: dayOf(p50), p90: dayOf(p90), censoredDay: firstDay + censoredAt - 1 };
}

/** What says least comes first where neither is forecast: nothing can be ruled out that is not known. */
const BY_CERTAINTY = ['forecast', 'insufficient-history', 'not-expected', 'no-history'] as const;

function earlier(a: Exhaustion, b: Exhaustion): Exhaustion {
  if (a.state === 'forecast' && b.state === 'forecast') {
    return (compareDays(b.p50, a.p50) || compareDays(b.p10, a.p10)) < 0 ? b : a;
  }
  if (a.state === 'not-expected' && b.state === 'not-expected') {
    return b.probabilityBelow === undefined ? a : b;
  }
  return BY_CERTAINTY.indexOf(b.state) < BY_CERTAINTY.indexOf(a.state) ? b : a;
}

function compareDays(a: number | undefined, b: number | undefined): number {
  const [first, second] = [a ?? Number.POSITIVE_INFINITY, b ?? Number.POSITIVE_INFINITY];
  return first === second ? 0 : first - second;
}
