import { assignableOffset, assignableSpan } from '../domain/address/assignable-span.ts';
import { type Cidr, cidrContains } from '../domain/address/cidr.ts';
import type { Ipv4Address } from '../domain/address/ipv4.ts';
import { hasOffset } from '../domain/address/offset-bits.ts';
import type { Instant } from '../domain/fact.ts';
import type { JoinedNetworkInterface } from './join-region.ts';
import { type AddressMapPorts, readAddressMap, type SubnetAddresses } from './read-address-map.ts';

/**
 * What an address of a subnet is. `aws-reserved`: one of the five that AWS keeps. `held`: by a network interface, or by a
 * service-network endpoint where that is `undefined`. `reserved`: in a CIDR reservation. `unknown`: the owner's interfaces
 * were not seen.
 */
export type AddressUse =
  | { readonly state: 'aws-reserved' | 'unknown' }
  | { readonly state: 'held'; readonly observedAt: Instant; readonly holder: JoinedNetworkInterface | undefined }
  | { readonly state: 'free' | 'reserved'; readonly observedAt: Instant };

/** Finds out who holds an address in a subnet whose block has it, as the owner of the subnet saw it last. */
export async function findAddress(
  address: Ipv4Address,
  { subnetId, cidr }: { readonly subnetId: string; readonly cidr: Cidr },
  ports: AddressMapPorts,
): Promise<AddressUse> {
  if (assignableOffset(assignableSpan(cidr), address) < 0) {
    return { state: 'aws-reserved' };
  }
  const reading = await readAddressMap(subnetId, ports);
  return reading?.outcome === 'read' ? useOf(address, reading.addresses) : { state: 'unknown' };
}

function useOf(address: Ipv4Address, { map, holders, observedAt }: SubnetAddresses): AddressUse {
  const offset = address - map.cidr.base;
  if (hasOffset(map.bits.used, offset)) {
    return {
      state: 'held',
      observedAt,
      holder: holders.find((holder) => holder !== undefined && holds(holder, address)),
    };
  }
  return { state: hasOffset(map.bits.free, offset) ? 'free' : 'reserved', observedAt };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html */
function holds({ networkInterface }: JoinedNetworkInterface, address: Ipv4Address): boolean {
  return (
    networkInterface.privateIpAddresses.includes(address) ||
    networkInterface.ipv4Prefixes.some((prefix) => cidrContains(prefix, { base: address, prefixLength: 32 }))
  );
}
