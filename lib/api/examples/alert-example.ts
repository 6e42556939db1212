import type { AlertView } from '../alert-view.ts';

/** An alert that somebody looks after. */
export const ALERT_EXAMPLE: AlertView = {
  alertId: 'scan-stale.444444444444.account.444444444444',
  kind: 'scan-stale',
  severity: 'critical',
  isExhausted: false,
  state: 'open',
  subject: { kind: 'account', id: '444444444444' },
  accountId: '444444444444',
  accountName: 'Sandbox "R&D" <b>=cmd|\'/C calc\'!A0</b>',
  region: null,
  vpcId: null,
  availabilityZones: [],
  clusters: [],
  subnets: [],
  team: null,
  reasons: [
    {
      code: 'scan-failed',
      resourceId: '444444444444',
      observed: 2,
      needed: 0,
      unit: 'scans',
      severity: 'critical',
      withinDays: null,
      text: 'not seen by the last 2 scans: sts:AssumeRole access-denied',
    },
  ],
  forecast: null,
  drivers: [],
  change: { kind: 'restore-access', text: 'See why the scan does not get through: access-denied sts:AssumeRole' },
  openedAt: '2026-11-23T06:00:00.000Z',
  changedAt: '2026-11-23T06:00:00.000Z',
  observedAt: '2026-11-23T06:00:00.000Z',
  acknowledgedBy: null,
  snoozedUntil: null,
};
