import type { SubnetCapacityState } from './region-state.ts';

/** How much a subnet of its size can hold at the most. */
export interface SubnetSize {
  /** Without the five that AWS keeps. */
  readonly usableAddressCount: number;
  /** Aligned /28 blocks. */
  readonly maxPrefixCount: number;
}

export function subnetSize(capacity: SubnetCapacityState): SubnetSize {
  const { usableAddressCount, maxPrefixCount } = capacity.source === 'network-interfaces' ? capacity.counts : capacity;
  return { usableAddressCount, maxPrefixCount };
}
