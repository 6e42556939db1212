import type { Subnet } from '@aws-sdk/client-ec2';
import type { SimulatedRegion } from '../state.ts';
import { addressesAwsKeeps, addressesOfCidr, addressNumber, rangeOfCidr } from './cidr-addresses.ts';

/**
 * Sets `AvailableIpAddressCount` of each subnet of a region to what EC2 would report: the addresses left once the five that
 * AWS keeps, those of network interfaces, of their prefixes, of endpoints' prefixes and of CIDR reservations are taken out.
 * A subnet without an IPv4 CIDR has none.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html
 */
export function settleCounts(region: SimulatedRegion): void {
  for (const subnet of region.subnets) {
    subnet.AvailableIpAddressCount =
      subnet.CidrBlock === undefined ? 0 : freeAddresses(region, subnet, subnet.CidrBlock);
  }
}

function freeAddresses(region: SimulatedRegion, subnet: Subnet, cidrBlock: string): number {
  const free = new Set(addressesOfCidr(cidrBlock));
  const unavailable = [
    ...addressesAwsKeeps(rangeOfCidr(cidrBlock)),
    ...addressesInUse(region, subnet),
    ...addressesReserved(region, subnet),
  ];
  for (const address of unavailable) {
    free.delete(address);
  }
  return free.size;
}

/** Every address that a network interface or an endpoint of this subnet holds. */
export function addressesInUse(region: SimulatedRegion, subnet: Subnet): number[] {
  // Here the builder wrote the lists: one that is left out holds no address.
  const interfaces = region.networkInterfaces.filter((each) => each.SubnetId === subnet.SubnetId);
  const addresses = interfaces.flatMap((each) => each.PrivateIpAddresses ?? []).map((each) => each.PrivateIpAddress);
  const interfacePrefixes = interfaces.flatMap((each) => each.Ipv4Prefixes ?? []).map((each) => each.Ipv4Prefix);
  const endpointPrefixes = region.vpcEndpoints
    .flatMap((each) => each.Ipv4Prefixes ?? [])
    .filter((each) => each.SubnetId === subnet.SubnetId)
    .flatMap((each) => each.IpPrefixes ?? []);
  return [
    ...addresses.flatMap((address) => (address === undefined ? [] : [addressNumber(address)])),
    ...[...interfacePrefixes, ...endpointPrefixes].flatMap((cidr) => (cidr === undefined ? [] : addressesOfCidr(cidr))),
  ];
}

function addressesReserved(region: SimulatedRegion, subnet: Subnet): number[] {
  return region.subnetCidrReservations
    .filter((each) => each.SubnetId === subnet.SubnetId)
    .flatMap(({ Cidr: cidr }) => (cidr === undefined || cidr.includes(':') ? [] : addressesOfCidr(cidr)));
}
