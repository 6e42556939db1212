import { describe, expect, it } from 'vitest';
import { toFleetView } from '../../lib/api/to-fleet-view.ts';
import { createFleet } from '../../lib/audit/fleet.ts';
import { fleetColumns } from '../../lib/audit/fleet-columns.ts';
import { fleetVpc } from '../../lib/audit/fleet-vpc.ts';
import { realisticVpc } from '../helpers/realistic-fleet.ts';

const NOW_MS = Date.parse('2026-11-23T09:00:00.000Z');
const VPC = fleetVpc(
  realisticVpc({ vpcCount: 1, subnetsPerVpc: 3, clusterCount: 0, observedAt: '2026-11-23T08:00:00.000Z', seed: 1 }, 0),
  'v1',
);

function viewOf(times: readonly string[]) {
  const subnets = VPC.subnets.map((subnet, index) => ({ ...subnet, observedAt: times[index] ?? '' }));
  const columns = fleetColumns([{ ...VPC, subnets }]);
  return toFleetView({
    fleet: createFleet(columns, { version: 'v1', rolledUpAt: '2026-11-23T08:45:00.000Z', scan: undefined }),
    accountIds: undefined,
    nowMs: NOW_MS,
    mostUrgentSubnets: [],
    coverage: undefined,
    history: { state: 'complete', daysExpected: 0, daysFinished: 0, message: '' },
  });
}

describe('the view of the fleet', () => {
  it('says from when its numbers are, the oldest and the newest', () => {
    const view = viewOf(['2026-11-23T08:00:00.000Z', '2026-11-23T07:30:00.000Z', '2026-11-23T08:10:00.000Z']);
    expect(view).toMatchObject({
      oldestObservedAt: '2026-11-23T07:30:00.000Z',
      newestObservedAt: '2026-11-23T08:10:00.000Z',
    });
  });

  it('leaves out of that what cannot be read as a time', () => {
    expect(viewOf(['yesterday', '2026-11-23T07:30:00.000Z', ''])).toMatchObject({
      oldestObservedAt: '2026-11-23T07:30:00.000Z',
      newestObservedAt: '2026-11-23T07:30:00.000Z',
    });
    expect(viewOf(['', '', ''])).toMatchObject({ oldestObservedAt: null, newestObservedAt: null });
  });
});
