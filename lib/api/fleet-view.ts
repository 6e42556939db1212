import * as z from 'zod';
import { RESTS_ON } from './coverage-summary-view.ts';
import { RunView } from './run-view.ts';
import { SubnetView } from './subnet-view.ts';

const count = z.int().nonnegative();

const countByStatus = z.object({
  exhausted: count,
  critical: count,
  warning: count,
  unknown: count,
  healthy: count,
});

/** Sums over subnets and clusters. What a subnet does not know it does not add: the counts of such subnets are beside. */
export const TotalsView = z.object({
  vpcCount: count.describe('VPCs that a counted subnet or cluster is in'),
  subnetCount: count,
  clusterCount: count,
  usableAddressCount: count.describe('All addresses but the five AWS keeps of each subnet: used + free + reserved'),
  usedAddressCount: count,
  freeAddressCount: count.describe('Over all subnets: one that is full is not helped by another'),
  reservedAddressCount: count.describe('Unused addresses inside CIDR reservations'),
  freePrefixCount: count.describe('Free /28 blocks'),
  subnetsWithoutCounts: count.describe('Subnets that add no addresses'),
  subnetsWithoutPrefixCount: count.describe('Subnets that add no /28 blocks'),
  staleSubnetCount: count.describe('Subnets whose numbers are older than two scans'),
  staleClusterCount: count.describe('Clusters that were described longer ago than that'),
  subnetCountByStatus: countByStatus,
  clusterCountByStatus: countByStatus,
});

export const RollUpView = z.object({ name: z.string().nullable(), totals: TotalsView });

/** How much of the past is there. Until it is all there, what shows a trend says so. */
export const HistoryView = z.object({
  state: z.enum(['none', 'building', 'complete', 'failed']),
  daysExpected: count.describe('Days of the past that are built'),
  daysFinished: count.describe('Those of them that are there'),
  message: z.string().describe('As a sentence'),
});

export type HistoryView = z.infer<typeof HistoryView>;

/** The fleet as the API shows it. */
export const FleetView = z.object({
  version: z.string().describe('Another content has another version'),
  rolledUpAt: z.iso.datetime(),
  oldestObservedAt: z.iso
    .datetime()
    .nullable()
    .describe('When the subnet that was looked at longest ago was; null where there is none'),
  newestObservedAt: z.iso.datetime().nullable().describe('The same of the subnet that was looked at last'),
  source: z.string().describe('What the numbers rest on'),
  totals: TotalsView,
  byAccount: z.array(RollUpView).describe('By the owner of the subnet and the account of the cluster'),
  byRegion: z.array(RollUpView),
  byTeam: z.array(RollUpView).describe('The name is null where no rule of the settings names a team'),
  mostUrgentSubnets: z.array(SubnetView).describe('Those that are not healthy, most urgent first, 10 at the most'),
  coverage: RunView.nullable().describe(RESTS_ON),
  history: HistoryView,
});

export type FleetView = z.infer<typeof FleetView>;
