import { SETTLING_ADDRESSES_MAX, SETTLING_USABLE_RATIO_MAX } from '../address/reconcile.ts';
import { instantMs } from '../instant.ts';
import type { SeriesPoint, SeriesSample } from './series.ts';

const MS_PER_HOUR = 3_600_000;

/** What was read of a subnet within one hour. Hours without a reading are left out, never filled. */
export interface HourlyReading {
  /** Whole hours since 1970. */
  readonly hour: number;
  /** The least and the most addresses that were seen in use. */
  readonly usedMin: number;
  readonly usedMax: number;
  readonly freeMin: number;
  /** Free /28 blocks; `undefined` where no reading of the hour counted them. */
  readonly freePrefixMin: number | undefined;
  readonly readingCount: number;
  /** Whether EC2 and the address map disagreed by more than what comes and goes between two calls. */
  readonly isUnexplained: boolean;
}

/** What the last scan with an address map allows to be said of EC2's count alone. */
interface MapReading {
  /** Addresses that were used or free. */
  readonly totalAddressCount: number;
  /** Addresses that EC2 counts and the map does not allow. */
  readonly disallowedAddressCount: number;
}

interface Reading {
  readonly used: number;
  readonly free: number;
  readonly freePrefixCount: number | undefined;
  readonly isUnexplained: boolean;
}

/**
 * Returns what samples of any order say of one subnet, hour by hour. Where the map and EC2 differ, the lower free count holds.
 * A pulse reads EC2's count only: what is in use is then told from the last scan before it that had a map, and where there was
 * none, from all `usableAddressCount` addresses, reserved ones included.
 */
export function hourlyReadings(
  samples: readonly SeriesSample[],
  subnetId: string,
  usableAddressCount: number,
): readonly HourlyReading[] {
  const hours = new Map<number, HourlyReading>();
  let map: MapReading | undefined;
  for (const { atMs, point } of inOrder(samples, subnetId)) {
    map = mapReadingOf(point) ?? map;
    const hour = Math.floor(atMs / MS_PER_HOUR);
    hours.set(hour, joined(hour, hours.get(hour), readingOf(point, map, usableAddressCount)));
  }
  return [...hours.values()];
}

function inOrder(
  samples: readonly SeriesSample[],
  subnetId: string,
): readonly { readonly atMs: number; readonly point: SeriesPoint }[] {
  return samples
    .flatMap(({ observedAt, points }) => {
      const atMs = instantMs(observedAt);
      const point = points.get(subnetId);
      return atMs === undefined || point === undefined ? [] : [{ atMs, point }];
    })
    .sort((a, b) => a.atMs - b.atMs);
}

function mapReadingOf(point: SeriesPoint): MapReading | undefined {
  const { usedAddressCount, freeAddressCount, availableIpAddressCount } = point;
  return usedAddressCount === undefined || freeAddressCount === undefined
    ? undefined
    : {
        totalAddressCount: usedAddressCount + freeAddressCount,
        disallowedAddressCount: Math.max(0, availableIpAddressCount - freeAddressCount),
      };
}

function readingOf(point: SeriesPoint, map: MapReading | undefined, usableAddressCount: number): Reading {
  const { availableIpAddressCount, freeAddressCount, freePrefixCount } = point;
  const total = map?.totalAddressCount ?? usableAddressCount;
  // Without a map nothing says that EC2 counts too much.
  const free = Math.max(0, availableIpAddressCount - (map?.disallowedAddressCount ?? 0));
  const settling = Math.max(SETTLING_ADDRESSES_MAX, SETTLING_USABLE_RATIO_MAX * usableAddressCount);
  return {
    used: Math.max(0, total - free),
    free,
    freePrefixCount,
    isUnexplained: freeAddressCount !== undefined && Math.abs(availableIpAddressCount - freeAddressCount) > settling,
  };
}

function joined(hour: number, before: HourlyReading | undefined, reading: Reading): HourlyReading {
  const { used, free, freePrefixCount, isUnexplained } = reading;
  if (before === undefined) {
    const counts = { usedMin: used, usedMax: used, freeMin: free, freePrefixMin: freePrefixCount };
    return { hour, ...counts, readingCount: 1, isUnexplained };
  }
  return {
    hour,
    usedMin: Math.min(before.usedMin, used),
    usedMax: Math.max(before.usedMax, used),
    freeMin: Math.min(before.freeMin, free),
    freePrefixMin: lower(before.freePrefixMin, freePrefixCount),
    readingCount: before.readingCount + 1,
    isUnexplained: before.isUnexplained || isUnexplained,
  };
}

function lower(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
