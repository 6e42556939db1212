import type { SeriesBreak } from './breaks.ts';
import type { ForecastQuality } from './calibration.ts';
import type { DailySeries, SeriesKind } from './daily.ts';
import { pathCeilings } from './path-ceiling.ts';
import { quantileOfSorted } from './quantile.ts';
import { seededRandom } from './random.ts';
import { type Futures, futuresOf, type SampledPaths, samplePaths } from './sample-paths.ts';
import { type Training, trainingOf } from './training.ts';
import { fitTrend, type TrendModel } from './trend-model.ts';

/** Kept with what it forecast; raised whenever the same input may give another forecast. */
export const FORECAST_MODEL_VERSION = 4;
/** Nothing is said of a later day. */
export const HORIZON_DAYS = 180;
/** Weekdays are told apart with three weeks or more: else one odd day would be a pattern. A decision of this project. */
const WEEKLY_DAYS_MIN = 21;
/** A level without a trend is believed for a week. */
export const LEVEL_HORIZON_DAYS = 7;
/** Decisions of this project: what is too little to say anything of, and how many last peaks are a level. */
const FORECAST_DAYS_MIN = 3;
const LEVEL_PEAKS = 3;
const HORIZONS = [1, 3, 7, 14, 30, 90, 180] as const;
const PROBABILITY_DAYS = [7, 14, 30, 90, 180] as const;
/** Demand is shown up to half as much again as there is: beyond it only says "far too much". */
const OVERSHOOT_FACTOR = 1.5;
/** Below this share of days with a peak a forecast says that it has gaps. */
const VALID_SHARE_MIN = 0.9;
/** A break counts as recent until the days after it are as many as an alert without a level guard needs. */
const RECENT_BREAK_DAYS = 28;
/** More days than this between the last peak and the first day forecast, and what was seen is old. */
const SKIPPED_DAYS_MAX = 2;

export interface ForecastInput {
  readonly subnetId: string;
  readonly kind: SeriesKind;
  readonly series: DailySeries;
  /** Those that are known of and those that the numbers show, in any order. */
  readonly breaks: readonly SeriesBreak[];
  /** Addresses, or /28 blocks, that there are now: without what is reserved. */
  readonly capacity: number;
  /** At so many free it has run out for what has to stay possible; 0 or more. */
  readonly floor: number;
  /** What is free now. */
  readonly now: number;
  /** Whole days since 1970, in UTC. */
  readonly today: number;
}

/** `none`: too little history. `level`: quantiles of the last peaks. `trend`: sampled paths around weighed simple methods. */
export type ForecastMethod = 'none' | 'level' | 'trend';

export interface Forecast {
  readonly subnetId: string;
  readonly kind: SeriesKind;
  readonly method: ForecastMethod;
  readonly modelVersion: number;
  /** Whole days since 1970; `undefined` where no day had a peak. */
  readonly trainedFrom: number | undefined;
  readonly trainedTo: number | undefined;
  readonly dayCount: number;
  readonly breaks: readonly SeriesBreak[];
  readonly capacity: number;
  readonly now: number;
  /** Horizon 1. Today, or tomorrow where today's peak is among what was learnt from. */
  readonly firstDay: number;
  readonly horizons: readonly FreeForecast[];
  readonly atFloor: CrossingForecast;
  readonly atZero: CrossingForecast;
  readonly quality: ForecastQuality | undefined;
  readonly caveats: readonly ForecastCaveat[];
}

/** Quantiles of the least that is free on one day. Below zero: so much is wanted and not there. */
export interface FreeForecast {
  readonly days: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** When what is free comes down to a line. */
export interface CrossingForecast {
  readonly floor: number;
  /** By number of days, the probability that it is reached by then; days that cannot be told are left out. */
  readonly probability: ReadonlyMap<number, number>;
  /** Days until it is reached, 1 the first; `undefined`: later than `censoredAt`, or never. */
  readonly p10: number | undefined;
  readonly p50: number | undefined;
  readonly p90: number | undefined;
  readonly censoredAt: number;
}

export type ForecastCaveat =
  | 'insufficient-history'
  | 'low-confidence'
  | 'no-weekly-pattern'
  | 'demand-censored'
  | 'gaps'
  | 'unexplained-residual'
  | 'swing-not-learnt'
  | 'recent-break'
  | 'observations-old';

/**
 * Forecasts what is free of a subnet's addresses or blocks. The same input gives the same forecast: random paths are seeded by
 * the subnet and the kind. Peaks after `today` are not looked at.
 */
export function forecast(input: ForecastInput): Forecast {
  const fitted = fitForecast(input);
  const { training, model, firstDay, skippedDays } = fitted;
  const base = {
    subnetId: input.subnetId,
    kind: input.kind,
    modelVersion: FORECAST_MODEL_VERSION,
    trainedFrom: training?.firstDay,
    trainedTo: training?.lastDay,
    // No day had a peak: there are none.
    dayCount: training?.validDayCount ?? 0,
    breaks: input.breaks,
    capacity: input.capacity,
    now: input.now,
    firstDay,
    quality: model?.quality,
  };
  if (training === undefined || training.validDayCount < FORECAST_DAYS_MIN) {
    const nothing = { horizons: [], atFloor: unknownCrossing(input.floor), atZero: unknownCrossing(0) };
    return { ...base, ...nothing, method: 'none', caveats: ['insufficient-history'] };
  }
  const caveats = caveatsOf(input, training, firstDay);
  if (model === undefined) {
    const level = levelForecast(training, input);
    return { ...base, ...level, method: 'level', caveats: ['low-confidence', ...caveats] };
  }
  const paths = drawPaths(input, { training, skippedDays }, model);
  return {
    ...base,
    method: 'trend',
    horizons: HORIZONS.map((days) => freeForecast(paths, input.capacity, days)),
    atFloor: crossingForecast(paths, input.capacity, input.floor),
    atZero: crossingForecast(paths, input.capacity, 0),
    caveats: training.days.length < WEEKLY_DAYS_MIN ? ['no-weekly-pattern', ...caveats] : caveats,
  };
}

/**
 * Returns the paths behind a forecast, `HORIZON_DAYS` from its first day on, so that those of several subnets can be summed.
 * `undefined` where there are too few days for a trend.
 */
export function forecastPaths(input: ForecastInput): SampledPaths | undefined {
  const { training, model, skippedDays } = fitForecast(input);
  return training === undefined || model === undefined ? undefined : drawPaths(input, { training, skippedDays }, model);
}

/** What a forecast learns from, and where it starts. */
export interface TrainedForecast {
  readonly training: Training | undefined;
  readonly firstDay: number;
  /** Days after the last one of training and before `firstDay`. */
  readonly skippedDays: number;
}

/** What a forecast rests on, before any path is drawn. */
interface FittedForecast extends TrainedForecast {
  /** `undefined` where there are too few days for a trend. */
  readonly model: TrendModel | undefined;
}

/** Chooses the days that a forecast learns from. */
export function trainForecast({ series, breaks, kind, today }: ForecastInput): TrainedForecast {
  const known = { ...series, days: series.days.slice(0, Math.max(0, today - series.firstDay + 1)) };
  const training = trainingOf(known, breaks, kind);
  const nextDay = training === undefined ? today : training.lastDay + 1;
  const firstDay = Math.max(today, nextDay);
  return { training, firstDay, skippedDays: firstDay - nextDay };
}

function fitForecast(input: ForecastInput): FittedForecast {
  const trained = trainForecast(input);
  return { ...trained, model: trained.training === undefined ? undefined : fitTrend(trained.training) };
}

function drawPaths(input: ForecastInput, trained: TrainedDays, model: TrendModel): SampledPaths {
  return samplePaths(
    futuresFrom(input, trained, { model, dayCount: HORIZON_DAYS }),
    seededRandom(`${input.subnetId}/${input.kind}`),
  );
}

interface TrainedDays {
  readonly training: Training;
  readonly skippedDays: number;
}

/** Returns what may come from the first day of a forecast on. */
export function futuresFrom(
  { capacity }: ForecastInput,
  { training, skippedDays }: TrainedDays,
  { model, dayCount }: { readonly model: TrendModel; readonly dayCount: number },
): Futures {
  const usedMax = capacity * OVERSHOOT_FACTOR;
  const ceilings = pathCeilings(training, skippedDays + dayCount).map((each) => Math.min(usedMax, each));
  return futuresOf(model, { skippedDays, dayCount, ceilings });
}

function freeForecast({ futures, futureByPath }: SampledPaths, capacity: number, days: number): FreeForecast {
  const { dayCount, used } = futures;
  // Every future has this day.
  const free = Float64Array.from(futureByPath, (future) => capacity - (used[future * dayCount + days - 1] as number));
  free.sort();
  return {
    days,
    p10: quantileOfSorted(free, 0.1),
    p50: quantileOfSorted(free, 0.5),
    p90: quantileOfSorted(free, 0.9),
  };
}

/** Returns when paths come down to a number of free addresses or blocks; paths may be the sum of those of several subnets. */
export function crossingForecast(paths: SampledPaths, capacity: number, floor: number): CrossingForecast {
  const byFuture = firstDaysAtFloor(paths.futures, capacity - floor);
  // There is a day for each future.
  const reachedOn = Float64Array.from(paths.futureByPath, (future) => byFuture[future] as number).sort();
  const pathCount = reachedOn.length;
  const byThen = (days: number) => reachedOn.filter((each) => each <= days).length / pathCount;
  const reachedBy = (share: number) => finite(reachedOn[Math.ceil(share * pathCount) - 1]);
  return {
    floor,
    probability: new Map(PROBABILITY_DAYS.map((days) => [days, byThen(days)])),
    p10: reachedBy(0.1),
    p50: reachedBy(0.5),
    p90: reachedBy(0.9),
    censoredAt: paths.futures.dayCount,
  };
}

/** By future, how many days it takes until so much is used; infinite where it never is. */
export function firstDaysAtFloor({ count, dayCount, used }: Futures, usedAtFloor: number): Float64Array {
  const reachedOn = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let future = 0; future < count; future += 1) {
    const start = future * dayCount;
    let day = 0;
    // Every future has every day.
    while (day < dayCount && (used[start + day] as number) < usedAtFloor) {
      day += 1;
    }
    reachedOn[future] = day < dayCount ? day + 1 : Number.POSITIVE_INFINITY;
  }
  return reachedOn;
}

function finite(days: number | undefined): number | undefined {
  return days === Number.POSITIVE_INFINITY ? undefined : days;
}

/** Tells the coming week from the last peaks, whatever day of the week they were. */
function levelForecast(
  { days }: Training,
  { capacity, floor }: ForecastInput,
): Pick<Forecast, 'horizons' | 'atFloor' | 'atZero'> {
  const peaks = days.flatMap((day) => day?.peak ?? []).slice(-LEVEL_PEAKS);
  const free = peaks.map((peak) => capacity - peak).sort((a, b) => a - b);
  const [p10, p50, p90] = [quantileOfSorted(free, 0.1), quantileOfSorted(free, 0.5), quantileOfSorted(free, 0.9)];
  return {
    horizons: HORIZONS.filter((each) => each <= LEVEL_HORIZON_DAYS).map((each) => ({ days: each, p10, p50, p90 })),
    atFloor: levelCrossing(free, floor),
    atZero: levelCrossing(free, 0),
  };
}

function levelCrossing(free: readonly number[], floor: number): CrossingForecast {
  const probability = free.filter((each) => each <= floor).length / free.length;
  // A level does not move: it is at the line from the first day on, or not at all.
  const reachedBy = (share: number) => (probability >= share ? 1 : undefined);
  return {
    floor,
    probability: new Map([[LEVEL_HORIZON_DAYS, probability]]),
    p10: reachedBy(0.1),
    p50: reachedBy(0.5),
    p90: reachedBy(0.9),
    censoredAt: LEVEL_HORIZON_DAYS,
  };
}

function unknownCrossing(floor: number): CrossingForecast {
  return { floor, probability: new Map(), p10: undefined, p50: undefined, p90: undefined, censoredAt: 0 };
}

function caveatsOf(input: ForecastInput, training: Training, firstDay: number): readonly ForecastCaveat[] {
  const { days, breakDays, lastDay, validDayCount } = training;
  const lastBreakDay = breakDays.at(-1) ?? Number.NEGATIVE_INFINITY;
  const found: [boolean, ForecastCaveat][] = [
    [days.some((day) => day?.isCensored === true), 'demand-censored'],
    [validDayCount < VALID_SHARE_MIN * days.length, 'gaps'],
    [days.some((day) => day?.isUnexplained === true), 'unexplained-residual'],
    [input.series.swingWithinHour === undefined && input.kind === 'addresses', 'swing-not-learnt'],
    [lastDay - lastBreakDay < RECENT_BREAK_DAYS - 1, 'recent-break'],
    [firstDay - lastDay - 1 > SKIPPED_DAYS_MAX, 'observations-old'],
  ];
  return found.flatMap(([holds, caveat]) => (holds ? [caveat] : []));
}
