import * as z from 'zod';
import { fragmentationOf, type RoomPoint, type RoomSum } from '../domain/trend/roll-up.ts';

const count = z.int().nonnegative();

/** The least room within an hour or a day; all null where nothing was seen. */
export const roomFields = {
  freeAddressCountMin: count.nullable(),
  freePrefixCountMin: count.nullable().describe('Free /28 blocks; null where none were counted then'),
  fragmentation: z.number().min(0).max(1).nullable(),
};

/** The room of several subnets together. */
export const sumFields = {
  ...roomFields,
  seenSubnetCount: count.describe('Subnets that were seen then: the sum is of these'),
  missingSubnetCount: count.describe('Subnets that were not seen then: what those had is not in the sum'),
  missingPrefixSubnetCount: count.describe('Subnets whose /28 blocks are not in the sum'),
};

export function toRoomView(point: RoomPoint | undefined) {
  return {
    freeAddressCountMin: point?.freeMin ?? null,
    freePrefixCountMin: point?.freePrefixMin ?? null,
    fragmentation: fragmentationOf(point?.scatter) ?? null,
  };
}

/** Where no subnet was seen there is no sum, and all are missing. */
export function toSumView(sum: RoomSum | undefined, subnetCount: number) {
  return {
    ...toRoomView(sum),
    seenSubnetCount: sum === undefined ? 0 : sum.partCount,
    missingSubnetCount: sum === undefined ? subnetCount : sum.missingPartCount,
    missingPrefixSubnetCount: sum === undefined ? subnetCount : sum.missingPrefixPartCount,
  };
}

/** Returns every hour or day from the first to the last; those that were not seen are `undefined`. */
export function withGaps<P extends RoomPoint>(points: readonly P[]): [at: number, point: P | undefined][] {
  const first = points[0]?.at;
  const last = points.at(-1)?.at;
  if (first === undefined || last === undefined) {
    return [];
  }
  const byTime = new Map(points.map((point) => [point.at, point]));
  return Array.from({ length: last - first + 1 }, (_, index) => [first + index, byTime.get(first + index)]);
}

const MS_PER_HOUR = 3_600_000;

export function instantOfHour(hour: number): string {
  return new Date(hour * MS_PER_HOUR).toISOString();
}
