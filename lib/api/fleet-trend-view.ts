import * as z from 'zod';
import type { FleetTrend, FleetTrendGroup } from '../audit/read-fleet-trend.ts';
import type { GroupDay } from '../domain/trend/fleet-day.ts';
import { sumFields } from './room-view.ts';
import { dateOfDay } from './to-exhaustion-view.ts';
import { toSumView } from './to-room-view.ts';

const count = z.int().nonnegative();

const DayView = z.object({
  date: z.iso.date(),
  ...sumFields,
  statuses: z
    .object({
      countedAt: z.iso.datetime(),
      subnetCountByStatus: z.object({
        exhausted: count,
        critical: count,
        warning: count,
        unknown: count,
        healthy: count,
      }),
    })
    .nullable()
    .describe('How many subnets had which status when the day was over; null where nobody counted then'),
});

/** What accounts, Regions, teams or the fleet had left, day by day. */
export const FleetTrendView = z.object({
  by: z.enum(['account', 'region', 'team', 'fleet']),
  from: z.iso.date(),
  to: z.iso.date().describe('Yesterday: today is not over'),
  groups: z
    .array(
      z.object({
        name: z.string().nullable().describe('Null for subnets of no team, and for the fleet'),
        daily: z.array(DayView).describe('Days that were added up: one that is not there is not known'),
      }),
    )
    .describe('By name; subnets count for the account that owns them'),
  source: z.string().describe('What the numbers rest on'),
  history: z.string().describe('How much of the past is there, as a sentence'),
});
export type FleetTrendView = z.infer<typeof FleetTrendView>;

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
