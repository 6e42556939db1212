import type { HourlyReading } from './hourly.ts';

export const HOURS_PER_DAY = 24;
/** A day with fewer hours is missing: its peak may be in those that were not seen. A decision of this project. */
export const VALID_HOURS_MIN = 18;
/** As many readings of an hour say how far it swings; a scan beside one pulse may be seconds apart. */
const SWING_READINGS_MIN = 3;

/** What is used up. Blocks are the /28 blocks that prefixes need. */
export type SeriesKind = 'addresses' | 'blocks';

/** What was in use in one hour, of addresses or of blocks. */
export interface HourlyDemand {
  readonly hour: number;
  readonly low: number;
  readonly peak: number;
  /** Nothing was free: more may have been wanted, so the peak is a lower bound. */
  readonly isCensored: boolean;
  readonly isUnexplained: boolean;
  readonly readingCount: number;
}

export interface DailyPeak {
  /** The most that was in use, widened by what single readings of an hour miss. */
  readonly peak: number;
  readonly validHourCount: number;
  /** The day has enough hours only with those that nothing explains: it weighs less. */
  readonly isUnexplained: boolean;
  readonly isCensored: boolean;
}

export interface DailySeries {
  /** Whole days since 1970, in UTC. */
  readonly firstDay: number;
  /** Missing days are `undefined`. */
  readonly days: readonly (DailyPeak | undefined)[];
  /** By how much hours with a single reading were widened. */
  readonly swingWithinHour: number | undefined;
}

/** Returns the use of addresses by hour. */
export function addressDemand(readings: readonly HourlyReading[]): readonly HourlyDemand[] {
  return readings.map(({ hour, usedMin, usedMax, freeMin, isUnexplained, readingCount }) => ({
    hour,
    low: usedMin,
    peak: usedMax,
    isCensored: freeMin <= 0,
    isUnexplained,
    readingCount,
  }));
}

/** Returns by hour how many of `maxPrefixCount` /28 blocks could not be given; hours that did not count them are left out. */
export function blockDemand(readings: readonly HourlyReading[], maxPrefixCount: number): readonly HourlyDemand[] {
  return readings.flatMap(({ hour, freePrefixMin, isUnexplained }) => {
    if (freePrefixMin === undefined) {
      return [];
    }
    const peak = maxPrefixCount - freePrefixMin;
    // Blocks are counted by scans only, so what is known of an hour is one count.
    return [{ hour, low: peak, peak, isCensored: freePrefixMin <= 0, isUnexplained, readingCount: 1 }];
  });
}

/**
 * Returns the peak of each day. Gaps stay gaps. Hours that nothing explains count only where the day would be missing without
 * them. The peak of an hour that was read once is missed by half of how far hours swing that were read more often, on average,
 * since a single reading falls anywhere between: by so much it is widened. Takes hours in any order.
 */
export function dailyPeaks(hours: readonly HourlyDemand[]): DailySeries {
  const [firstDay, lastDay] = dayRange(hours);
  const dayCount = Math.max(0, lastDay - firstDay + 1);
  const explained = newTally(dayCount);
  const unexplained = newTally(dayCount);
  const isCensored = new Uint8Array(dayCount);
  const swings = { sum: 0, count: 0 };
  for (const each of hours) {
    const day = Math.floor(each.hour / HOURS_PER_DAY) - firstDay;
    addHour(each.isUnexplained ? unexplained : explained, day, each);
    if (each.isCensored) {
      isCensored[day] = 1;
    }
    if (each.readingCount >= SWING_READINGS_MIN && !each.isUnexplained) {
      swings.sum += each.peak - each.low;
      swings.count += 1;
    }
  }
  const swingWithinHour = swings.count === 0 ? undefined : swings.sum / swings.count / 2;
  // Not learnt yet: nothing is added, and a caveat of the forecast says so.
  const swing = swingWithinHour ?? 0;
  const days = Array.from({ length: dayCount }, (_, day) => {
    const known = highestOf(explained, day, swing);
    return peakOf(known, highestOf(unexplained, day, swing), isCensored[day] === 1);
  });
  return { firstDay: dayCount === 0 ? 0 : firstDay, days, swingWithinHour };
}

/** By day, how many hours of a kind there were, and the highest peak; apart from it of those that a single reading may have missed. */
interface Tally {
  readonly hours: Uint8Array;
  readonly peaks: Float64Array;
  readonly missablePeaks: Float64Array;
}

function newTally(dayCount: number): Tally {
  const none = () => new Float64Array(dayCount).fill(Number.NEGATIVE_INFINITY);
  return { hours: new Uint8Array(dayCount), peaks: none(), missablePeaks: none() };
}

function addHour({ hours, peaks, missablePeaks }: Tally, day: number, { peak, readingCount }: HourlyDemand): void {
  const highest = readingCount >= SWING_READINGS_MIN ? peaks : missablePeaks;
  // Each hour is within the range of days.
  hours[day] = (hours[day] as number) + 1;
  highest[day] = Math.max(highest[day] as number, peak);
}

interface Highest {
  readonly peak: number;
  readonly hours: number;
}

function highestOf({ hours, peaks, missablePeaks }: Tally, day: number, swing: number): Highest {
  // There is an element for each day.
  const peak = Math.max(peaks[day] as number, (missablePeaks[day] as number) + swing);
  return { peak, hours: hours[day] as number };
}

function peakOf(explained: Highest, unexplained: Highest, isCensored: boolean): DailyPeak | undefined {
  if (explained.hours >= VALID_HOURS_MIN) {
    return { peak: explained.peak, validHourCount: explained.hours, isUnexplained: false, isCensored };
  }
  const validHourCount = explained.hours + unexplained.hours;
  return validHourCount < VALID_HOURS_MIN
    ? undefined
    : { peak: Math.max(explained.peak, unexplained.peak), validHourCount, isUnexplained: true, isCensored };
}

function dayRange(hours: readonly HourlyDemand[]): [first: number, last: number] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { hour } of hours) {
    first = Math.min(first, hour);
    last = Math.max(last, hour);
  }
  return [Math.floor(first / HOURS_PER_DAY), Math.floor(last / HOURS_PER_DAY)];
}
