import { type AddressBlock, addressBlocks } from '../domain/address/address-blocks.ts';
import type { AddressMap } from '../domain/address/address-map.ts';
import type { Instant } from '../domain/fact.ts';
import type { Subnet } from '../domain/network/network.ts';
import { subnetAddressMap } from '../domain/network/subnet-address-map.ts';
import { type JoinedNetworkInterface, type JoinedSubnet, joinRegion } from './join-region.ts';
import { holdingsOf } from './measure-capacity.ts';
import type { FactsStore, StateStore } from './store-ports.ts';

export interface AddressMapPorts {
  readonly states: Pick<StateStore, 'vpcOfSubnet'>;
  readonly facts: Pick<FactsStore, 'latestFacts'>;
}

/** The addresses of a subnet as its owner saw them last. */
export interface SubnetAddresses {
  readonly subnet: Subnet;
  readonly clusters: JoinedSubnet['clusters'];
  /** When its network interfaces were listed. */
  readonly observedAt: Instant;
  readonly map: AddressMap;
  /** Every /28 in order of address. */
  readonly blocks: readonly AddressBlock[];
  /** What the blocks count as holders; `undefined` for the /28 of an endpoint. */
  readonly holders: readonly (JoinedNetworkInterface | undefined)[];
}

/**
 * - `not-listed`: who holds its addresses is not known, since its owner is not scanned or could not list them. - `no-ipv4`: it has
 * no IPv4 block.
 */
export type AddressMapReading =
  | { readonly outcome: 'read'; readonly addresses: SubnetAddresses }
  | { readonly outcome: 'not-listed' | 'no-ipv4'; readonly joined: Pick<JoinedSubnet, 'subnet' | 'clusters'> };

/** Reads the address map of a subnet from the newest facts of its VPC; `undefined` where the subnet is not known. */
export async function readAddressMap(
  subnetId: string,
  { states, facts }: AddressMapPorts,
): Promise<AddressMapReading | undefined> {
  const vpc = await states.vpcOfSubnet(subnetId);
  const viewers = vpc === undefined ? [] : await facts.latestFacts(vpc);
  const seen = viewers.flatMap(({ scan }) => (scan === undefined ? [] : [scan.facts]));
  const joined = joinRegion(vpc?.region ?? '', seen).subnets.find(({ subnet }) => subnet.subnetId === subnetId);
  if (joined === undefined) {
    return undefined;
  }
  const { subnet, owner, clusters, networkInterfaces } = joined;
  if (owner === undefined || owner.networkInterfaces.state === 'unavailable') {
    return { outcome: 'not-listed', joined };
  }
  const listed = networkInterfaces.map(({ networkInterface }) => networkInterface);
  const measured = subnetAddressMap(subnet, holdingsOf(owner, subnet, listed));
  if (measured === undefined) {
    return { outcome: 'no-ipv4', joined };
  }
  const { map, holders } = measured;
  return {
    outcome: 'read',
    addresses: {
      subnet,
      clusters,
      observedAt: owner.networkInterfaces.observedAt,
      map,
      blocks: addressBlocks(map, holders),
      holders: holders.map((_, index) => networkInterfaces[index]),
    },
  };
}
