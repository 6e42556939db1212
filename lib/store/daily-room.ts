import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { RoomPoint } from '../domain/trend/roll-up.ts';
import { changeDocument } from './change-document.ts';
import { DAILY_ROOM_DOCUMENT, encodeDailyRoom, type RoomBySubnet } from './daily-room-codec.ts';
import { decodeDocument } from './document-kind.ts';
import { dailyRoomKey } from './keys.ts';
import { readPackedBetween } from './packed-between.ts';
import { nowSeconds, type StoreTable } from './table.ts';

const MS_PER_DAY = 86_400_000;
const SECONDS_PER_DAY = 86_400;
const MONTH_LENGTH = '2026-11'.length;
const YEAR_LENGTH = '2026'.length;

/** Keeps the least room of days, each with the others of its month. */
export async function keepDailyRoom(
  table: StoreTable,
  vpc: VpcId,
  rooms: RoomBySubnet,
  keptDays: number,
): Promise<void> {
  for (const [month, added] of byMonth(rooms)) {
    const expiresAt = (firstDayAfter(month) + keptDays) * SECONDS_PER_DAY;
    if (expiresAt > nowSeconds(table)) {
      await changeDocument(table, dailyRoomKey(vpc, month), {
        kind: DAILY_ROOM_DOCUMENT,
        encode: encodeDailyRoom,
        expiresAt,
        change: (known) => joinRooms(known, added),
      });
    }
  }
}

/** Reads the least room of the days from one to another, both included, by subnet id. */
export async function dailyRoom(
  table: StoreTable,
  vpc: VpcId,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<RoomBySubnet> {
  const months = await readPackedBetween(table, dailyRoomKey(vpc, monthOf(from)), dailyRoomKey(vpc, monthOf(to)));
  const rooms = new Map<string, readonly RoomPoint[]>();
  for (const document of months) {
    for (const [subnetId, points] of decodeDocument(DAILY_ROOM_DOCUMENT, document)) {
      const within = points.filter(({ at }) => at >= from && at <= to);
      if (within.length > 0) {
        rooms.set(subnetId, [...(rooms.get(subnetId) ?? []), ...within]);
      }
    }
  }
  return rooms;
}

function monthOf(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, MONTH_LENGTH);
}

/** Months of `Date.UTC` count from 0, so the number of a month is that of the next. */
function firstDayAfter(month: string): number {
  return Date.UTC(Number(month.slice(0, YEAR_LENGTH)), Number(month.slice(YEAR_LENGTH + 1)), 1) / MS_PER_DAY;
}

function byMonth(rooms: RoomBySubnet): ReadonlyMap<string, RoomBySubnet> {
  const months = new Map<string, Map<string, RoomPoint[]>>();
  for (const [subnetId, points] of rooms) {
    for (const point of points) {
      const month = monthOf(point.at);
      const subnets = months.get(month) ?? new Map<string, RoomPoint[]>();
      months.set(month, subnets);
      subnets.set(subnetId, [...(subnets.get(subnetId) ?? []), point]);
    }
  }
  return months;
}

/** Days that are added stand in place of what was known of them; `undefined` where all of them are known as they are. */
function joinRooms(known: RoomBySubnet | undefined, added: RoomBySubnet): RoomBySubnet | undefined {
  const joined = new Map(known);
  let isChanged = false;
  for (const [subnetId, points] of added) {
    const byDay = new Map(joined.get(subnetId)?.map((point) => [point.at, point]));
    for (const point of points) {
      isChanged ||= !isSamePoint(byDay.get(point.at), point);
      byDay.set(point.at, point);
    }
    joined.set(
      subnetId,
      [...byDay.values()].sort((a, b) => a.at - b.at),
    );
  }
  return isChanged ? joined : undefined;
}

function isSamePoint(a: RoomPoint | undefined, b: RoomPoint): boolean {
  return (
    a?.freeMin === b.freeMin &&
    a.freePrefixMin === b.freePrefixMin &&
    a.scatter?.alignableAddressCount === b.scatter?.alignableAddressCount &&
    a.scatter?.strandedAddressCount === b.scatter?.strandedAddressCount
  );
}
