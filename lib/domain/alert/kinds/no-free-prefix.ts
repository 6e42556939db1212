import type { SubnetState } from '../../capacity/region-state.ts';
import type { AlertReason } from '../alert.ts';
import { type AlertFinding, type SubnetAlertKind, worstLevel } from '../alert-condition.ts';
import { heldLevel, levelOfReason } from '../held-level.ts';
import { holderDrivers, roomChange, subnetMeasure } from './subnet-measure.ts';

/** As for exhaustion: what a day's peak takes comes back the next day. */
const CLEAR_AFTER_MS = 48 * 3_600_000;

/** Prefixes are in use and no /28 block is free, while addresses are: the subnet is fragmented, not full. */
export const NO_FREE_PREFIX: SubnetAlertKind = { kind: 'no-free-prefix', clearAfterMs: CLEAR_AFTER_MS, judge };

function judge(subnet: SubnetState, reasons: readonly AlertReason[]): AlertFinding {
  const { freePrefixCount, addressesLeft } = subnetMeasure(subnet);
  const { inUse, canFallBack } = subnet.prefixUse;
  const held = inUse ? heldLevel(reasons, () => freePrefixCount) : { level: undefined, isSeen: true };
  // Where no address is left either, that is what is told.
  const isShort = inUse && freePrefixCount === 0 && addressesLeft !== undefined && addressesLeft > 0;
  const reason = noPrefixReason(subnet.subnet.subnetId, canFallBack ? 'warning' : 'critical');
  const level = isShort ? levelOfReason(reason) : undefined;
  return {
    level,
    heldLevel: worstLevel([level, held.level]),
    isSeen: !inUse || freePrefixCount !== undefined,
    what: {
      reasons: isShort ? [reason] : [],
      forecast: undefined,
      drivers: holderDrivers(subnet),
      change:
        subnet.leakedNetworkInterfaceIds.length > 0
          ? roomChange(subnet)
          : {
              kind: 'replace-fragmented-nodes',
              text: `Replace nodes whose single addresses lie in otherwise free /28 blocks of ${subnet.subnet.subnetId}, or reserve blocks for prefixes`,
            },
      cause: undefined,
    },
  };
}

function noPrefixReason(resourceId: string, severity: AlertReason['severity']): AlertReason {
  return {
    code: 'no-free-prefix',
    resourceId,
    observed: 0,
    needed: 1,
    unit: 'blocks',
    severity,
    withinDays: undefined,
    text: `prefixes are in use and no /28 block is free${severity === 'warning' ? '; nodes go on with single addresses' : ''}`,
  };
}
