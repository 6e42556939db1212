import { urgency } from '../domain/capacity/subnet-status.ts';
import { type Fleet, vpcAt } from './fleet.ts';
import { at, instantOf, rowsOf, slices, textOf } from './fleet-columns.ts';
import type { PulseCandidate } from './pulse-plan.ts';

const MS_PER_DAY = 86_400_000;
/** A subnet that may run out within a month is looked at more often. A decision of this project. */
const RISK_DAYS = 30;

/**
 * Returns what a pulse may look at: each VPC with clusters, once for each account that has to be asked. That is
 * the owner, who sees every subnet; where the owner is not scanned, every account that sees into the VPC, each its own part.
 */
export function pulseCandidates(fleet: Fleet): readonly PulseCandidate[] {
  const viewersOfVpc = slices(fleet.vpcs.viewerCount);
  return fleet.subnetsOfVpc.flatMap((_, row): PulseCandidate[] => {
    if (!hasClusters(fleet, row)) {
      return [];
    }
    const { ownerId, region, vpcId } = vpcAt(fleet, row);
    const viewers = rowsOf(at(viewersOfVpc, row)).flatMap(
      (place) => textOf(fleet.texts, fleet.vpcs.viewer, place) ?? [],
    );
    const asked = viewers.includes(ownerId) ? [ownerId] : viewers;
    const today = Math.floor(at(fleet.vpcs.observedMs, row) / MS_PER_DAY);
    const isAtRisk = subnetsOf(fleet, row).some(
      (subnet) =>
        at(fleet.subnets.status, subnet) !== urgency('healthy') ||
        // One path in ten gets there within so many days, today the first. NaN, where none is known, is no less.
        at(fleet.subnets.exhaustionP10, subnet) < today + RISK_DAYS,
    );
    const firstObservedAt = instantOf(at(fleet.vpcs.firstObservedMs, row));
    return asked.map((accountId) => ({ target: { accountId, region }, vpcId, isAtRisk, firstObservedAt }));
  });
}

/** Of the VPC itself, or of other accounts in its subnets. */
function hasClusters(fleet: Fleet, row: number): boolean {
  return (
    at(fleet.vpcs.clusterCount, row) > 0 ||
    subnetsOf(fleet, row).some((subnet) => at(fleet.subnets.clusterCount, subnet) > 0)
  );
}

function subnetsOf(fleet: Fleet, row: number): number[] {
  return rowsOf(at(fleet.subnetsOfVpc, row));
}
