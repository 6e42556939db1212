import type * as z from 'zod';
import type { Fleet } from '../audit/fleet.ts';
import { fleetFigures } from '../audit/fleet-figures.ts';
import { type FleetFilter, type Rows, rowsMatching } from '../audit/fleet-filter.ts';
import { summarizeFleet } from '../audit/summarize-fleet.ts';
import type { FleetView, HistoryView, RollUpView, TotalsView } from './fleet-view.ts';
import type { RunView } from './run-view.ts';
import type { SubnetView } from './subnet-view.ts';

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

/** From when what some subnets say is; `undefined` where the time of none can be read. */
function observedSpan(
  { subnets: { observedMs } }: Fleet,
  rows: Rows,
): { readonly oldest: string; readonly newest: string } | undefined {
  let oldestMs = Number.POSITIVE_INFINITY;
  let newestMs = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < rows.length; place += 1) {
    const ms = observedMs[rows[place] ?? Number.NaN] ?? Number.NaN;
    // Rows have what could not be read as a time as none.
    if (!Number.isNaN(ms)) {
      oldestMs = Math.min(oldestMs, ms);
      newestMs = Math.max(newestMs, ms);
    }
  }
  return newestMs < oldestMs
    ? undefined
    : { oldest: new Date(oldestMs).toISOString(), newest: new Date(newestMs).toISOString() };
}
