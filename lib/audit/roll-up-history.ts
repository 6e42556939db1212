import pLimit from 'p-limit';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { GroupDay } from '../domain/trend/fleet-day.ts';
import { type RoomSum, type RoomSums, roomSums } from '../domain/trend/roll-up.ts';
import { type Fleet, vpcAt } from './fleet.ts';
import { at, rowsOf, textOf } from './fleet-columns.ts';
import { FLEET_GROUPINGS, type FleetGrouping, type FleetHistoryStore } from './fleet-history-ports.ts';
import type { FleetStore } from './fleet-ports.ts';
import { idAt } from './id-column.ts';
import type { SeriesStore } from './store-ports.ts';
import { type RollUp, summarizeFleet } from './summarize-fleet.ts';

export interface RollUpHistoryPorts {
  readonly fleet: Pick<FleetStore, 'readFleet'>;
  readonly series: Pick<SeriesStore, 'dailyRoom'>;
  readonly history: FleetHistoryStore;
  readonly clock: { now(): number };
}

export interface RollUpHistorySummary {
  /** `not-due`: yesterday is added up already. */
  readonly outcome: 'rolled-up' | 'not-due' | 'no-fleet';
  readonly dayCount: number;
  readonly vpcCount: number;
}

const MS_PER_DAY = 86_400_000;
/** By then every VPC that can be scanned was judged on the new day, and has kept the one before: scans are hourly. */
const SETTLED_AFTER_MS = 2 * 3_600_000;
/** So many days are added up once more: what was not seen for less than a week is in the history after all. */
const MENDED_DAYS = 7;
/** Series of so many VPCs are read at once. */
const VPCS_AT_ONCE = 16;
/** Of subnets of no team, and of the fleet as a whole. No account, Region or team is called that. */
const NO_NAME = '';

/**
 * Adds up what accounts, Regions, teams and the fleet had left on the days before today, once a day: the last week, or as many
 * days as are asked for, whether or not that was done. The fleet's own yesterday is written last and says that it was, so
 * whoever stops in between is finished by the next. Reads the daily room of every VPC: an RRU each as a rule. Throws at the end
 * where that of some could not be read: their subnets are then among those not seen, until tomorrow's attempt.
 */
export async function rollUpHistory(ports: RollUpHistoryPorts, daysAsked?: number): Promise<RollUpHistorySummary> {
  const nowMs = ports.clock.now();
  const yesterday = Math.floor((nowMs - SETTLED_AFTER_MS) / MS_PER_DAY) - 1;
  if (daysAsked === undefined && (await ports.history.hasDay('fleet', yesterday))) {
    return { outcome: 'not-due', dayCount: 0, vpcCount: 0 };
  }
  const fleet = await ports.fleet.readFleet();
  if (fleet === undefined) {
    return { outcome: 'no-fleet', dayCount: 0, vpcCount: 0 };
  }
  const dayCount = daysAsked ?? MENDED_DAYS;
  const first = yesterday - dayCount + 1;
  const { sums, unread } = await sumVpcs(fleet, { from: first, to: yesterday }, ports.series);
  const groups = groupsOf(fleet, nowMs);
  for (let day = first; day <= yesterday; day += 1) {
    for (const grouping of FLEET_GROUPINGS) {
      const ofDay = groups[grouping].map((group) => groupDay(group, sums[grouping], { day, yesterday, nowMs }));
      await ports.history.keepDay(grouping, { day, groups: ofDay });
    }
  }
  const [failure] = unread;
  if (failure !== undefined) {
    throw new Error(
      `Cannot read the days of ${unread.length} of ${fleet.vpcs.vpcId.length} VPCs, ${failure.vpc.vpcId} of ${failure.vpc.ownerId} the first: their subnets count as not seen`,
      { cause: failure.cause },
    );
  }
  return { outcome: 'rolled-up', dayCount, vpcCount: fleet.vpcs.vpcId.length };
}

interface UnreadVpc {
  readonly vpc: VpcId;
  readonly cause: unknown;
}

type ByGrouping<T> = Readonly<Record<FleetGrouping, T>>;
/** By name of the group, then by day. */
type GroupSums = ReadonlyMap<string, ReadonlyMap<number, RoomSum>>;

/** Adds up the daily room of every subnet with IPv4 addresses, VPC by VPC, so that no more than a few are in memory. */
async function sumVpcs(
  fleet: Fleet,
  days: { readonly from: number; readonly to: number },
  series: RollUpHistoryPorts['series'],
): Promise<{ readonly sums: ByGrouping<GroupSums>; readonly unread: readonly UnreadVpc[] }> {
  const unread: UnreadVpc[] = [];
  const readRooms = async (vpc: VpcId): ReturnType<SeriesStore['dailyRoom']> => {
    try {
      return await series.dailyRoom(vpc, days);
    } catch (cause) {
      // One that is damaged must not keep all others out of the history; the caller throws when these are in.
      unread.push({ vpc, cause });
      return new Map();
    }
  };
  const sums: ByGrouping<RoomSums> = { account: roomSums(), region: roomSums(), team: roomSums(), fleet: roomSums() };
  const limit = pLimit(VPCS_AT_ONCE);
  const sumVpc = async (vpcRow: number): Promise<void> => {
    const rows = rowsOf(at(fleet.subnetsOfVpc, vpcRow)).filter((row) => hasIpv4(fleet, row));
    const vpc = vpcAt(fleet, vpcRow);
    const rooms: Awaited<ReturnType<typeof readRooms>> = rows.length === 0 ? new Map() : await readRooms(vpc);
    for (const row of rows) {
      // What nothing is kept of was not seen.
      const points = rooms.get(idAt(fleet.subnets.subnetId, row)) ?? [];
      sums.account.add(vpc.ownerId, points);
      sums.region.add(vpc.region, points);
      sums.team.add(textOf(fleet.texts, fleet.subnets.team, row) ?? NO_NAME, points);
      sums.fleet.add(NO_NAME, points);
    }
  };
  await Promise.all(fleet.subnetsOfVpc.map((_, vpcRow) => limit(() => sumVpc(vpcRow))));
  const { account, region, team, fleet: all } = sums;
  return {
    sums: { account: byDay(account), region: byDay(region), team: byDay(team), fleet: byDay(all) },
    unread,
  };
}

function hasIpv4({ subnets }: Fleet, row: number): boolean {
  return !Number.isNaN(at(subnets.usableAddressCount, row));
}

function byDay(sums: RoomSums): GroupSums {
  return new Map([...sums.sums()].map(([name, points]) => [name, new Map(points.map((point) => [point.at, point]))]));
}

/** The groups that subnets are in, as the fleet is now. */
function groupsOf(fleet: Fleet, nowMs: number): ByGrouping<readonly RollUp[]> {
  const { byAccount, byRegion, byTeam, totals } = summarizeFleet(fleet, {}, nowMs);
  const withSubnets = (groups: readonly RollUp[]) => groups.filter(({ totals: { subnetCount } }) => subnetCount > 0);
  return {
    account: withSubnets(byAccount),
    region: withSubnets(byRegion),
    team: withSubnets(byTeam),
    fleet: [{ name: undefined, totals }],
  };
}

interface DayOfRollUp {
  readonly day: number;
  readonly yesterday: number;
  readonly nowMs: number;
}

/** What has which status now is what it had when yesterday was over; of the days before nobody can tell any more. */
function groupDay({ name, totals }: RollUp, sums: GroupSums, { day, yesterday, nowMs }: DayOfRollUp): GroupDay {
  return {
    name,
    subnetCount: totals.subnetCount - totals.subnetsWithoutCounts,
    room: sums.get(name ?? NO_NAME)?.get(day),
    statuses:
      day === yesterday
        ? { countedAt: new Date(nowMs).toISOString(), subnetCountByStatus: totals.subnetCountByStatus }
        : undefined,
  };
}
