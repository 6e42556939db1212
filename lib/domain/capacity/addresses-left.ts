import type { SubnetCapacityState } from './region-state.ts';

/** Returns the addresses that both the map and EC2's counter show free: the lower of the two. */
export function addressesLeft(capacity: SubnetCapacityState): number {
  return capacity.source === 'network-interfaces'
    ? Math.max(0, Math.min(capacity.map.freeAddressCount, capacity.reconciliation.availableIpAddressCount))
    : capacity.availableIpAddressCount;
}
