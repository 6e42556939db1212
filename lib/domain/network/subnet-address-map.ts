import type { AddressHolder } from '../address/address-holder.ts';
import { type AddressMap, createAddressMap } from '../address/address-map.ts';
import { type Cidr, isSubnetCidr, parseCidr } from '../address/cidr.ts';
import type { NetworkInterface, Subnet, SubnetCidrReservation, VpcEndpoint } from './network.ts';

export interface SubnetHoldings {
  /** The interfaces in the subnet, as its owner lists them. */
  readonly networkInterfaces: readonly NetworkInterface[];
  /** Endpoints of the subnet's VPC: those of service networks take whole /28 blocks. */
  readonly vpcEndpoints: readonly VpcEndpoint[];
  readonly reservations: readonly SubnetCidrReservation[];
}

export interface SubnetAddressMap {
  readonly map: AddressMap;
  /** What holds addresses, in the order in which the map's problems and blocks count holders: interfaces, then endpoints. */
  readonly holders: readonly AddressHolder[];
  /** Prefixes of endpoints that are no IPv4 block, kept to be reported. */
  readonly malformedEndpointPrefixes: readonly string[];
}

/** Returns the IPv4 block of a subnet; `undefined` where it has none, or none that EC2 could have given it. */
export function subnetCidr({ cidrBlock }: Pick<Subnet, 'cidrBlock'>): Cidr | undefined {
  const cidr = cidrBlock === undefined ? undefined : parseCidr(cidrBlock);
  return cidr !== undefined && isSubnetCidr(cidr) ? cidr : undefined;
}

/** Returns the address map of a subnet, or `undefined` where it has no IPv4 block that can be read. */
export function subnetAddressMap(
  subnet: Pick<Subnet, 'subnetId' | 'cidrBlock'>,
  { networkInterfaces, vpcEndpoints, reservations }: SubnetHoldings,
): SubnetAddressMap | undefined {
  const cidr = subnetCidr(subnet);
  if (cidr === undefined) {
    return undefined;
  }
  const endpointPrefixes = vpcEndpoints.flatMap((endpoint) => endpointPrefixesIn(endpoint, subnet.subnetId));
  const endpointHolders = endpointPrefixes.flatMap((text) => {
    const prefix = parseCidr(text);
    return prefix === undefined ? [] : [{ privateIpAddresses: [], ipv4Prefixes: [prefix] }];
  });
  const malformedEndpointPrefixes = endpointPrefixes.filter((text) => parseCidr(text) === undefined);
  const holders = endpointHolders.length === 0 ? networkInterfaces : [...networkInterfaces, ...endpointHolders];
  return { map: createAddressMap({ cidr, holders, reservations }), holders, malformedEndpointPrefixes };
}

function endpointPrefixesIn({ ipv4Prefixes }: VpcEndpoint, subnetId: string): string[] {
  return ipv4Prefixes.filter((prefix) => prefix.subnetId === subnetId).flatMap(({ cidrs }) => cidrs);
}
