import { fragmentationOf, type RoomPoint, type RoomSum } from '../domain/trend/roll-up.ts';

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
