import type * as z from 'zod';
import type { FleetOutline } from '../audit/fleet.ts';
import { summarizeFleet } from '../audit/summarize-fleet.ts';
import type { FleetView, HistoryView, RollUpView, TotalsView } from './fleet-view.ts';
import type { RunView } from './run-view.ts';
import type { SubnetView } from './subnet-view.ts';
import type { VisibleAccounts } from './visible.ts';

export interface FleetParts {
  readonly fleet: FleetOutline;
  /** Whose subnets and clusters of it are shown. */
  readonly accountIds: VisibleAccounts;
  readonly nowMs: number;
  readonly mostUrgentSubnets: readonly SubnetView[];
  readonly coverage: RunView | undefined;
  readonly history: HistoryView;
}

const SOURCE =
  "EC2's counters of each subnet, and its network interfaces where the owner account was seen; countedFrom of a subnet says which";

/** Turns the fleet into its view at a moment. */
export function toFleetView({ fleet, accountIds, nowMs, mostUrgentSubnets, coverage, history }: FleetParts): FleetView {
  const { totals, byAccount, byRegion, byTeam, subnetsObserved } = summarizeFleet(fleet, { accountIds }, nowMs);
  return {
    version: fleet.version,
    rolledUpAt: fleet.rolledUpAt,
    oldestObservedAt: instantOrNull(subnetsObserved?.oldestMs),
    newestObservedAt: instantOrNull(subnetsObserved?.newestMs),
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

function instantOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
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
