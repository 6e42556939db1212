import type { SubnetCapacityState } from './region-state.ts';

/** Returns the addresses that both the map and EC2's counter show free: the lower of the two, never below zero. */
export function addressesLeft(capacity: SubnetCapacityState): number {
  const counted =
    capacity.source === 'network-interfaces'
      ? Math.min(capacity.counts.freeAddressCount, capacity.reconciliation.availableIpAddressCount)
      : capacity.availableIpAddressCount;
  return Math.max(0, counted);
}
