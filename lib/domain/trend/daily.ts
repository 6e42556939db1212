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
  const tallies = new Map<number, Tally>();
  const swings = { sum: 0, count: 0 };
  let [day, tally] = [Number.NaN, newTally()];
  for (const each of hours) {
    const dayOfHour = Math.floor(each.hour / HOURS_PER_DAY);
    if (dayOfHour !== day) {
      day = dayOfHour;
      tally = tallies.get(day) ?? newTally();
      tallies.set(day, tally);
    }
    addHour(tally, each);
    if (each.readingCount >= SWING_READINGS_MIN && !each.isUnexplained) {
      swings.sum += each.peak - each.low;
      swings.count += 1;
    }
  }
  const swingWithinHour = swings.count === 0 ? undefined : swings.sum / swings.count / 2;
  if (tallies.size === 0) {
    return { firstDay: 0, days: [], swingWithinHour };
  }
  const firstDay = Math.min(...tallies.keys());
  const days = Array.from({ length: Math.max(...tallies.keys()) - firstDay + 1 }, (_, index) => {
    const found = tallies.get(firstDay + index);
    // Not learnt yet: nothing is added, and a caveat of the forecast says so.
    return found === undefined ? undefined : peakOf(found, swingWithinHour ?? 0);
  });
  return { firstDay, days, swingWithinHour };
}

/** The highest of the hours of a kind; apart from them of those that a single reading may have missed. */
interface Highest {
  peak: number;
  missablePeak: number;
  hours: number;
}

interface Tally {
  readonly explained: Highest;
  readonly all: Highest;
  isCensored: boolean;
}

function newTally(): Tally {
  const none = Number.NEGATIVE_INFINITY;
  const highest = (): Highest => ({ peak: none, missablePeak: none, hours: 0 });
  return { explained: highest(), all: highest(), isCensored: false };
}

function addHour(tally: Tally, hour: HourlyDemand): void {
  raise(tally.all, hour);
  if (!hour.isUnexplained) {
    raise(tally.explained, hour);
  }
  tally.isCensored ||= hour.isCensored;
}

function raise(highest: Highest, { peak, readingCount }: HourlyDemand): void {
  highest.hours += 1;
  if (readingCount >= SWING_READINGS_MIN) {
    highest.peak = Math.max(highest.peak, peak);
  } else {
    highest.missablePeak = Math.max(highest.missablePeak, peak);
  }
}

function peakOf({ explained, all, isCensored }: Tally, swing: number): DailyPeak | undefined {
  const isUnexplained = explained.hours < VALID_HOURS_MIN;
  const { peak, missablePeak, hours } = isUnexplained ? all : explained;
  return hours < VALID_HOURS_MIN
    ? undefined
    : { peak: Math.max(peak, missablePeak + swing), validHourCount: hours, isUnexplained, isCensored };
}
