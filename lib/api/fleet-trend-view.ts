import * as z from 'zod';
import { sumFields } from './room-view.ts';

const count = z.int().nonnegative();

export const DayView = z.object({
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
