import { insertSorted, removeSorted, selectMedian } from './select-nth.ts';

/** Peaks of consecutive days as forecasts learn from them. */
export interface KnownPeaks {
  /** By day; `undefined` where it is missing or only a lower bound. */
  readonly peaks: readonly (number | undefined)[];
  /** By day, how many breaks there were until then: a slope is drawn between days of the same count only. */
  readonly segments: readonly number[];
}

/**
 * What simple methods say on one morning. Each is a level, a slope in addresses a day, and how fast the slope fades; the day of
 * the week is added to all. No one of them is good everywhere: their blend is weighed by how far each was off before.
 */
export interface SimpleForecasts {
  readonly levels: readonly number[];
  readonly slopes: readonly number[];
  /** Days since the last peak before this morning; 0 where the day before has one. */
  readonly lagDays: number;
  /** What a day of the week adds, by day modulo 7. */
  readonly weekdays: Float64Array;
  /** The day that is forecast first. */
  readonly firstDay: number;
}

const DAYS_PER_WEEK = 7;
/** Days of the week are told apart from two weeks on. */
const SEASON_DAYS_MIN = 14;
const SEASON_WEEKS_MAX = 8;
const HALF_WEEK = 3;
/** A slope is the median of as many pairs or more, else there is none. */
const PAIRS_MIN = 6;
const SHORT_WINDOW_DAYS = 28;
/** A slope is believed for this many days, and from then on less each day: no growth goes on for ever. */
const DAMPING_FREE_DAYS = 30;
const DAMPING_PER_DAY = 0.98;
/** Of the method whose slope fades at once. */
const FADING_PER_DAY = 0.95;

/** By method: the last peak; the last week; the last peak with the slope of four weeks, of all days, of four weeks, fading. */
export const METHOD_COUNT = 5;
const FADING_METHOD = 4;

/** Returns what the methods say on the morning of each day from `from` on, and of the day after the last. */
export function simpleForecasts(known: KnownPeaks, from: number): readonly SimpleForecasts[] {
  const count = known.peaks.length;
  const deviations = weekDeviations(known.peaks);
  const weekdays = new Float64Array(DAYS_PER_WEEK);
  const long: Slopes = { sorted: new Float64Array(pairsMax(count, DAYS_PER_WEEK)), count: 0 };
  // One day comes before the first one leaves.
  const short: Slopes = { sorted: new Float64Array(pairsMax(SHORT_WINDOW_DAYS + 1, DAYS_PER_WEEK)), count: 0 };
  const young = new Float64Array(pairsMax(SEASON_DAYS_MIN, 1));
  const said: SimpleForecasts[] = [];
  for (let day = 0; day <= count; day += 1) {
    learnWeekday(weekdays, deviations, day - 1 - HALF_WEEK);
    addSlopes(long, known, day - 1, 0);
    addSlopes(short, known, day - 1, day - SHORT_WINDOW_DAYS);
    removeSlopes(short, known, day - 1 - SHORT_WINDOW_DAYS);
    if (day >= from) {
      said.push(
        day < SEASON_DAYS_MIN
          ? forecastsAt(known, day, NO_WEEK, youngSlopes(known, day, young))
          : forecastsAt(known, day, weekdays, { short: medianSlope(short), long: medianSlope(long) }),
      );
    }
  }
  return said;
}

/** Returns what one method says of the day `days` after the morning, 1 the day itself. */
export function simpleForecast(said: SimpleForecasts, method: number, days: number, damped: DampedDays): number {
  const moved = (method === FADING_METHOD ? damped.fading : damped.free)[days];
  // There is an element for each method and day.
  const slope = said.slopes[method] as number;
  const weekday = said.weekdays[(said.firstDay + days - 1) % DAYS_PER_WEEK] as number;
  return (said.levels[method] as number) + slope * (said.lagDays + (moved as number)) + weekday;
}

/** Several methods weighed are one more of their kind: a level, a slope that lasts and one that fades. */
export interface BlendedForecast {
  readonly level: number;
  readonly slope: number;
  readonly fadingSlope: number;
  readonly said: SimpleForecasts;
}

/** Takes a weight for each method; they add up to 1. */
export function blendForecasts(said: SimpleForecasts, weights: ArrayLike<number>): BlendedForecast {
  let [level, slope, fadingSlope] = [0, 0, 0];
  for (let method = 0; method < METHOD_COUNT; method += 1) {
    // There is a level and a slope for each method.
    const weight = weights[method] as number;
    const ofMethod = weight * (said.slopes[method] as number);
    level += weight * (said.levels[method] as number);
    slope += method === FADING_METHOD ? 0 : ofMethod;
    fadingSlope += method === FADING_METHOD ? ofMethod : 0;
  }
  return { level, slope, fadingSlope, said };
}

/** Returns what a blend says of the day `days` after its morning, 1 the day itself. */
export function blendedForecast(blend: BlendedForecast, days: number, { free, fading }: DampedDays): number {
  const { lagDays, firstDay, weekdays } = blend.said;
  // There is an element for each day ahead, and for each day of the week.
  const lasting = blend.slope * (lagDays + (free[days] as number));
  const fades = blend.fadingSlope * (lagDays + (fading[days] as number));
  return blend.level + lasting + fades + (weekdays[(firstDay + days - 1) % DAYS_PER_WEEK] as number);
}

/** For how many days' worth of slope a method has moved after 0, 1, ... days. */
export interface DampedDays {
  readonly free: Float64Array;
  readonly fading: Float64Array;
}

export function dampedDays(days: number): DampedDays {
  const free = new Float64Array(days + 1);
  const fading = new Float64Array(days + 1);
  let [ofFree, ofFading] = [1, 1];
  for (let day = 1; day <= days; day += 1) {
    ofFree *= day > DAMPING_FREE_DAYS ? DAMPING_PER_DAY : 1;
    ofFading *= FADING_PER_DAY;
    free[day] = (free[day - 1] ?? 0) + ofFree;
    fading[day] = (fading[day - 1] ?? 0) + ofFading;
  }
  return { free, fading };
}

/** Addresses a day, by the last four weeks and by all days. */
interface KnownSlopes {
  readonly short: number;
  readonly long: number;
}

/** The slopes of pairs of days, in rising order. */
interface Slopes {
  readonly sorted: Float64Array;
  count: number;
}

const NO_WEEK = new Float64Array(DAYS_PER_WEEK);

function forecastsAt(
  { peaks, segments }: KnownPeaks,
  day: number,
  weekdays: Float64Array,
  { short, long }: KnownSlopes,
): SimpleForecasts {
  const week = new Float64Array(DAYS_PER_WEEK);
  let count = 0;
  let lastTime: number | undefined;
  let last = 0;
  let seen = 0;
  for (let time = day - 1; time >= 0 && seen < DAYS_PER_WEEK; time -= 1) {
    const peak = peaks[time];
    if (peak === undefined) {
      continue;
    }
    // There are seven days of a week.
    const value = peak - (weekdays[time % DAYS_PER_WEEK] as number);
    if (lastTime === undefined) {
      lastTime = time;
      last = value;
    }
    seen += 1;
    if (segments[time] === segments[lastTime]) {
      week[count] = value;
      count += 1;
    }
  }
  const ofWeek = count === 0 ? last : selectMedian(week, count);
  return {
    levels: [last, ofWeek, last, last, last],
    slopes: [0, 0, short, long, short],
    lagDays: day - 1 - (lastTime ?? 0),
    weekdays: weekdays.slice(),
    firstDay: day,
  };
}

/** How many pairs of so many days are `step` days apart, or a multiple of it. */
function pairsMax(days: number, step: number): number {
  let pairs = 0;
  for (let apart = step; apart < days; apart += step) {
    pairs += days - apart;
  }
  return pairs;
}

/**
 * Adds the slopes from earlier days, `from` the first of them, between which nothing broke. Only the same days of the week are
 * compared: what a week does is no growth, and there are few enough pairs to do so for each morning.
 */
function addSlopes(slopes: Slopes, { peaks, segments }: KnownPeaks, day: number, from: number): void {
  const peak = peaks[day];
  for (let other = day - DAYS_PER_WEEK; peak !== undefined && other >= Math.max(0, from); other -= DAYS_PER_WEEK) {
    const before = peaks[other];
    if (before !== undefined && segments[other] === segments[day]) {
      insertSorted(slopes.sorted, slopes.count, (peak - before) / (day - other));
      slopes.count += 1;
    }
  }
}

/** Removes the slopes from a day that leaves a window of four weeks to all days after it, which were added one by one. */
function removeSlopes(slopes: Slopes, { peaks, segments }: KnownPeaks, day: number): void {
  const peak = peaks[day];
  for (let later = day + DAYS_PER_WEEK; peak !== undefined && later < day + SHORT_WINDOW_DAYS; later += DAYS_PER_WEEK) {
    const after = peaks[later];
    if (after !== undefined && segments[later] === segments[day]) {
      removeSorted(slopes.sorted, slopes.count, (after - peak) / (later - day));
      slopes.count -= 1;
    }
  }
}

/** Before there are two of each day of the week all pairs count. */
function youngSlopes({ peaks, segments }: KnownPeaks, day: number, room: Float64Array): KnownSlopes {
  let count = 0;
  for (let later = 1; later < day; later += 1) {
    const peak = peaks[later];
    for (let earlier = 0; peak !== undefined && earlier < later; earlier += 1) {
      const before = peaks[earlier];
      if (before !== undefined && segments[earlier] === segments[later]) {
        room[count] = (peak - before) / (later - earlier);
        count += 1;
      }
    }
  }
  const slope = count < PAIRS_MIN ? 0 : selectMedian(room, count);
  return { short: slope, long: slope };
}

function medianSlope({ sorted, count }: Slopes): number {
  if (count < PAIRS_MIN) {
    return 0;
  }
  // There are `count` of them.
  return ((sorted[(count - 1) >>> 1] as number) + (sorted[count >>> 1] as number)) / 2;
}

type Peaks = KnownPeaks['peaks'];

/** By day, how far it is from the median of the week around it; NaN where that week is not whole. */
function weekDeviations(peaks: Peaks): Float64Array {
  const week = new Float64Array(DAYS_PER_WEEK);
  const deviations = new Float64Array(peaks.length).fill(Number.NaN);
  for (let day = HALF_WEEK; day < peaks.length; day += 1) {
    let count = 0;
    for (let around = day - HALF_WEEK; around <= day + HALF_WEEK; around += 1) {
      const peak = peaks[around];
      if (peak !== undefined) {
        week[count] = peak;
        count += 1;
      }
    }
    const peak = peaks[day];
    if (peak !== undefined && count >= DAYS_PER_WEEK - 2) {
      deviations[day] = peak - selectMedian(week, count);
    }
  }
  return deviations;
}

/** Sets what the day of the week of `last` adds, by the last weeks up to it. The week around it has to be whole by then. */
function learnWeekday(weekdays: Float64Array, deviations: Float64Array, last: number): void {
  if (last < 0) {
    return;
  }
  const found = new Float64Array(SEASON_WEEKS_MAX);
  let count = 0;
  for (let week = 0; week < SEASON_WEEKS_MAX; week += 1) {
    const deviation = deviations[last - week * DAYS_PER_WEEK] ?? Number.NaN;
    if (!Number.isNaN(deviation)) {
      found[count] = deviation;
      count += 1;
    }
  }
  weekdays[last % DAYS_PER_WEEK] = count === 0 ? 0 : selectMedian(found, count);
}
