import type { SubnetCapacityState } from './region-state.ts';

/**
 * Returns the addresses that both the map and EC2's counter show free: the lower of the two, never below zero. Where a pulse
 * read the counter again, what the map did not allow of the first reading is not allowed of the second either.
 */
export function addressesLeft(capacity: SubnetCapacityState): number {
  const { pulse } = capacity;
  if (capacity.source === 'available-ip-address-count') {
    return Math.max(0, (pulse ?? capacity).availableIpAddressCount);
  }
  const { availableIpAddressCount, unaccountedAddressCount } = capacity.reconciliation;
  return Math.max(
    0,
    (pulse?.availableIpAddressCount ?? availableIpAddressCount) - Math.max(0, unaccountedAddressCount),
  );
}
