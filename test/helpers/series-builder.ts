import type { GroupDay } from '../../lib/domain/trend/fleet-day.ts';
import type { SeriesPoint, SeriesSample } from '../../lib/domain/trend/series.ts';
import { ACCOUNT_ID, SUBNET_ID } from './builders.ts';

const MS_PER_HOUR = 3_600_000;
export const HOURS_PER_DAY = 24;
/** 2026-11-23, as whole days since 1970. */
export const TODAY = 20_780;
/** Of a /24. */
export const USABLE = 251;

export function instantAt(hour: number, minute = 5): string {
  return new Date(hour * MS_PER_HOUR + minute * 60_000).toISOString();
}

/** What a scan says of a subnet in which so many addresses are free, all in the order of the map. */
export function aPoint(freeAddressCount: number, overrides: Partial<SeriesPoint> = {}): SeriesPoint {
  return {
    availableIpAddressCount: freeAddressCount,
    usedAddressCount: USABLE - freeAddressCount,
    freeAddressCount,
    reservedAddressCount: 0,
    freePrefixCount: Math.floor(freeAddressCount / 16),
    freePrefixCountMost: Math.floor(freeAddressCount / 16),
    strandedAddressCount: freeAddressCount % 16,
    ...overrides,
  };
}

/** One sample an hour, the first at `fromHour`; hours of which `free` knows nothing are left out. */
export function hourlySamples(
  fromHour: number,
  toHour: number,
  free: (hour: number) => number | undefined,
  subnetId = SUBNET_ID,
): SeriesSample[] {
  return Array.from({ length: toHour - fromHour }, (_, index) => fromHour + index).flatMap((hour) => {
    const count = free(hour);
    return count === undefined
      ? []
      : [
          {
            observedAt: instantAt(hour),
            kind: 'scan' as const,
            viewerAccountId: ACCOUNT_ID,
            points: new Map([[subnetId, aPoint(count)]]),
          },
        ];
  });
}

interface SeenGroup {
  readonly name?: string | undefined;
  readonly seen?: number;
  readonly free?: number;
  readonly countedAt?: string;
}

/** A group of three subnets of which so many were seen. */
export function aGroupDay({ name, seen = 3, free = 100, countedAt = '2026-11-24T02:00:00.000Z' }: SeenGroup): GroupDay {
  return {
    name,
    subnetCount: 3,
    room:
      seen === 0
        ? undefined
        : {
            at: TODAY,
            freeMin: free,
            freePrefixMin: 4,
            scatter: { alignableAddressCount: 80, strandedAddressCount: 16 },
            partCount: seen,
            missingPartCount: 3 - seen,
            missingPrefixPartCount: 3 - seen,
          },
    statuses: {
      countedAt,
      subnetCountByStatus: { exhausted: 0, critical: 1, warning: 0, unknown: 3 - seen, healthy: seen - 1 },
    },
  };
}
