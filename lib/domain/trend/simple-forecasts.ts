import { selectMedian } from './select-nth.ts';
import { pairCount } from './theil-sen.ts';

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
  readonly weekdays: readonly number[];
  /** The day that is forecast first. */
  readonly firstDay: number;
}

const DAYS_PER_WEEK = 7;
/** Days of the week are told apart from two weeks on. */
const SEASON_DAYS_MIN = 14;
const SEASON_DAYS_MAX = 8 * DAYS_PER_WEEK;
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
  const room = new Float64Array(pairCount(count));
  return Array.from({ length: count - from + 1 }, (_, index) => forecastsAt(known, from + index, deviations, room));
}

/** Returns what one method says of the day `days` after the morning, 1 the day itself. */
export function simpleForecast(said: SimpleForecasts, method: number, days: number, damped: DampedDays): number {
  const moved = (method === FADING_METHOD ? damped.fading : damped.free)[days];
  // There is an element for each method and day.
  const slope = said.slopes[method] as number;
  const weekday = said.weekdays[(said.firstDay + days - 1) % DAYS_PER_WEEK] as number;
  return (said.levels[method] as number) + slope * (said.lagDays + (moved as number)) + weekday;
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

function forecastsAt(
  { peaks, segments }: KnownPeaks,
  day: number,
  deviations: readonly (number | undefined)[],
  room: Float64Array,
): SimpleForecasts {
  const weekdays = weekdaysAt(deviations, day);
  const times: number[] = [];
  const values: number[] = [];
  for (let time = 0; time < day; time += 1) {
    const peak = peaks[time];
    if (peak !== undefined) {
      times.push(time);
      // There are seven days of a week.
      values.push(peak - (weekdays[time % DAYS_PER_WEEK] as number));
    }
  }
  const lastTime = times.at(-1) ?? 0;
  const last = values.at(-1) ?? 0;
  const recent = values.slice(-DAYS_PER_WEEK).filter((_, index, all) => {
    const time = times[times.length - all.length + index];
    return time !== undefined && segments[time] === segments[lastTime];
  });
  const week = recent.length === 0 ? last : selectMedian(Float64Array.from(recent), recent.length);
  const short = slopeWithin({ times, values, segments, from: day - SHORT_WINDOW_DAYS }, room);
  const long = slopeWithin({ times, values, segments, from: 0 }, room);
  return {
    levels: [last, week, last, last, last],
    slopes: [0, 0, short, long, short],
    lagDays: day - 1 - lastTime,
    weekdays,
    firstDay: day,
  };
}

interface SlopeDays {
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly segments: readonly number[];
  readonly from: number;
}

/** The median slope over pairs of days between which nothing broke. */
function slopeWithin({ times, values, segments, from }: SlopeDays, room: Float64Array): number {
  let count = 0;
  for (let later = 1; later < times.length; later += 1) {
    const [laterTime, laterValue] = [times[later] as number, values[later] as number];
    for (let earlier = later - 1; earlier >= 0; earlier -= 1) {
      const earlierTime = times[earlier] as number;
      // Both rise, so all that are further back are out of the window or before a break as well.
      if (earlierTime < from || segments[earlierTime] !== segments[laterTime]) {
        break;
      }
      room[count] = (laterValue - (values[earlier] as number)) / (laterTime - earlierTime);
      count += 1;
    }
  }
  return count < PAIRS_MIN ? 0 : selectMedian(room, count);
}

/** By day, how far it is from the median of the week around it; `undefined` where that week is not whole. */
function weekDeviations(peaks: KnownPeaks['peaks']): readonly (number | undefined)[] {
  const week = new Float64Array(DAYS_PER_WEEK);
  return peaks.map((peak, day) => {
    const around = peaks.slice(Math.max(0, day - HALF_WEEK), day + HALF_WEEK + 1).filter((each) => each !== undefined);
    if (peak === undefined || day < HALF_WEEK || around.length < DAYS_PER_WEEK - 2) {
      return undefined;
    }
    week.set(around);
    return peak - selectMedian(week, around.length);
  });
}

function weekdaysAt(deviations: readonly (number | undefined)[], day: number): readonly number[] {
  const none = new Array<number>(DAYS_PER_WEEK).fill(0);
  if (day < SEASON_DAYS_MIN) {
    return none;
  }
  return none.map((_, weekday) => {
    const found: number[] = [];
    // The weeks around the last days are not whole yet.
    for (let time = Math.max(0, day - SEASON_DAYS_MAX); time < day - HALF_WEEK; time += 1) {
      const deviation = time % DAYS_PER_WEEK === weekday ? deviations[time] : undefined;
      if (deviation !== undefined) {
        found.push(deviation);
      }
    }
    return found.length === 0 ? 0 : selectMedian(Float64Array.from(found), found.length);
  });
}
