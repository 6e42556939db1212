import type { AddressProblem } from './address-problems.ts';
import { formatCidr } from './cidr.ts';
import { formatIpv4 } from './ipv4.ts';

/** Says what contradicts EC2's rules in one sentence. `holderNames` are the holders' ids, in the order the map was given them. */
export function addressProblemText(problem: AddressProblem, holderNames: readonly string[]): string {
  const named = (index: number) => holderNames[index] ?? 'an endpoint';
  const allNamed = (indexes: readonly number[]) => [...new Set(indexes.map(named))].join(', ');
  switch (problem.code) {
    case 'address-outside-subnet':
      return `${named(problem.holderIndex)} holds ${formatIpv4(problem.address)}, which is not in the subnet`;
    case 'address-reserved-by-aws':
      return `${named(problem.holderIndex)} holds ${formatIpv4(problem.address)}, which AWS keeps for itself`;
    case 'address-duplicated':
      return `${formatIpv4(problem.address)} is listed more than once: ${allNamed(problem.holderIndexes)}`;
    case 'prefix-misaligned':
      return `${named(problem.holderIndex)} holds prefix ${formatCidr(problem.cidr)}, which is no aligned /28`;
    case 'prefix-outside-subnet':
      return `${named(problem.holderIndex)} holds prefix ${formatCidr(problem.cidr)}, which is not in the subnet`;
    case 'prefix-reserved-by-aws':
      return `${named(problem.holderIndex)} holds prefix ${formatCidr(problem.cidr)}, which covers addresses AWS keeps`;
    case 'prefix-overlap':
      return `prefixes ${formatCidr(problem.cidr)} and ${formatCidr(problem.otherCidr)} overlap: ${allNamed(problem.holderIndexes)}`;
    case 'prefix-holds-address':
      return `prefix ${formatCidr(problem.cidr)} covers ${formatIpv4(problem.address)}, which is listed by itself too: ${allNamed(problem.holderIndexes)}`;
    case 'reservation-malformed':
      return `reservation "${problem.reservation.cidr}" is no IPv4 block`;
    case 'reservation-outside-subnet':
      return `reservation ${problem.reservation.cidr} is not in the subnet`;
    case 'reservation-type-unknown':
      return `reservation ${problem.reservation.cidr} has the unknown type "${problem.reservation.reservationType}"; it is counted as explicit`;
    case 'reservation-overlap':
      return `reservations ${problem.reservation.cidr} and ${problem.otherReservation.cidr} overlap`;
  }
}
