import type { SubnetState } from '../../capacity/region-state.ts';
import type { AlertReason } from '../alert.ts';
import type { AlertContext, AlertFinding, SubnetAlertKind } from '../alert-condition.ts';

/** What comes and goes with it is the same matter: a decision of this project. */
const CLEAR_AFTER_MS = 6 * 3_600_000;

/** EC2 counts other free addresses than the interfaces explain, by the same number at two scans. */
export const RESIDUAL_UNEXPLAINED: SubnetAlertKind = {
  kind: 'residual-unexplained',
  clearAfterMs: CLEAR_AFTER_MS,
  judge,
};

function judge(subnet: SubnetState, reasons: readonly AlertReason[], { earlierResiduals }: AlertContext): AlertFinding {
  const {
    capacity,
    subnet: { subnetId },
  } = subnet;
  const nothing = { reasons: [], forecast: undefined, drivers: [], change: undefined, cause: undefined };
  if (capacity?.source !== 'network-interfaces') {
    return { level: undefined, heldLevel: undefined, isSeen: false, what: nothing };
  }
  const { grade, unaccountedAddressCount } = capacity.reconciliation;
  if (grade !== 'unexplained') {
    return { level: undefined, heldLevel: undefined, isSeen: true, what: nothing };
  }
  // What is hidden holds addresses; what EC2 counts as free beyond the map takes none away.
  const severity = unaccountedAddressCount < 0 ? 'warning' : 'info';
  const isLasting = earlierResiduals.get(subnetId) === unaccountedAddressCount;
  return {
    level: isLasting ? severity : undefined,
    // Whatever its number is now: what opened the alert is not explained yet.
    heldLevel: reasons[0]?.severity ?? (isLasting ? severity : undefined),
    isSeen: true,
    what: {
      ...nothing,
      reasons: [residualReason(subnetId, severity, unaccountedAddressCount)],
      drivers:
        unaccountedAddressCount < 0
          ? [
              {
                kind: 'hidden',
                resourceId: subnetId,
                text: `something that EC2 does not list holds ${-unaccountedAddressCount} addresses`,
              },
            ]
          : [],
      change: {
        kind: 'look-for-hidden-holders',
        text: `Look in ${subnetId} for interfaces of services that EC2 hides, and for reservations that were not seen`,
      },
    },
  };
}

function residualReason(resourceId: string, severity: AlertReason['severity'], observed: number): AlertReason {
  return {
    code: 'residual-unexplained',
    resourceId,
    observed,
    needed: 0,
    unit: 'addresses',
    severity,
    withinDays: undefined,
    text: `EC2 counts ${Math.abs(observed)} ${observed < 0 ? 'fewer' : 'more'} free addresses than the network interfaces leave`,
  };
}
