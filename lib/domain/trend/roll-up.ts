import { ADDRESSES_PER_PREFIX } from '../address/cidr.ts';
import { instantMs } from '../instant.ts';
import { HOURS_PER_DAY, VALID_HOURS_MIN } from './daily.ts';
import { hourlyReadings } from './hourly.ts';
import type { SeriesPoint, SeriesSample } from './series.ts';

const MS_PER_HOUR = 3_600_000;

/** The least room that was seen within an hour or a day. A span of time of which nothing was seen has no point. */
export interface RoomPoint {
  /** Whole hours since 1970, or whole days. */
  readonly at: number;
  readonly freeMin: number;
  /** Free /28 blocks; `undefined` where none were counted. */
  readonly freePrefixMin: number | undefined;
  /** Where free addresses were scattered most; `undefined` where no map was read. */
  readonly scatter: Scatter | undefined;
}

/** Free addresses that could be part of a block, and how many of them lie in blocks that cannot be given. */
export interface Scatter {
  readonly alignableAddressCount: number;
  readonly strandedAddressCount: number;
}

/** What several subnets have left together. */
export interface RoomSum extends RoomPoint {
  /** How many of the parts are in the sum, and how many were not seen then: what those had is not in it, and is not zero. */
  readonly partCount: number;
  readonly missingPartCount: number;
  /** Parts without a count of blocks. */
  readonly missingPrefixPartCount: number;
}

/** Returns the share of addresses in blocks that cannot be given: 0 compact, 1 no block left; `undefined` where nothing is free. */
export function fragmentationOf(scatter: Scatter | undefined): number | undefined {
  return scatter === undefined || scatter.alignableAddressCount === 0
    ? undefined
    : scatter.strandedAddressCount / scatter.alignableAddressCount;
}

/** Returns the least room of a subnet hour by hour, from samples in any order. */
export function hourlyRoom(
  samples: readonly SeriesSample[],
  subnetId: string,
  usableAddressCount: number,
): readonly RoomPoint[] {
  const scatters = hourlyScatter(samples, subnetId);
  return hourlyReadings(samples, subnetId, usableAddressCount).map(({ hour, freeMin, freePrefixMin }) => ({
    at: hour,
    freeMin,
    freePrefixMin,
    scatter: scatters.get(hour),
  }));
}

/** Returns the least room of each day of which enough hours were seen; the others stay gaps. */
export function dailyRoom(hours: readonly RoomPoint[]): readonly RoomPoint[] {
  const byDay = new Map<number, RoomPoint[]>();
  for (const point of hours) {
    const day = Math.floor(point.at / HOURS_PER_DAY);
    const known = byDay.get(day);
    if (known === undefined) {
      byDay.set(day, [point]);
    } else {
      known.push(point);
    }
  }
  return [...byDay]
    .filter(([, points]) => points.length >= VALID_HOURS_MIN)
    .sort(([a], [b]) => a - b)
    .map(([day, points]) => ({ ...points.reduce(leastOf), at: day }));
}

/** Sums points into groups as they come, so that a fleet need not be in memory at once. */
export interface RoomSums {
  /** Adds a part, such as a subnet, to a group; without a point it is one that was never seen. */
  add(group: string, points: readonly RoomPoint[]): void;
  /** Returns the sums of each group in the order of time, groups in the order of their names. */
  sums(): ReadonlyMap<string, readonly RoomSum[]>;
}

/**
 * Sums the points of subnets, hour by hour or day by day: of a cluster in a zone, an account, a team or the fleet. The least of
 * each may have been at different minutes, so what they had together was at least the sum. Where no part was seen there is no
 * point.
 */
export function roomSums(): RoomSums {
  const groups = new Map<string, GroupSum>();
  return {
    add(group, points) {
      const known = groups.get(group) ?? { partCount: 0, byTime: new Map() };
      groups.set(group, known);
      known.partCount += 1;
      for (const point of points) {
        const sum = known.byTime.get(point.at);
        known.byTime.set(point.at, sum === undefined ? firstSum(point) : addPoint(sum, point));
      }
    },
    sums: () => new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, group]) => [name, sumsOf(group)])),
  };
}

/** Returns the sums by group, such as the zone of a cluster or a team; a subnet may be part of several groups or of none. */
export function rollUpRoom(
  subnets: readonly { readonly groups: readonly string[]; readonly points: readonly RoomPoint[] }[],
): ReadonlyMap<string, readonly RoomSum[]> {
  const sums = roomSums();
  for (const { groups, points } of subnets) {
    for (const group of groups) {
      sums.add(group, points);
    }
  }
  return sums.sums();
}

interface GroupSum {
  /** Seen at some time or never. */
  partCount: number;
  readonly byTime: Map<number, RunningSum>;
}

interface RunningSum extends RoomPoint {
  readonly partCount: number;
  readonly prefixPartCount: number;
}

function firstSum(point: RoomPoint): RunningSum {
  return { ...point, partCount: 1, prefixPartCount: point.freePrefixMin === undefined ? 0 : 1 };
}

function addPoint(sum: RunningSum, { freeMin, freePrefixMin, scatter }: RoomPoint): RunningSum {
  return {
    at: sum.at,
    freeMin: sum.freeMin + freeMin,
    freePrefixMin: joined(sum.freePrefixMin, freePrefixMin, (a, b) => a + b),
    scatter: joined(sum.scatter, scatter, joinScatter),
    partCount: sum.partCount + 1,
    prefixPartCount: sum.prefixPartCount + (freePrefixMin === undefined ? 0 : 1),
  };
}

function sumsOf({ partCount, byTime }: GroupSum): readonly RoomSum[] {
  return [...byTime.values()]
    .sort((a, b) => a.at - b.at)
    .map(({ prefixPartCount, ...sum }) => ({
      ...sum,
      missingPartCount: partCount - sum.partCount,
      missingPrefixPartCount: partCount - prefixPartCount,
    }));
}

/** What is not known adds nothing to what is. */
function joined<T>(a: T | undefined, b: T | undefined, join: (a: T, b: T) => T): T | undefined {
  return a === undefined || b === undefined ? (a ?? b) : join(a, b);
}

/** By hour, where free addresses were scattered most. */
function hourlyScatter(samples: readonly SeriesSample[], subnetId: string): ReadonlyMap<number, Scatter> {
  const scatters = new Map<number, Scatter>();
  for (const { observedAt, points } of samples) {
    const atMs = instantMs(observedAt);
    const scatter = scatterOf(points.get(subnetId));
    if (atMs !== undefined && scatter !== undefined) {
      const hour = Math.floor(atMs / MS_PER_HOUR);
      const known = scatters.get(hour);
      scatters.set(hour, known === undefined ? scatter : moreScattered(known, scatter));
    }
  }
  return scatters;
}

function scatterOf(point: SeriesPoint | undefined): Scatter | undefined {
  const { strandedAddressCount, freePrefixCountMost } = point ?? {};
  return strandedAddressCount === undefined || freePrefixCountMost === undefined
    ? undefined
    : {
        strandedAddressCount,
        alignableAddressCount: strandedAddressCount + ADDRESSES_PER_PREFIX * freePrefixCountMost,
      };
}

function leastOf(a: RoomPoint, b: RoomPoint): RoomPoint {
  return {
    at: a.at,
    freeMin: Math.min(a.freeMin, b.freeMin),
    freePrefixMin: joined(a.freePrefixMin, b.freePrefixMin, Math.min),
    scatter: joined(a.scatter, b.scatter, moreScattered),
  };
}

function moreScattered(a: Scatter, b: Scatter): Scatter {
  // Where nothing is free nothing is scattered.
  return (fragmentationOf(b) ?? 0) > (fragmentationOf(a) ?? 0) ? b : a;
}

function joinScatter(a: Scatter, b: Scatter): Scatter {
  return {
    alignableAddressCount: a.alignableAddressCount + b.alignableAddressCount,
    strandedAddressCount: a.strandedAddressCount + b.strandedAddressCount,
  };
}
