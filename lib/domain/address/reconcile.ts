import type { AddressMap } from './address-map.ts';

/** EC2's own count of available addresses beside the one that the map explains. */
export interface Reconciliation {
  /** Of EC2's readings the one nearest to the map's `freeAddressCount`; the lower one where two are as near. */
  readonly availableIpAddressCount: number;
  /** EC2's count minus the map's. Negative: something the map does not see holds addresses. */
  readonly unaccountedAddressCount: number;
  /**
   * `exact`: both agree. `settling`: what interfaces that come and go between two calls explain. `unexplained`: interfaces
   * or reservations are hidden, or one of the answers is old.
   */
  readonly grade: 'exact' | 'settling' | 'unexplained';
  /** Addresses used by what the map does not see: the negative side of the unaccounted ones, whatever the grade. */
  readonly unexplainedUsedAddressCount: number;
}

/** How far two calls made seconds apart may differ: the larger of both. A decision of this project, not a rule of AWS. */
export const SETTLING_ADDRESSES_MAX = 2;
export const SETTLING_USABLE_RATIO_MAX = 0.005;

/**
 * Compares the map with `readings`: EC2's `AvailableIpAddressCount` before and, where it was read again, after the network
 * interfaces were listed. Where two readings differ and the map's count lies between them, both can be right.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html
 *
 * @throws RangeError without a reading.
 */
export function reconcile(map: AddressMap, readings: readonly number[]): Reconciliation {
  const expected = map.freeAddressCount;
  const [nearest] = readings.toSorted((a, b) => Math.abs(a - expected) - Math.abs(b - expected) || a - b);
  if (nearest === undefined) {
    throw new RangeError('Cannot reconcile an address map: no reading of AvailableIpAddressCount, expected one or two');
  }
  const unaccountedAddressCount = nearest - expected;
  return {
    availableIpAddressCount: nearest,
    unaccountedAddressCount,
    grade: gradeOf(map, readings, unaccountedAddressCount),
    unexplainedUsedAddressCount: hiddenAddressCount(unaccountedAddressCount),
  };
}

/**
 * Returns how many /28 prefixes the subnet can still give, in and outside reservations, at the least: each address that EC2
 * counts as used and the map does not see may break one free block.
 */
export function freePrefixCount(map: AddressMap, unaccountedAddressCount: number): number {
  return Math.max(0, map.freePrefixCountMost - hiddenAddressCount(unaccountedAddressCount));
}

function hiddenAddressCount(unaccountedAddressCount: number): number {
  return Math.max(0, -unaccountedAddressCount);
}

function gradeOf(
  map: AddressMap,
  readings: readonly number[],
  unaccountedAddressCount: number,
): Reconciliation['grade'] {
  if (unaccountedAddressCount === 0) {
    return 'exact';
  }
  const tolerated = Math.max(SETTLING_ADDRESSES_MAX, SETTLING_USABLE_RATIO_MAX * map.usableAddressCount);
  const isBetweenReadings =
    Math.min(...readings) < map.freeAddressCount && map.freeAddressCount < Math.max(...readings);
  return Math.abs(unaccountedAddressCount) <= tolerated || isBetweenReadings ? 'settling' : 'unexplained';
}
