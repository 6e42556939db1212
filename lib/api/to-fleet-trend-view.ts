import type * as z from 'zod';
import type { FleetTrend, FleetTrendGroup } from '../audit/read-fleet-trend.ts';
import type { GroupDay } from '../domain/trend/fleet-day.ts';
import type { DayView, FleetTrendView } from './fleet-trend-view.ts';
import { dateOfDay } from './to-exhaustion-view.ts';
import { toSumView } from './to-room-view.ts';

const SOURCE =
  'The least of each subnet on each UTC day, added up: together they had at least that. Added up when the day is over, and again for a week where something of it comes late';

/** Turns the trend of a fleet into its view. */
export function toFleetTrendView({ by, window, groups }: FleetTrend, history: string): FleetTrendView {
  return {
    by,
    from: dateOfDay(window.from),
    to: dateOfDay(window.to),
    groups: groups.map(toGroupView),
    source: SOURCE,
    history,
  };
}

function toGroupView({ name, days }: FleetTrendGroup): FleetTrendView['groups'][number] {
  return { name: name ?? null, daily: [...days].map(([day, group]) => toDayView(day, group)) };
}

function toDayView(day: number, { subnetCount, room, statuses }: GroupDay): z.infer<typeof DayView> {
  return {
    date: dateOfDay(day),
    ...toSumView(room, subnetCount),
    statuses:
      statuses === undefined
        ? null
        : { countedAt: statuses.countedAt, subnetCountByStatus: { ...statuses.subnetCountByStatus } },
  };
}
