import { utcDayText } from '../utc-day.ts';
import type { ForecastQuality } from './calibration.ts';
import { type SeriesKind, VALID_HOURS_MIN } from './daily.ts';
import type { CrossingForecast, Forecast, ForecastCaveat } from './forecast.ts';
import type { ScreenedOut } from './screen-forecast.ts';
import { seriesText } from './series-text.ts';
import type { SeriesForecast, SubnetForecast } from './vpc-forecasts.ts';

/** Days of history that the least forecast needs. */
export const HISTORY_DAYS_MIN = 3;

/** Why a series has no forecast: too few days of it are known. */
export interface MissingHistory {
  readonly kind: SeriesKind;
  /** Days with hours enough, and how many it takes. */
  readonly dayCount: number;
  readonly neededDayCount: number;
  /**
   * Whole days since 1970: the first of the days that count, and where none does, the day before which none did. Not told by what
   * was kept before it was known.
   */
  readonly sinceDay?: number;
}

/** What is said of a series that is not expected to run out. */
interface RuledOut extends ScreenedOut {
  readonly kind: SeriesKind;
  readonly dayCount: number;
}

/** When a subnet comes down to what must stay free, of its addresses or its blocks: whichever is told earlier. */
export type Exhaustion =
  /** Nothing was forecast: a single look, or a subnet without IPv4 addresses. */
  | { readonly state: 'no-history' }
  | (Omit<MissingHistory, 'kind'> & {
      readonly state: 'insufficient-history';
      /** Of which series days are missing; not told by what was kept before it was known: then addresses. */
      readonly kind?: SeriesKind;
      /** The other series, where that is not expected to run out: of this one it cannot be told. */
      readonly other?: RuledOut;
    })
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
      /** The other series, where that has no forecast: it may run out earlier. */
      readonly missing?: MissingHistory;
    };

export const NO_HISTORY: Exhaustion = { state: 'no-history' };

/** Returns what the forecasts of a subnet's two series say together: the earlier of them. */
export function exhaustionOf({ addresses, blocks }: SubnetForecast): Exhaustion {
  const ofAddresses = ofSeries('addresses', addresses);
  return blocks === undefined ? ofAddresses : together(ofAddresses, ofSeries('blocks', blocks));
}

type ExhaustionIn<State extends Exhaustion['state']> = Extract<Exhaustion, { state: State }>;
type SeriesExhaustion =
  | ExhaustionIn<'forecast'>
  | (MissingHistory & { readonly state: 'insufficient-history' })
  | ExhaustionIn<'not-expected'>;

function ofSeries(kind: SeriesKind, series: SeriesForecast): SeriesExhaustion {
  if (series.state === 'not-expected') {
    const { withinDays, probabilityBelow, dayCount } = series;
    const bound = probabilityBelow === undefined ? {} : { probabilityBelow };
    return { state: 'not-expected', withinDays, ...bound, dayCount };
  }
  const { method, dayCount, trainedFrom, atFloor, firstDay, quality, caveats } = series.forecast;
  if (method === 'none') {
    const sinceDay = trainedFrom ?? firstDay;
    return { state: 'insufficient-history', kind, dayCount, neededDayCount: HISTORY_DAYS_MIN, sinceDay };
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

/** Says of which series there are too few days, what a day takes, and since when days count. A part of a sentence. */
export function missingHistoryText({
  kind = 'addresses',
  dayCount,
  neededDayCount,
  sinceDay,
}: Omit<MissingHistory, 'kind'> & Partial<Pick<MissingHistory, 'kind'>>): string {
  const seen = kind === 'blocks' ? 'counted' : 'seen';
  const when = sinceDay === undefined ? '' : ` ${dayCount === 0 ? 'before' : 'since'} ${utcDayText(sinceDay)}`;
  return `no forecast of ${seriesText(kind)} yet: ${dayCount} of ${neededDayCount} days with at least ${VALID_HOURS_MIN} hours ${seen}${when}`;
}

/** Says within which time something is not expected to run out, and by how much history. A part of a sentence. */
export function ruledOutText({ withinDays, probabilityBelow, dayCount }: Omit<RuledOut, 'kind'>): string {
  const bound =
    probabilityBelow === undefined
      ? `not expected within ${withinDays} days`
      : `not drawn: less than ${Math.round(probabilityBelow * PERCENT)} % within ${withinDays} days by a bound`;
  return `${bound}, by ${dayCount} days of history`;
}

const PERCENT = 100;

/** Turns days until a line is reached, 1 the first, into days since 1970. */
export function crossingDays(
  { p10, p50, p90, censoredAt }: CrossingForecast,
  firstDay: Forecast['firstDay'],
): Pick<Extract<Exhaustion, { state: 'forecast' }>, 'p10' | 'p50' | 'p90' | 'censoredDay'> {
  const dayOf = (days: number | undefined) => (days === undefined ? undefined : firstDay + days - 1);
  return { p10: dayOf(p10), p50: dayOf(p50), p90: dayOf(p90), censoredDay: firstDay + censoredAt - 1 };
}

/** What says least comes first where neither is forecast: nothing can be ruled out that is not known. */
const BY_CERTAINTY = ['forecast', 'insufficient-history', 'not-expected'] as const;

function together(a: SeriesExhaustion, b: SeriesExhaustion): Exhaustion {
  const isInOrder = BY_CERTAINTY.indexOf(a.state) <= BY_CERTAINTY.indexOf(b.state);
  const [told, other] = isInOrder ? [a, b] : [b, a];
  switch (told.state) {
    case 'forecast':
      return other.state === 'forecast' ? earlier(told, other) : { ...told, ...missingOf(other) };
    case 'insufficient-history':
      return other.state === 'not-expected' ? { ...told, other: ruledOutBeside(told, other) } : told;
    case 'not-expected':
      return other.state === 'not-expected' && other.probabilityBelow !== undefined ? other : told;
  }
}

function earlier(a: ExhaustionIn<'forecast'>, b: ExhaustionIn<'forecast'>): Exhaustion {
  return (compareDays(b.p50, a.p50) || compareDays(b.p10, a.p10)) < 0 ? b : a;
}

function missingOf(other: SeriesExhaustion): Pick<ExhaustionIn<'forecast'>, 'missing'> {
  if (other.state !== 'insufficient-history') {
    return {};
  }
  const { state: _, ...missing } = other;
  return { missing };
}

function ruledOutBeside({ kind }: MissingHistory, { state: _, ...bound }: ExhaustionIn<'not-expected'>): RuledOut {
  return { kind: kind === 'blocks' ? 'addresses' : 'blocks', ...bound };
}

function compareDays(a: number | undefined, b: number | undefined): number {
  const [first, second] = [a ?? Number.POSITIVE_INFINITY, b ?? Number.POSITIVE_INFINITY];
  return first === second ? 0 : first - second;
}
