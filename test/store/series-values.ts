import type { RoomPoint } from '../../lib/domain/trend/roll-up.ts';
import type { SeriesPoint, SeriesSample } from '../../lib/domain/trend/series.ts';

/** A point of a pulse: EC2's count and nothing else. */
export function aPulsePoint(availableIpAddressCount: number): SeriesPoint {
  return {
    availableIpAddressCount,
    usedAddressCount: undefined,
    freeAddressCount: undefined,
    reservedAddressCount: undefined,
    freePrefixCount: undefined,
    freePrefixCountMost: undefined,
    strandedAddressCount: undefined,
  };
}

export function aScanPoint(overrides: Partial<SeriesPoint> = {}): SeriesPoint {
  return {
    availableIpAddressCount: 200,
    usedAddressCount: 51,
    freeAddressCount: 200,
    reservedAddressCount: 0,
    freePrefixCount: 10,
    freePrefixCountMost: 11,
    strandedAddressCount: 24,
    ...overrides,
  };
}

export function aSample(overrides: Partial<SeriesSample> = {}): SeriesSample {
  return {
    observedAt: '2026-11-23T08:00:02.345Z',
    kind: 'scan',
    viewerAccountId: '111122223333',
    points: new Map([['subnet-1', aScanPoint()]]),
    ...overrides,
  };
}

/** 2026-11-01, as whole days since 1970. */
export const FIRST_DAY = 20_758;

export function aRoomPoint(overrides: Partial<RoomPoint> = {}): RoomPoint {
  return {
    at: FIRST_DAY,
    freeMin: 200,
    freePrefixMin: 10,
    scatter: { alignableAddressCount: 184, strandedAddressCount: 24 },
    ...overrides,
  };
}
