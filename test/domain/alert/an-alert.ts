import type { Alert, AlertFindings, AlertWhere } from '../../../lib/domain/alert/alert.ts';
import type { PendingAlert } from '../../../lib/domain/alert/alert-notification.ts';
import type { AlertTransition } from '../../../lib/domain/alert/alert-transition.ts';

const VPC = { ownerId: '111122223333', region: 'us-east-1', vpcId: 'vpc-0a' };

/** An open alert of one subnet, as `overrides` says otherwise. */
export function anAlert(
  overrides: Partial<Omit<Alert, 'where' | 'what'>> & {
    readonly where?: Partial<AlertWhere>;
    readonly what?: Partial<AlertFindings>;
  } = {},
): Alert {
  const { where, what, ...rest } = overrides;
  return {
    alertId: 'exhaustion.111122223333.us-east-1.vpc-0a.subnet.subnet-0a',
    kind: 'exhaustion',
    home: { kind: 'vpc', vpc: VPC },
    subject: { kind: 'subnet', subnetId: 'subnet-0a' },
    severity: 'warning',
    isExhausted: false,
    state: 'open',
    sequence: 1,
    openedAt: '2026-11-23T08:00:00.000Z',
    isFirstJudgement: false,
    changedAt: '2026-11-23T08:00:00.000Z',
    observedAt: '2026-11-23T08:00:00.000Z',
    improvedSince: undefined,
    acknowledged: undefined,
    snoozed: undefined,
    mergedInto: undefined,
    ...rest,
    where: {
      accountId: VPC.ownerId,
      accountName: 'payments',
      accountIds: [VPC.ownerId],
      region: VPC.region,
      vpcId: VPC.vpcId,
      vpcName: 'main',
      zones: [{ availabilityZone: 'us-east-1a', availabilityZoneId: 'use1-az1' }],
      clusters: [{ clusterId: '111122223333:us-east-1:prod', clusterName: 'prod' }],
      subnets: [{ subnetId: 'subnet-0a', name: 'private-a', cidrBlock: '10.0.0.0/24' }],
      team: 'payments',
      tags: [['env', 'prod']],
      ...where,
    },
    what: {
      reasons: [
        {
          code: 'few-free-addresses',
          resourceId: 'subnet-0a',
          observed: 20,
          needed: 38,
          unit: 'addresses',
          severity: 'warning',
          withinDays: undefined,
          text: '20 addresses free, 15 % of the subnet is 38',
        },
      ],
      forecast: undefined,
      drivers: [],
      change: undefined,
      cause: undefined,
      ...what,
    },
  };
}

/** The transition that opened an alert. */
function anOpening(alert: Alert): AlertTransition {
  const { alertId, sequence, changedAt: at, severity, state } = alert;
  return { alertId, sequence, type: 'opened', at, before: undefined, after: { severity, state }, alert };
}

/** What a subscriber has not heard of an alert: that it opened. */
export function aPending(alert: Alert): PendingAlert {
  return { alert, transitions: [anOpening(alert)] };
}
