import { compareNames } from '../domain/compare-names.ts';
import type { GroupDay } from '../domain/trend/fleet-day.ts';
import type { FleetGrouping, FleetHistoryStore } from './fleet-history-ports.ts';

export interface FleetTrendPorts {
  readonly fleetHistory: Pick<FleetHistoryStore, 'readDays'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What the groups of a fleet had left, day by day. */
export interface FleetTrend {
  readonly by: FleetGrouping;
  /** Whole days since 1970, both included; the last is yesterday: today is not over. */
  readonly window: { readonly from: number; readonly to: number };
  /** By name, that of `undefined` last. */
  readonly groups: readonly FleetTrendGroup[];
}

export interface FleetTrendGroup {
  readonly name: string | undefined;
  /** By day; a day that was not added up is left out. */
  readonly days: ReadonlyMap<number, GroupDay>;
}

const MS_PER_DAY = 86_400_000;

/**
 * Reads what accounts, Regions, teams or the fleet had left on some days, yesterday the last, by one Query. Who sees some
 * accounts only is told by account, of these, and `undefined` otherwise: sums of other groups hold what others own.
 */
export async function readFleetTrend(
  by: FleetGrouping,
  days: number,
  visibleAccountIds: readonly string[] | undefined,
  { fleetHistory, now }: FleetTrendPorts,
): Promise<FleetTrend | undefined> {
  if (visibleAccountIds !== undefined && by !== 'account') {
    return undefined;
  }
  const to = Math.floor(now() / MS_PER_DAY) - 1;
  const window = { from: to - days + 1, to };
  const groups = new Map<string | undefined, Map<number, GroupDay>>();
  for (const { day, groups: ofDay } of await fleetHistory.readDays(by, window)) {
    for (const group of ofDay) {
      if (visibleAccountIds === undefined || (group.name !== undefined && visibleAccountIds.includes(group.name))) {
        groups.set(group.name, (groups.get(group.name) ?? new Map<number, GroupDay>()).set(day, group));
      }
    }
  }
  return {
    by,
    window,
    groups: [...groups].map(([name, byDay]) => ({ name, days: byDay })).sort((a, b) => compareNames(a.name, b.name)),
  };
}
