import type { Status } from '../capacity/subnet-status.ts';
import { compareNames } from '../compare-names.ts';
import type { Instant } from '../fact.ts';
import type { RoomSum } from './roll-up.ts';

/** What groups of subnets had left on one day: the accounts, Regions or teams of a fleet, or all of it as the only group. */
export interface FleetDay {
  /** Whole days since 1970, in UTC. */
  readonly day: number;
  /** By name, that of `undefined` last. */
  readonly groups: readonly GroupDay[];
}

export interface GroupDay {
  /** `undefined` for subnets of no team, and for the fleet as a whole. */
  readonly name: string | undefined;
  /** Subnets with IPv4 addresses that the fleet listed when the day was added up, seen that day or not. */
  readonly subnetCount: number;
  /** `undefined` where not one of them was seen for long enough. */
  readonly room: RoomSum | undefined;
  /** `undefined` where nobody counted when the day was over. */
  readonly statuses: StatusCounts | undefined;
}

/** How many subnets had which status, at the moment that they were counted. */
export interface StatusCounts {
  readonly countedAt: Instant;
  readonly subnetCountByStatus: Readonly<Record<Status, number>>;
}

/**
 * Joins what is known of a day with what was found when it was added up again. Of the room of a group that of more subnets
 * stands, of as many the newer: a subnet that is gone by now takes nothing from days on which it was there. Statuses stand as
 * they were counted first.
 */
export function joinFleetDays(known: FleetDay | undefined, found: FleetDay): FleetDay {
  const groups = new Map((known?.groups ?? []).map((group) => [group.name, group]));
  for (const group of found.groups) {
    const before = groups.get(group.name);
    groups.set(group.name, before === undefined ? group : joinGroups(before, group));
  }
  return { day: found.day, groups: [...groups.values()].sort((a, b) => compareNames(a.name, b.name)) };
}

function joinGroups(known: GroupDay, found: GroupDay): GroupDay {
  const { subnetCount, room } = seenCount(found) >= seenCount(known) ? found : known;
  return { name: found.name, subnetCount, room, statuses: known.statuses ?? found.statuses };
}

function seenCount({ room }: GroupDay): number {
  return room === undefined ? 0 : room.partCount;
}
