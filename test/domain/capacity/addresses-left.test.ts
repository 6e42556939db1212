import { describe, expect, it } from 'vitest';
import { createAddressMap } from '../../../lib/domain/address/address-map.ts';
import { parseCidr } from '../../../lib/domain/address/cidr.ts';
import { reconcile } from '../../../lib/domain/address/reconcile.ts';
import { addressesLeft } from '../../../lib/domain/capacity/addresses-left.ts';

function leftOf(availableIpAddressCount: number): number {
  const cidr = parseCidr('10.0.0.0/24');
  if (cidr === undefined) {
    throw new Error('The block of the test does not parse');
  }
  const map = createAddressMap({ cidr, holders: [], reservations: [] });
  const reconciliation = reconcile(map, [availableIpAddressCount]);
  return addressesLeft({ source: 'network-interfaces', counts: map, reconciliation, freePrefixCount: 14 });
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
    const counted = { usableAddressCount: 251, availableIpAddressCount, maxPrefixCount: 14 };
    expect(addressesLeft({ source: 'available-ip-address-count', ...counted })).toBe(left);
  });
});
