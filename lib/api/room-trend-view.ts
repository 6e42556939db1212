import * as z from 'zod';
import { CrossingView } from './crossing-view.ts';
import { sumFields } from './room-view.ts';

const GroupView = z.object({
  group: z.enum(['cluster', 'zone', 'vpc']),
  id: z.string().describe('Of the cluster, the VPC, or the Availability Zone'),
  subnetIds: z.array(z.string()),
  hourly: z
    .array(z.object({ at: z.iso.datetime(), ...sumFields }))
    .describe('The least of each subnet in each hour, added up; empty where the window is longer than 90 days'),
  daily: z
    .array(z.object({ date: z.iso.date(), ...sumFields }))
    .describe('The least of each subnet on each day, added up'),
});

const PortfolioView = z.object({
  group: z.enum(['zone', 'vpc']),
  id: z.string(),
  subnetIds: z.array(z.string()).describe('All subnets of the zone or the VPC that have enough history'),
  missingSubnetIds: z.array(z.string()).describe('Subnets with too little history: what they need is not in it'),
  capacityCount: z.number(),
  atFloor: CrossingView,
  atZero: CrossingView,
});

/** How the room of a cluster went, and where it goes. */
export const RoomTrendView = z.object({
  vpcId: z.string(),
  region: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  groups: z
    .array(GroupView)
    .describe(
      'The cluster, then its subnets by zone, for pods of one zone cannot use the addresses of another; last all subnets of the VPC, where you may see each of them',
    ),
  forecastOf: z.iso.date().nullable().describe('The day that the forecasts were made on, from the days before'),
  portfolios: z
    .array(PortfolioView)
    .describe('When zones and the VPC run out, all their subnets together; empty where none of them is at risk'),
  source: z.string().describe('What the numbers rest on'),
  history: z.string().describe('How much of the past is there, as a sentence'),
});

export type RoomTrendView = z.infer<typeof RoomTrendView>;
