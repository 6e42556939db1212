import type { Instant } from '../domain/fact.ts';
import { instantMs } from '../domain/instant.ts';
import type { Target } from '../domain/region-facts.ts';
import { compareTargets } from './compare-targets.ts';
import type { PlanScan } from './message-ports.ts';
import { type ScheduledSlot, slotMs } from './slot.ts';
import { isDayOfTarget } from './spread.ts';
import type { Directory, RunPlan } from './store-ports.ts';
import { targetText, uniqueTargets } from './target-text.ts';

/** A VPC with clusters, and an account that is asked about it. */
export interface PulseCandidate {
  readonly target: Target;
  readonly vpcId: string;
  /** Whether a subnet of the VPC is at risk. */
  readonly isAtRisk: boolean;
  /** When something of the VPC was seen for the first time. */
  readonly firstObservedAt: Instant;
}

const MS_PER_DAY = 86_400_000;
/** How far the VPCs of a region swing within the hour is learnt on their first day, and on one in each so many. */
const LEARNING_DAYS = 14;

/** Plans a pulse: of the candidates that are still targets, all, or those at risk and those that are learnt. */
export function pulsePlan(
  slot: ScheduledSlot,
  plannedAt: Instant,
  directory: Directory,
  candidates: readonly PulseCandidate[],
  scope: PlanScan['pulseScope'],
): RunPlan {
  const known = new Set(directory.targets.map(targetText));
  const isChosen = (candidate: PulseCandidate) =>
    known.has(targetText(candidate.target)) &&
    (scope === 'with-clusters' || candidate.isAtRisk || isLearnt(candidate, slot));
  const chosen = candidates.filter(isChosen);
  const targets = uniqueTargets(chosen.map(({ target }) => target));
  const accountIds = new Set(targets.map(({ accountId }) => accountId));
  return {
    slot,
    plannedAt,
    caller: directory.caller,
    accounts: directory.accounts
      .filter(({ accountId }) => accountIds.has(accountId))
      .map((account) => ({
        ...account,
        outcome: 'planned',
        notScannedReason: undefined,
        regionsNotEnabled: [],
        regionsLeftOut: [],
      })),
    targets: targets.sort(compareTargets),
    pulsedVpcs: chosen.map(({ target, vpcId }) => ({ target, vpcId })),
    notSeen: [],
  };
}

/** By the slot's time, so that a repeat chooses the same. */
function isLearnt({ target, firstObservedAt }: PulseCandidate, slot: ScheduledSlot): boolean {
  const firstMs = instantMs(firstObservedAt);
  if (firstMs === undefined) {
    throw new RangeError(`Cannot plan a pulse: "${firstObservedAt}" is no instant`);
  }
  return slotMs(slot) - firstMs < MS_PER_DAY || isDayOfTarget(target, LEARNING_DAYS, slot);
}
