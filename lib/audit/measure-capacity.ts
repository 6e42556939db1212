import type { AddressCounts, AddressMap } from '../domain/address/address-map.ts';
import { addressProblemText } from '../domain/address/address-problem-text.ts';
import { maxPrefixCount, usableAddressCount } from '../domain/address/cidr.ts';
import { freePrefixCount, reconcile } from '../domain/address/reconcile.ts';
import type { SubnetCapacityState } from '../domain/capacity/region-state.ts';
import type { NetworkInterface, Subnet, SubnetCidrReservation } from '../domain/network/network.ts';
import { type SubnetHoldings, subnetAddressMap, subnetCidr } from '../domain/network/subnet-address-map.ts';
import type { RegionFacts } from '../domain/region-facts.ts';
import type { JoinedSubnet } from './join-region.ts';

export interface MeasuredCapacity {
  readonly capacity: SubnetCapacityState | undefined;
  /** What the facts say that cannot be, as sentences. */
  readonly problems: readonly string[];
}

/** Counts a subnet's addresses from what its owner lists, or from EC2's counter alone where the owner lists nothing. Pure. */
export function measureCapacity({ subnet, owner, networkInterfaces, pulse }: JoinedSubnet): MeasuredCapacity {
  const cidr = subnetCidr(subnet);
  if (cidr === undefined) {
    return { capacity: undefined, problems: [] };
  }
  const listed = networkInterfaces.map(({ networkInterface }) => networkInterface);
  const malformed = listed.flatMap(({ networkInterfaceId, malformedAddresses }) =>
    malformedAddresses.map((text) => `${networkInterfaceId} holds "${text}", which is no IPv4 address`),
  );
  if (owner === undefined || owner.networkInterfaces.state === 'unavailable') {
    const capacity: SubnetCapacityState = {
      source: 'available-ip-address-count',
      usableAddressCount: usableAddressCount(cidr),
      availableIpAddressCount: subnet.availableIpAddressCount,
      maxPrefixCount: maxPrefixCount(cidr),
      pulse,
    };
    return { capacity, problems: malformed };
  }
  const measured = subnetAddressMap(subnet, holdingsOf(owner, subnet, listed));
  if (measured === undefined) {
    return { capacity: undefined, problems: malformed };
  }
  const { map, malformedEndpointPrefixes } = measured;
  const reconciliation = reconcile(map, readingsOf(owner, subnet));
  return {
    capacity: {
      source: 'network-interfaces',
      counts: countsOf(map),
      reconciliation,
      freePrefixCount: freePrefixCount(map, reconciliation.unaccountedAddressCount),
      pulse,
    },
    problems: [
      ...malformed,
      ...malformedEndpointPrefixes.map((text) => `an endpoint holds prefix "${text}", which is no IPv4 block`),
      ...problemTexts(map, listed),
    ],
  };
}

/** Returns what holds addresses of a subnet, as its owner sees it. */
export function holdingsOf(
  owner: RegionFacts,
  { subnetId }: Pick<Subnet, 'subnetId'>,
  networkInterfaces: readonly NetworkInterface[],
): SubnetHoldings {
  return {
    networkInterfaces,
    vpcEndpoints: owner.vpcEndpoints.state === 'observed' ? owner.vpcEndpoints.value : [],
    reservations: reservationsOf(owner, subnetId),
  };
}

/** What is kept of a map: its addresses are read from the facts again where somebody asks for them. */
function countsOf({
  cidr: _cidr,
  problems: _problems,
  unlistedProblemCount: _unlisted,
  bits: _bits,
  ...counts
}: AddressMap): AddressCounts {
  return counts;
}

function problemTexts({ problems, unlistedProblemCount }: AddressMap, listed: readonly NetworkInterface[]): string[] {
  if (problems.length === 0) {
    return [];
  }
  const holderNames = listed.map(({ networkInterfaceId }) => networkInterfaceId);
  const texts = problems.map((problem) => addressProblemText(problem, holderNames));
  return unlistedProblemCount === 0 ? texts : [...texts, `${unlistedProblemCount} more`];
}

/** Reservations that could not be read reserve nothing here; that they are missing is a reason of its own. */
function reservationsOf(owner: RegionFacts, subnetId: string): readonly SubnetCidrReservation[] {
  const fact = owner.reservations.get(subnetId);
  return fact?.state === 'observed' ? fact.value : [];
}

/** EC2's counter before the interfaces were listed and, where it was asked again, after. */
function readingsOf(owner: RegionFacts, subnet: JoinedSubnet['subnet']): number[] {
  const again =
    owner.subnetCounters?.state === 'observed' ? owner.subnetCounters.value.get(subnet.subnetId) : undefined;
  const first = subnet.availableIpAddressCount;
  return again === undefined ? [first] : [first, again];
}
