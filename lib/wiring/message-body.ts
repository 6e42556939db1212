import type { JudgeVpc, PulseTarget, ScanTarget } from '../audit/message-ports.ts';
import type { Slot } from '../audit/slot.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { Target } from '../domain/region-facts.ts';

/** Messages as text. Field by field: whoever receives them refuses what the contract does not name. */

export function scanTargetBody({ slot, target, purpose }: ScanTarget): string {
  return JSON.stringify({ slot: slotOf(slot), target: targetOf(target), purpose });
}

export function pulseTargetBody({ slot, target, vpcIds }: PulseTarget): string {
  return JSON.stringify({ slot: slotOf(slot), target: targetOf(target), vpcIds });
}

export function judgeVpcBody({ vpc, viewerAccountId, slot }: JudgeVpc): string {
  return JSON.stringify({ vpc: vpcOf(vpc), viewerAccountId, slot: slotOf(slot) });
}

function slotOf(slot: Slot): Slot {
  const { kind, at } = slot;
  return kind === 'request' ? { kind, at, requestId: slot.requestId } : { kind, at };
}

function targetOf({ accountId, region }: Target): Target {
  return { accountId, region };
}

function vpcOf({ ownerId, region, vpcId }: VpcId): VpcId {
  return { ownerId, region, vpcId };
}
