import {
  type AddressPool,
  freeBlockOffset,
  freeOffset,
  hold,
  holdBlock,
  release,
  releaseBlock,
} from '../build/address-pool.ts';
import { addressNumber, addressText, PREFIX_ADDRESSES } from '../build/cidr-addresses.ts';
import type { BuiltNetworkInterface } from '../build/network-interface.ts';
import type { Random } from '../build/random.ts';
import { addressPoolOf, type BuiltSubnet, type RegionBuilder } from '../build/region-builder.ts';

/** A network interface whose addresses come and go; what EC2 tells of it is kept in step. */
export interface LiveInterface {
  readonly eni: BuiltNetworkInterface;
  readonly pool: AddressPool;
  /** Offsets of the secondary addresses, in the order in which the interface lists them. */
  readonly addresses: number[];
  /** Pods that use secondary addresses; which pod has which does not show. */
  podsOnAddresses: number;
  readonly prefixes: LivePrefix[];
}

export interface LivePrefix {
  readonly offset: number;
  pods: number;
}

/** Follows an interface that has its primary address only. */
export function liveInterface(builder: RegionBuilder, subnet: BuiltSubnet, eni: BuiltNetworkInterface): LiveInterface {
  return { eni, pool: addressPoolOf(builder, subnet), addresses: [], podsOnAddresses: 0, prefixes: [] };
}

/** Gives the interface one more address; says whether the subnet had one. */
export function assignAddress(each: LiveInterface, random: Random): boolean {
  const offset = freeOffset(each.pool, random);
  if (offset === undefined) {
    return false;
  }
  hold(each.pool, offset);
  each.addresses.push(offset);
  each.eni.PrivateIpAddresses.push({ Primary: false, PrivateIpAddress: addressText(each.pool.first + offset) });
  return true;
}

/** Gives the interface one more prefix; says whether the subnet had one. */
export function assignPrefix(each: LiveInterface, random: Random): boolean {
  const offset = freeBlockOffset(each.pool, random);
  if (offset === undefined) {
    return false;
  }
  holdBlock(each.pool, offset);
  each.prefixes.push({ offset, pods: 0 });
  const prefixes = each.eni.Ipv4Prefixes ?? [];
  prefixes.push({ Ipv4Prefix: `${addressText(each.pool.first + offset)}/28` });
  // EC2 leaves the list out where it would be empty.
  each.eni.Ipv4Prefixes = prefixes;
  return true;
}

/** Takes the secondary address at this place of the list from the interface. */
export function unassignAddress(each: LiveInterface, index: number): void {
  const [offset] = each.addresses.splice(index, 1);
  if (offset !== undefined) {
    release(each.pool, offset);
    // The primary address comes first.
    each.eni.PrivateIpAddresses.splice(index + 1, 1);
  }
}

/** Takes every prefix without a pod from the interface, up to `limit` of them, the newest first; says how many. */
export function unassignEmptyPrefixes(each: LiveInterface, limit: number): number {
  let count = 0;
  for (let index = each.prefixes.length - 1; index >= 0 && count < limit; index -= 1) {
    const prefix = each.prefixes[index];
    if (prefix?.pods === 0) {
      releaseBlock(each.pool, prefix.offset);
      each.prefixes.splice(index, 1);
      each.eni.Ipv4Prefixes?.splice(index, 1);
      count += 1;
    }
  }
  if (each.prefixes.length === 0) {
    delete each.eni.Ipv4Prefixes;
  }
  return count;
}

/** Deletes the interface: its addresses are free again. */
export function deleteInterface({ region }: RegionBuilder, { eni, pool, addresses, prefixes }: LiveInterface): void {
  for (const offset of addresses) {
    release(pool, offset);
  }
  for (const { offset } of prefixes) {
    releaseBlock(pool, offset);
  }
  const primary = eni.PrivateIpAddresses[0]?.PrivateIpAddress;
  if (primary !== undefined) {
    release(pool, addressNumber(primary) - pool.first);
  }
  region.networkInterfaces.splice(region.networkInterfaces.indexOf(eni), 1);
}

/** Addresses that the interface has for pods. */
export function podAddressCount({ addresses, prefixes }: LiveInterface): number {
  return addresses.length + prefixes.length * PREFIX_ADDRESSES;
}

/** Pods that use the interface's addresses. */
export function podCount({ podsOnAddresses, prefixes }: LiveInterface): number {
  let count = podsOnAddresses;
  for (const prefix of prefixes) {
    count += prefix.pods;
  }
  return count;
}

/** Gives a pod an address of the interface; says whether it had one. */
export function addPodTo(each: LiveInterface): boolean {
  const prefix = each.prefixes.find(({ pods }) => pods < PREFIX_ADDRESSES);
  if (prefix !== undefined) {
    prefix.pods += 1;
    return true;
  }
  if (each.podsOnAddresses < each.addresses.length) {
    each.podsOnAddresses += 1;
    return true;
  }
  return false;
}

/** Ends the pod with this number, from 0 to one less than the interface's pods. */
export function removePodFrom(each: LiveInterface, number: number): void {
  let passed = each.podsOnAddresses;
  if (number < passed) {
    each.podsOnAddresses -= 1;
    return;
  }
  for (const prefix of each.prefixes) {
    passed += prefix.pods;
    if (number < passed) {
      prefix.pods -= 1;
      return;
    }
  }
}
