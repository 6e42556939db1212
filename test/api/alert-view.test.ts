import { expect, it } from 'vitest';
import { AlertView } from '../../lib/api/alert-view.ts';
import { toAlertView } from '../../lib/api/to-alert-view.ts';
import { anAlert } from '../domain/alert/an-alert.ts';

const MISSING = 'no forecast of addresses yet: 2 of 3 days with at least 18 hours seen';
const FORECAST = {
  subnetId: 'subnet-0a',
  series: 'blocks',
  floor: 1,
  p10: '2026-12-01',
  p50: undefined,
  p90: undefined,
  censoredAt: '2027-05-22',
  probability: [],
  caveats: [],
  missingHistory: MISSING,
} as const;
const ROOM = {
  subnetId: 'subnet-0a',
  series: 'blocks',
  freeCount: 2,
  capacityCount: 14,
  countedFrom: 'network-interfaces',
  observedAt: '2026-11-23T07:00:00.000Z',
} as const;

it.each([
  ['a subnet', anAlert({ what: { forecast: FORECAST, room: ROOM, change: { kind: 'add-subnet', text: 'Add one' } } })],
  [
    'a cluster, acknowledged',
    anAlert({
      subject: { kind: 'cluster', clusterId: '1:r:c', clusterName: 'c' },
      acknowledged: { by: 'ana', at: '2026-11-23T08:00:00.000Z' },
    }),
  ],
  [
    'an account, of which little is known',
    anAlert({
      subject: { kind: 'account', accountId: '1' },
      where: { accountName: undefined, region: undefined, vpcId: undefined, team: undefined, zones: [], subnets: [] },
    }),
  ],
  [
    'a target, snoozed',
    anAlert({
      subject: { kind: 'target', target: { accountId: '1', region: 'r' } },
      snoozed: { by: 'ana', at: '2026-11-23T08:00:00.000Z', until: '2026-11-24T08:00:00.000Z' },
    }),
  ],
])('shows an alert of %s by its contract', (_, alert) => {
  const view = toAlertView(alert);
  expect(AlertView.parse(view)).toEqual(view);
  expect(view.subject).toEqual({
    kind: alert.subject.kind,
    id: { subnet: 'subnet-0a', cluster: '1:r:c', account: '1', target: '1:r' }[alert.subject.kind],
  });
  expect(view.forecast).toEqual(
    alert.what.forecast === undefined
      ? null
      : { subnetId: 'subnet-0a', series: 'blocks', p10: '2026-12-01', p50: null, p90: null, missingHistory: MISSING },
  );
  expect(view.room).toEqual(alert.what.room ?? null);
  expect([view.acknowledgedBy, view.snoozedUntil]).toEqual([
    alert.acknowledged?.by ?? null,
    alert.snoozed?.until ?? null,
  ]);
});
