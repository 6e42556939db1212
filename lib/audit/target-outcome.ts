import type { CollectError, CollectErrorCode, Instant } from '../domain/fact.ts';
import type { Target } from '../domain/region-facts.ts';
import { scopeNotSeen } from './coverage.ts';
import { SLOT_INTERVAL_MS, type Slot, slotText } from './slot.ts';
import type { TargetOutcome } from './store-ports.ts';

/** What another try may well mend. A denial is an answer. */
const TRANSIENT_CODES: ReadonlySet<CollectErrorCode> = new Set([
  'throttled',
  'endpoint-unreachable',
  'service-error',
  'deadline-exceeded',
  'cancelled',
]);

export function isWorthRetrying({ code }: CollectError): boolean {
  return TRANSIENT_CODES.has(code);
}

/** The outcome of a target that could not be entered at all. */
export function notEnteredOutcome(target: Target, error: CollectError, endedAt: Instant): TargetOutcome {
  return {
    target,
    state: 'failed',
    endedAt,
    vpcCount: 0,
    clusterCount: 0,
    notSeen: [scopeNotSeen('account', error, target)],
  };
}

const MS_PER_MINUTE = 60_000;

/** The outcome of a target whose message came too late to be worth acting on. */
export function missedOutcome(target: Target, slot: Slot, endedAt: Instant): TargetOutcome {
  const limitMinutes = SLOT_INTERVAL_MS[slot.kind] / MS_PER_MINUTE;
  const error: CollectError = {
    action: 'elbowroom:ScanTarget',
    code: 'deadline-exceeded',
    message: `The message of ${slotText(slot)} came at ${endedAt}, expected within ${limitMinutes} minutes; the next slot looks again`,
    awsErrorName: undefined,
  };
  return {
    target,
    state: 'missed',
    endedAt,
    vpcCount: 0,
    clusterCount: 0,
    notSeen: [scopeNotSeen('region', error, target)],
  };
}
