import { PREFIX_ADDRESSES } from '../build/cidr-addresses.ts';
import { nextBelow } from '../build/random.ts';
import { addressPoolOf, type BuiltSubnet } from '../build/region-builder.ts';
import {
  assignAddress,
  assignPrefix,
  deleteInterface,
  type LiveInterface,
  podAddressCount,
  podCount,
  unassignAddress,
  unassignEmptyPrefixes,
} from './live-interface.ts';
import { attachPodInterface, type LiveNode, podInterfaces } from './live-node.ts';
import { podInterfacesMax, podsMax, slotsPerInterface } from './pod-networking.ts';

/**
 * The address pool of a node as the VPC CNI's ipamd keeps it, by the rules of its code, and EKS Auto Mode's like it.
 * https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/ipamd/ipamd.go
 */

interface PoolCounts {
  /** Addresses that the node has for pods. */
  readonly total: number;
  /** Those of them that no pod uses. */
  readonly available: number;
}

/**
 * Lets a node take addresses until it has those that its settings want kept warm, and give back what is too many.
 * Returns false where a subnet did not have what the node wanted.
 */
export function settlePool(node: LiveNode, nowMs: number): boolean {
  if (node.site.networking.mode === 'ipv6') {
    return true;
  }
  let short = shortage(node);
  while (short > 0 && hasRoom(node)) {
    if (
      !(node.site.networking.mode === 'prefixes'
        ? growByPrefixes(node, short, nowMs)
        : growByAddresses(node, short, nowMs))
    ) {
      return false;
    }
    short = shortage(node);
  }
  shrink(node);
  return true;
}

/** How many more addresses the node wants. */
function shortage(node: LiveNode): number {
  const { networking, limits } = node.site;
  const { mode, warmEniTarget, warmPrefixTarget, warmIpTarget, minimumIpTarget } = networking;
  const { total, available } = poolCounts(node);
  if (total >= podsMax(limits, networking)) {
    return 0;
  }
  if (warmIpTarget !== undefined || minimumIpTarget !== undefined) {
    // A target that is not set asks for nothing.
    return Math.max((warmIpTarget ?? 0) - available, (minimumIpTarget ?? 0) - total, 0);
  }
  if (mode === 'prefixes') {
    const isLow = available < warmPrefixTarget * PREFIX_ADDRESSES || available === 0;
    return isLow ? Math.max(warmPrefixTarget - emptyPrefixCount(node), 1) * PREFIX_ADDRESSES : 0;
  }
  const slots = slotsPerInterface(limits);
  return available < warmEniTarget * slots || available === 0 ? slots : 0;
}

function hasRoom(node: LiveNode): boolean {
  return canAttach(node) || podInterfaces(node).some((each) => slotsFree(node, each) > 0);
}

function canAttach(node: LiveNode): boolean {
  return podInterfaces(node).length < podInterfacesMax(node.site.limits, node.site.networking);
}

/** Fills an interface that has room, else attaches one with what is wanted: EC2 gives all of it or nothing. */
function growByAddresses(node: LiveNode, wanted: number, nowMs: number): boolean {
  const roomy = podInterfaces(node).find((each) => slotsFree(node, each) > 0 && each.pool.freeCount > 0);
  if (roomy !== undefined) {
    const count = Math.min(wanted, slotsFree(node, roomy));
    // Where a request for several fails, ipamd asks for a single address.
    return assignAddresses(roomy, roomy.pool.freeCount >= count ? count : 1, node);
  }
  const count = Math.min(wanted, slotsPerInterface(node.site.limits));
  const subnet = podSubnets(node).find((each) => addressPoolOf(node.site.network, each).freeCount > count);
  return (
    subnet !== undefined && canAttach(node) && assignAddresses(attachPodInterface(node, subnet, nowMs), count, node)
  );
}

function assignAddresses(each: LiveInterface, count: number, { site }: LiveNode): boolean {
  for (let index = 0; index < count; index += 1) {
    if (!assignAddress(each, site.random)) {
      return false;
    }
  }
  return true;
}

/** One prefix at a time: on an interface that has room, else on one in a subnet with a free block. */
function growByPrefixes(node: LiveNode, wanted: number, nowMs: number): boolean {
  const { random, networking, network } = node.site;
  const roomy = podInterfaces(node).find((each) => slotsFree(node, each) > 0);
  if (roomy !== undefined && assignPrefix(roomy, random)) {
    return true;
  }
  if (canAttach(node)) {
    for (const subnet of podSubnets(node)) {
      if (addressPoolOf(network, subnet).freeCount > 0 && attachWithPrefix(node, subnet, nowMs)) {
        return true;
      }
    }
  }
  // https://docs.aws.amazon.com/eks/latest/userguide/auto-networking.html
  return (
    networking.autoMode && roomy !== undefined && assignAddresses(roomy, Math.min(wanted, slotsFree(node, roomy)), node)
  );
}

/** An interface without a prefix would be of no use: EC2 makes it with one or not at all. */
function attachWithPrefix(node: LiveNode, subnet: BuiltSubnet, nowMs: number): boolean {
  const attached = attachPodInterface(node, subnet, nowMs);
  if (assignPrefix(attached, node.site.random)) {
    return true;
  }
  detach(node, attached);
  return false;
}

function shrink(node: LiveNode): void {
  const { mode, warmEniTarget, warmPrefixTarget, warmIpTarget, minimumIpTarget } = node.site.networking;
  const { total, available } = poolCounts(node);
  if (warmIpTarget !== undefined || minimumIpTarget !== undefined) {
    const surplus = Math.min(available - (warmIpTarget ?? 0), total - (minimumIpTarget ?? 0));
    giveBack(node, surplus);
    detachEmpty(node);
    return;
  }
  if (mode === 'prefixes') {
    // Without any target one prefix is kept for the next pod.
    giveBack(node, (emptyPrefixCount(node) - Math.max(warmPrefixTarget, 1)) * PREFIX_ADDRESSES);
    detachEmpty(node);
    return;
  }
  const slots = slotsPerInterface(node.site.limits);
  let spare = available;
  for (const each of node.interfaces.slice(1).reverse()) {
    // With a target of 0 the next pod would ask for the interface again at once.
    if (spare >= (Math.max(warmEniTarget, 1) + 1) * slots && podCount(each) === 0) {
      spare -= podAddressCount(each);
      detach(node, each);
    }
  }
}

/** Gives back whole prefixes without pods, and single addresses without pods, up to `surplus` addresses, the newest first. */
function giveBack(node: LiveNode, surplus: number): void {
  let left = surplus;
  for (const each of [...podInterfaces(node)].reverse()) {
    left -= PREFIX_ADDRESSES * unassignEmptyPrefixes(each, Math.floor(Math.max(left, 0) / PREFIX_ADDRESSES));
  }
  for (const each of [...podInterfaces(node)].reverse()) {
    while (left > 0 && each.addresses.length > each.podsOnAddresses) {
      unassignAddress(each, nextBelow(node.site.random, each.addresses.length));
      left -= 1;
    }
  }
}

function detachEmpty(node: LiveNode): void {
  for (const each of node.interfaces.slice(1)) {
    if (podAddressCount(each) === 0) {
      detach(node, each);
    }
  }
}

function detach(node: LiveNode, each: LiveInterface): void {
  deleteInterface(node.site.network, each);
  node.interfaces.splice(node.interfaces.indexOf(each), 1);
}

function poolCounts(node: LiveNode): PoolCounts {
  let total = 0;
  let pods = 0;
  for (const each of podInterfaces(node)) {
    total += podAddressCount(each);
    pods += podCount(each);
  }
  return { total, available: total - pods };
}

function emptyPrefixCount(node: LiveNode): number {
  return podInterfaces(node)
    .flatMap(({ prefixes }) => prefixes)
    .filter(({ pods }) => pods === 0).length;
}

function slotsFree({ site }: LiveNode, { addresses, prefixes }: LiveInterface): number {
  return slotsPerInterface(site.limits) - addresses.length - prefixes.length;
}

/**
 * Subnets in which the CNI may make an interface: the pod subnet of the node's zone under custom networking; otherwise the
 * node's own and those of its zone that are tagged for it, the emptiest first.
 * https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html
 */
function podSubnets({ site, subnet }: LiveNode): readonly BuiltSubnet[] {
  const { networking, network } = site;
  const inZone = (each: BuiltSubnet): boolean => each.AvailabilityZoneId === subnet.AvailabilityZoneId;
  if (networking.customNetworking) {
    return site.podSubnets.filter(inZone);
  }
  const free = (each: BuiltSubnet): number => addressPoolOf(network, each).freeCount;
  return [subnet, ...site.podSubnets.filter(inZone)].sort((first, second) => free(second) - free(first));
}
