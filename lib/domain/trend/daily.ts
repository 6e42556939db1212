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
 * Returns by how much the peak of an hour that was read once is missed on average: half of how far hours swing that were read
 * more often, since a single reading falls anywhere between. `undefined` where no hour was.
 */
export function swingWithinHour(hours: readonly HourlyDemand[]): number | undefined {
  let sum = 0;
  let count = 0;
  for (const { low, peak, readingCount, isUnexplained } of hours) {
    if (readingCount >= SWING_READINGS_MIN && !isUnexplained) {
      sum += peak - low;
      count += 1;
    }
  }
  return count === 0 ? undefined : sum / count / 2;
}

/**
 * Returns the peak of each day. Gaps stay gaps. Hours that nothing explains count only where the day would be missing without
 * them. Takes hours in any order.
 */
export function dailyPeaks(hours: readonly HourlyDemand[]): DailySeries {
  const swing = swingWithinHour(hours);
  const [firstDay, lastDay] = dayRange(hours);
  if (firstDay > lastDay) {
    return { firstDay: 0, days: [], swingWithinHour: swing };
  }
  const tallies = Array.from({ length: lastDay - firstDay + 1 }, newTally);
  for (const each of hours) {
    // Not learnt yet: nothing is added, and a caveat of the forecast says so.
    addHour(tallies[Math.floor(each.hour / HOURS_PER_DAY) - firstDay], each, swing ?? 0);
  }
  return { firstDay, days: tallies.map(peakOf), swingWithinHour: swing };
}

interface Tally {
  explainedPeak: number;
  explainedHours: number;
  peak: number;
  hours: number;
  isCensored: boolean;
}

function newTally(): Tally {
  const none = Number.NEGATIVE_INFINITY;
  return { explainedPeak: none, explainedHours: 0, peak: none, hours: 0, isCensored: false };
}

function addHour(tally: Tally | undefined, hour: HourlyDemand, swing: number): void {
  if (tally === undefined) {
    return;
  }
  const peak = hour.readingCount < SWING_READINGS_MIN ? hour.peak + swing : hour.peak;
  tally.peak = Math.max(tally.peak, peak);
  tally.hours += 1;
  tally.isCensored ||= hour.isCensored;
  if (!hour.isUnexplained) {
    tally.explainedPeak = Math.max(tally.explainedPeak, peak);
    tally.explainedHours += 1;
  }
}

function peakOf({ explainedPeak, explainedHours, peak, hours, isCensored }: Tally): DailyPeak | undefined {
  if (explainedHours >= VALID_HOURS_MIN) {
    return { peak: explainedPeak, validHourCount: explainedHours, isUnexplained: false, isCensored };
  }
  return hours < VALID_HOURS_MIN ? undefined : { peak, validHourCount: hours, isUnexplained: true, isCensored };
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
