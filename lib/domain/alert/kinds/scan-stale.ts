import type { SubnetState } from '../../capacity/region-state.ts';
import { statusReasonText } from '../../capacity/status-reason-text.ts';
import type { StatusReason } from '../../capacity/subnet-status.ts';
import type { VpcState } from '../../capacity/vpc-state.ts';
import type { CollectError } from '../../fact.ts';
import type { AlertFindings, AlertReason } from '../alert.ts';
import type { AlertFinding } from '../alert-condition.ts';

/** What is seen again is seen: nothing to wait for. */
export const SCAN_STALE_CLEAR_AFTER_MS = 0;
/** One scan that fails is looked at again by the next; what fails twice is told. A decision of this project. */
export const FAILED_SCANS_MIN = 2;

const NOTHING: AlertFindings = { reasons: [], forecast: undefined, drivers: [], change: undefined, cause: undefined };

/** Judges whether what the status of a VPC's cluster subnets rests on was seen, and lately enough. */
export function staleVpc({ subnets }: VpcState): AlertFinding {
  const unseen = subnets
    .filter(({ clusters }) => clusters.length > 0)
    .flatMap((state) => state.status.reasons.flatMap((reason) => (isUnseen(reason) ? [{ state, reason }] : [])));
  const [first] = unseen;
  if (first === undefined) {
    return { level: undefined, heldLevel: undefined, isSeen: true, what: NOTHING };
  }
  const cause = causeOf(first.reason);
  return {
    level: 'warning',
    heldLevel: 'warning',
    isSeen: true,
    what: {
      ...NOTHING,
      reasons: unseen.map(({ state, reason }) => staleReason(state, reason)),
      ...causeFindings(cause),
    },
  };
}

/** What the last scans of an account came to. */
export interface AccountScans {
  /** What failed in each of the last scans: a region, or the account where it was not entered. */
  readonly failing: readonly FailingScope[];
  /** Whether nothing of the account was seen. */
  readonly isWhole: boolean;
}

export interface FailingScope {
  /** As people look it up: `111122223333` or `111122223333 eu-west-1`. */
  readonly resourceId: string;
  /** In how many scans one after another, up to the last. */
  readonly scanCount: number;
  readonly error: CollectError;
}

/** Judges whether an account was seen. */
export function staleAccount({ failing, isWhole }: AccountScans): AlertFinding {
  const lasting = failing.filter(({ scanCount }) => scanCount >= FAILED_SCANS_MIN);
  const [first] = lasting;
  if (first === undefined) {
    return { level: undefined, heldLevel: undefined, isSeen: true, what: NOTHING };
  }
  const level = isWhole ? 'critical' : 'warning';
  return {
    level,
    heldLevel: level,
    isSeen: true,
    what: {
      ...NOTHING,
      reasons: lasting.map(({ resourceId, scanCount, error }) => ({
        code: 'scan-failed',
        resourceId,
        observed: scanCount,
        needed: 0,
        unit: 'scans',
        severity: level,
        withinDays: undefined,
        text: `not seen by the last ${scanCount} scans: ${error.action} ${error.code}`,
      })),
      ...causeFindings(errorText(first.error)),
    },
  };
}

type Unseen = Extract<StatusReason, { code: 'fact-not-seen' | 'fact-stale' }>;

function isUnseen(reason: StatusReason): reason is Unseen {
  return reason.code === 'fact-not-seen' || reason.code === 'fact-stale';
}

function staleReason({ subnet }: SubnetState, reason: Unseen): AlertReason {
  return {
    code: reason.code,
    resourceId: subnet.subnetId,
    observed: undefined,
    needed: undefined,
    unit: undefined,
    severity: 'warning',
    withinDays: undefined,
    text: statusReasonText(reason),
  };
}

function causeOf(reason: Unseen): string {
  return reason.code === 'fact-stale' ? `fact-stale ${reason.fact}` : errorText(reason.error);
}

function errorText({ action, code }: CollectError): string {
  return `${code} ${action}`;
}

function causeFindings(cause: string): Pick<AlertFindings, 'drivers' | 'change' | 'cause'> {
  return {
    cause,
    drivers: [],
    change: { kind: 'restore-access', text: `See why the scan does not get through: ${cause}` },
  };
}
