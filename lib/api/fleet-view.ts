import * as z from 'zod';
import type { Fleet } from '../audit/fleet.ts';
import { fleetFigures } from '../audit/fleet-figures.ts';
import { type FleetFilter, rowsMatching } from '../audit/fleet-filter.ts';
import { summarizeFleet } from '../audit/summarize-fleet.ts';
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
const TotalsView = z.object({
  vpcCount: count,
  subnetCount: count,
  clusterCount: count,
  usableAddressCount: count,
  usedAddressCount: count,
  freeAddressCount: count.describe('Over all subnets: one that is full is not helped by another'),
  reservedAddressCount: count,
  freePrefixCount: count.describe('Free /28 blocks'),
  subnetsWithoutCounts: count.describe('Subnets that add no addresses'),
  subnetsWithoutPrefixCount: count.describe('Subnets that add no /28 blocks'),
  staleSubnetCount: count,
  staleClusterCount: count,
  subnetCountByStatus: countByStatus,
  clusterCountByStatus: countByStatus,
});

const RollUpView = z.object({ name: z.string().nullable(), totals: TotalsView });

/** How much of the past is there. Until it is all there, what shows a trend says so. */
export const HistoryView = z.object({
  state: z.enum(['none', 'building', 'complete', 'failed']),
  daysExpected: count,
  daysFinished: count,
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
  newestObservedAt: z.iso.datetime().nullable(),
  source: z.string().describe('What the numbers rest on'),
  totals: TotalsView,
  byAccount: z.array(RollUpView).describe('By the owner of the subnet and the account of the cluster'),
  byRegion: z.array(RollUpView),
  byTeam: z.array(RollUpView).describe('The name is null where no rule of the settings names a team'),
  mostUrgentSubnets: z.array(SubnetView).describe('Those that are not healthy, most urgent first, 10 at the most'),
  coverage: RunView.nullable().describe('The newest scan; null before the first'),
  history: HistoryView,
});
export type FleetView = z.infer<typeof FleetView>;

export interface FleetParts {
  readonly fleet: Fleet;
  /** What of it is shown. */
  readonly filter: FleetFilter;
  readonly nowMs: number;
  readonly mostUrgentSubnets: readonly SubnetView[];
  readonly coverage: RunView | undefined;
  readonly history: HistoryView;
}

const SOURCE =
  "EC2's counters of each subnet, and its network interfaces where the owner account was seen; countedFrom of a subnet says which";

/** Turns the fleet into its view at a moment. */
export function toFleetView({ fleet, filter, nowMs, mostUrgentSubnets, coverage, history }: FleetParts): FleetView {
  const { totals, byAccount, byRegion, byTeam } = summarizeFleet(fleet, filter, nowMs);
  const observed = observedSpan(fleet, rowsMatching(fleet, 'subnets', filter, fleetFigures(fleet, nowMs).subnets));
  return {
    version: fleet.version,
    rolledUpAt: fleet.rolledUpAt,
    oldestObservedAt: observed?.oldest ?? null,
    newestObservedAt: observed?.newest ?? null,
    source: SOURCE,
    totals: toTotalsView(totals),
    byAccount: byAccount.map(toRollUpView),
    byRegion: byRegion.map(toRollUpView),
    byTeam: byTeam.map(toRollUpView),
    mostUrgentSubnets: [...mostUrgentSubnets],
    coverage: coverage ?? null,
    history,
  };
}

type Summary = ReturnType<typeof summarizeFleet>;

function toRollUpView({ name, totals }: Summary['byTeam'][number]): z.infer<typeof RollUpView> {
  return { name: name ?? null, totals: toTotalsView(totals) };
}

function toTotalsView(totals: Summary['totals']): z.infer<typeof TotalsView> {
  return {
    vpcCount: totals.vpcCount,
    subnetCount: totals.subnetCount,
    clusterCount: totals.clusterCount,
    usableAddressCount: totals.usableAddressCount,
    usedAddressCount: totals.usedAddressCount,
    freeAddressCount: totals.freeAddressCount,
    reservedAddressCount: totals.reservedAddressCount,
    freePrefixCount: totals.freePrefixCount,
    subnetsWithoutCounts: totals.subnetsWithoutCounts,
    subnetsWithoutPrefixCount: totals.subnetsWithoutPrefixCount,
    staleSubnetCount: totals.staleSubnetCount,
    staleClusterCount: totals.staleClusterCount,
    subnetCountByStatus: { ...totals.subnetCountByStatus },
    clusterCountByStatus: { ...totals.clusterCountByStatus },
  };
}

/** `matches` is 1 where a subnet counts. */
function observedSpan(
  { subnets }: Fleet,
  matches: Uint8Array,
): { readonly oldest: string; readonly newest: string } | undefined {
  let oldestMs = Number.POSITIVE_INFINITY;
  let newestMs = Number.NEGATIVE_INFINITY;
  subnets.observedMs.forEach((observedMs, row) => {
    if (matches[row] === 1) {
      oldestMs = Math.min(oldestMs, observedMs);
      newestMs = Math.max(newestMs, observedMs);
    }
  });
  return newestMs < oldestMs
    ? undefined
    : { oldest: new Date(oldestMs).toISOString(), newest: new Date(newestMs).toISOString() };
}
