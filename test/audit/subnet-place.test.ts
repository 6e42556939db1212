import { describe, expect, it } from 'vitest';
import { fleetEntry, subnetPlace } from '../../lib/audit/fleet-vpc.ts';
import { compareEach, placeInVpc } from '../../lib/audit/subnet-place.ts';
import { type RealisticFleet, realisticVpc } from '../helpers/realistic-fleet.ts';

const FLEET: RealisticFleet = {
  vpcCount: 3,
  subnetsPerVpc: 9,
  clusterCount: 3,
  observedAt: '2026-11-23T08:00:00.000Z',
  seed: 7,
};

describe('the place of a subnet in its VPC', () => {
  it('goes by its first address, then by its id; without an address it is behind', () => {
    const inOrder = [
      { baseAddress: 0, subnetId: 'subnet-9' },
      // 9.255.255.0 and 10.0.0.0, of which one has a digit less.
      { baseAddress: 0x09ffff00, subnetId: 'subnet-8' },
      { baseAddress: 0x0a000000, subnetId: 'subnet-7' },
      { baseAddress: 0xffffff00, subnetId: 'subnet-5' },
      { baseAddress: 0xffffff00, subnetId: 'subnet-6' },
      { baseAddress: undefined, subnetId: 'subnet-1' },
      { baseAddress: undefined, subnetId: 'subnet-2' },
    ];
    const shuffled = inOrder.toSorted((a, b) => Number(a.subnetId > b.subnetId) - Number(a.subnetId < b.subnetId));
    expect(shuffled.sort((a, b) => compareEach(placeInVpc(a), placeInVpc(b)))).toEqual(inOrder);
  });

  it('is the same of its state and of its row, which lie by it in an entry of the fleet', () => {
    for (let index = 0; index < FLEET.vpcCount; index += 1) {
      const known = realisticVpc(FLEET, index);
      const [first, ...others] = known.subnets;
      const mixed = [...others.toReversed(), ...(first === undefined ? [] : [{ ...first, capacity: undefined }])];
      const { row, state } = fleetEntry({ ...known, subnets: mixed }, 'v1');
      const places = state.subnets.map(subnetPlace);
      expect(places).toEqual(row.subnets.map(placeInVpc));
      expect(places).toEqual(places.toSorted(compareEach));
      expect(places.at(-1)).toEqual(['~', first?.subnet.subnetId]);
      expect(new Set(places.map(([, subnetId]) => subnetId)).size).toBe(FLEET.subnetsPerVpc);
    }
  });
});
