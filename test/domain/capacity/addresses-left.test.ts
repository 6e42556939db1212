import { describe, expect, it } from 'vitest';
import { createAddressMap } from '../../../lib/domain/address/address-map.ts';
import { parseCidr } from '../../../lib/domain/address/cidr.ts';
import { reconcile } from '../../../lib/domain/address/reconcile.ts';
import { addressesLeft } from '../../../lib/domain/capacity/addresses-left.ts';
import type { PulseReading } from '../../../lib/domain/capacity/region-state.ts';

function leftOf(availableIpAddressCount: number, pulse?: PulseReading): number {
  const cidr = parseCidr('10.0.0.0/24');
  if (cidr === undefined) {
    throw new Error('The block of the test does not parse');
  }
  const map = createAddressMap({ cidr, holders: [], reservations: [] });
  const reconciliation = reconcile(map, [availableIpAddressCount]);
  return addressesLeft({ source: 'network-interfaces', counts: map, reconciliation, freePrefixCount: 14, pulse });
}

describe('the addresses left in a subnet', () => {
  it.each([
    [250, 250],
    [251, 251],
    [252, 251],
    [0, 0],
    [-1, 0],
  ])('are the lower one of what EC2 counts, here %d, and the 251 that no interface holds: %d', (available, left) => {
    expect(leftOf(available)).toBe(left);
  });

  it.each([
    [7, 7],
    [0, 0],
    [-1, 0],
  ])('are those that EC2 counts, here %d, where no interfaces were listed: %d', (availableIpAddressCount, left) => {
    const counted = { usableAddressCount: 251, availableIpAddressCount, maxPrefixCount: 14, pulse: undefined };
    expect(addressesLeft({ source: 'available-ip-address-count', ...counted })).toBe(left);
  });

  it.each([
    // As many as before: what an agreeing map allows.
    [251, 200, 200],
    [251, 251, 251],
    [251, 0, 0],
    // The map saw three fewer than EC2 counted: three of the pulse's are not believed either.
    [254, 254, 251],
    [254, 3, 0],
    [254, 2, 0],
    // EC2 counted fewer than the map: EC2's count is the lower one, before and after.
    [240, 240, 240],
    [240, 250, 250],
  ])('follow a pulse: EC2 counted %d, then %d, so %d are left', (available, pulsed, left) => {
    const pulse = { availableIpAddressCount: pulsed, observedAt: '2026-11-23T08:15:00.000Z' };
    expect(leftOf(available, pulse)).toBe(left);
    const counted = { usableAddressCount: 251, availableIpAddressCount: available, maxPrefixCount: 14, pulse };
    expect(addressesLeft({ source: 'available-ip-address-count', ...counted })).toBe(pulsed);
  });
});
