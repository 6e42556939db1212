import type { Alert } from '../../../lib/domain/alert/alert.ts';
import type { AlertTransition } from '../../../lib/domain/alert/alert-transition.ts';
import { anAlert } from '../../domain/alert/an-alert.ts';

/** A subnet that was to run out some time, and has little left now: with everything that an alert can say. */
const CRITICAL: Alert = anAlert({
  severity: 'critical',
  sequence: 2,
  changedAt: '2026-11-25T09:00:00.000Z',
  observedAt: '2026-11-25T09:04:11.000Z',
  what: {
    reasons: [
      {
        code: 'free-addresses-at-floor',
        resourceId: 'subnet-0a',
        observed: 9,
        needed: 13,
        unit: 'addresses',
        severity: 'critical',
        withinDays: undefined,
        text: '9 addresses free, 13 have to stay free',
      },
      {
        code: 'exhaustion-likely',
        resourceId: 'subnet-0a',
        observed: 0.82,
        needed: 0.5,
        unit: 'probability',
        severity: 'critical',
        withinDays: 7,
        text: 'runs out within 7 days with 82 % probability',
      },
    ],
    forecast: {
      subnetId: 'subnet-0a',
      series: 'addresses',
      floor: 13,
      p10: '2026-11-26',
      p50: '2026-11-29',
      p90: undefined,
      censoredAt: '2027-05-24',
      probability: [
        { days: 7, probability: 0.82 },
        { days: 30, probability: 0.88 },
      ],
      caveats: ['gaps'],
      missingHistory: 'no forecast of /28 blocks yet: 2 of 3 days with at least 18 hours counted since 2026-11-23',
    },
    room: {
      subnetId: 'subnet-0a',
      series: 'blocks',
      freeCount: 1,
      capacityCount: 14,
      countedFrom: 'network-interfaces',
      observedAt: '2026-11-25T09:00:02.000Z',
    },
    drivers: [{ kind: 'holder', resourceId: 'prod', text: 'nodes of prod hold 162 addresses' }],
    change: { kind: 'add-subnet', text: 'add a subnet in use1-az1 to the cluster prod' },
  },
});

/** A warning that became critical. */
export function anEscalation(alert: Alert = CRITICAL): AlertTransition {
  const { alertId, sequence, changedAt: at, severity, state } = alert;
  return {
    alertId,
    sequence,
    type: 'changed',
    at,
    before: { severity: 'warning', state: 'open' },
    after: { severity, state },
    alert,
  };
}
