import * as z from 'zod';
import { fragmentationOf, type RoomPoint } from '../domain/trend/roll-up.ts';

const count = z.int().nonnegative();

/** The least room within an hour or a day; all null where nothing was seen. */
export const roomFields = {
  freeAddressCountMin: count.nullable(),
  freePrefixCountMin: count.nullable().describe('Free /28 blocks; null where none were counted then'),
  fragmentation: z.number().min(0).max(1).nullable(),
};

export function toRoomView(point: RoomPoint | undefined) {
  return {
    freeAddressCountMin: point?.freeMin ?? null,
    freePrefixCountMin: point?.freePrefixMin ?? null,
    fragmentation: fragmentationOf(point?.scatter) ?? null,
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
