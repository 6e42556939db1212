import { addInstance, attachPrimary, type BuiltInstance, nodegroupInstanceTags } from '../build/instance.ts';
import type { InstanceLimits } from '../build/instance-types.ts';
import {
  addAutoModeInterface,
  addBranchInterface,
  addCniInterface,
  addInstancePrimaryInterface,
  addTrunkInterface,
} from '../build/network-interface-kinds.ts';
import type { Random } from '../build/random.ts';
import { addressPoolOf, type BuiltSubnet, type RegionBuilder } from '../build/region-builder.ts';
import {
  addPodTo,
  deleteInterface,
  type LiveInterface,
  liveInterface,
  podCount,
  removePodFrom,
} from './live-interface.ts';
import type { PodNetworking } from './pod-networking.ts';

/** What a node is made in and by. */
export interface NodeSite {
  readonly clusterName: string;
  readonly nodegroupName: string;
  /** Where instances are kept. */
  readonly builder: RegionBuilder;
  /** Where interfaces are kept: in a shared VPC its owner's region. */
  readonly network: RegionBuilder;
  readonly limits: InstanceLimits;
  networking: PodNetworking;
  /** Where pods' interfaces are made under custom networking, one subnet a zone. */
  readonly podSubnets: readonly BuiltSubnet[];
  readonly random: Random;
}

export interface LiveNode {
  readonly site: NodeSite;
  readonly instance: BuiltInstance;
  readonly subnet: BuiltSubnet;
  /** Milliseconds of Unix time at which it is replaced. */
  readonly expiresAtMs: number;
  /** The first one is the instance's own. */
  readonly interfaces: LiveInterface[];
  readonly trunk: LiveInterface | undefined;
  /** One of a pod with security groups of its own each. */
  readonly branches: LiveInterface[];
}

const AUTO_MODE_OPERATOR = { Managed: true, Principal: 'eks.amazonaws.com', HiddenByDefault: true };

/** The builder as it makes things at this moment (milliseconds of Unix time). */
export function builderAt(builder: RegionBuilder, nowMs: number): RegionBuilder {
  return { ...builder, now: new Date(nowMs) };
}

/** Starts an instance with its primary interface, and a trunk where pods may have interfaces; `undefined` in a full subnet. */
export function startNode(
  site: NodeSite,
  subnet: BuiltSubnet,
  { nowMs, expiresAtMs }: { readonly nowMs: number; readonly expiresAtMs: number },
): LiveNode | undefined {
  const network = builderAt(site.network, nowMs);
  const { podEni, autoMode } = site.networking;
  const addressesNeeded = podEni ? 2 : 1;
  if (addressPoolOf(network, subnet).freeCount < addressesNeeded) {
    return undefined;
  }
  const ownerId = site.builder.account.id;
  const instance = addInstance(builderAt(site.builder, nowMs), subnet, {
    instanceType: site.limits.name,
    tags: autoMode ? autoModeTags(site) : nodegroupInstanceTags(site.clusterName, site.nodegroupName),
    ...(autoMode ? { operator: AUTO_MODE_OPERATOR } : {}),
  });
  const instanceId = instance.InstanceId;
  const primary = autoMode
    ? addAutoModeInterface(network, subnet, autoModeOptions(site, instanceId, 0))
    : addInstancePrimaryInterface(network, subnet, { instanceId, ownerId });
  attachPrimary(instance, primary);
  if (site.networking.mode === 'ipv6') {
    primary.Ipv6Prefixes = [{ Ipv6Prefix: ipv6Prefix(site, subnet) }];
  }
  const trunk = podEni ? addTrunkInterface(network, subnet, { instanceId, ownerId, deviceIndex: 1 }) : undefined;
  return {
    site,
    instance,
    subnet,
    expiresAtMs,
    interfaces: [liveInterface(network, subnet, primary)],
    trunk: trunk === undefined ? undefined : liveInterface(network, subnet, trunk),
    branches: [],
  };
}

/** Attaches one more interface for pods in a subnet that has an address for it. */
export function attachPodInterface(node: LiveNode, subnet: BuiltSubnet, nowMs: number): LiveInterface {
  const { site, instance, interfaces } = node;
  const network = builderAt(site.network, nowMs);
  const { InstanceId: instanceId } = instance;
  const deviceIndex = freeDeviceIndex(node);
  const eni = site.networking.autoMode
    ? addAutoModeInterface(network, subnet, autoModeOptions(site, instanceId, deviceIndex))
    : addCniInterface(network, subnet, {
        instanceId,
        deviceIndex,
        clusterName: site.clusterName,
        ownerId: site.builder.account.id,
      });
  const attached = liveInterface(network, subnet, eni);
  interfaces.push(attached);
  return attached;
}

/** Starts a pod with an interface of its own; says whether node and subnet had room for it. */
export function addBranch(node: LiveNode, nowMs: number): boolean {
  const { site, trunk, branches, subnet } = node;
  if (
    trunk === undefined ||
    branches.length >= site.limits.branchInterfacesMax ||
    addressPoolOf(site.network, subnet).freeCount === 0
  ) {
    return false;
  }
  const network = builderAt(site.network, nowMs);
  const eni = addBranchInterface(network, subnet, {
    trunkId: trunk.eni.NetworkInterfaceId,
    vlanId: freeVlanId(branches),
    clusterName: site.clusterName,
    ownerId: site.builder.account.id,
  });
  branches.push(liveInterface(network, subnet, eni));
  return true;
}

/**
 * Ends a node. `leaks` says of each interface that the CNI attached whether it stays behind: what happens where the instance
 * ends before the CNI could delete it. https://github.com/aws/amazon-vpc-cni-k8s/issues/608
 */
export function stopNode(node: LiveNode, leaks: (each: LiveInterface) => boolean): void {
  const { site, instance, interfaces, trunk, branches } = node;
  const { instances } = site.builder.region;
  instances.splice(instances.indexOf(instance), 1);
  for (const [index, each] of interfaces.entries()) {
    if (index > 0 && leaks(each)) {
      delete each.eni.Attachment;
      each.eni.Status = 'available';
    } else {
      deleteInterface(site.network, each);
    }
  }
  for (const each of trunk === undefined ? branches : [...branches, trunk]) {
    deleteInterface(site.network, each);
  }
}

/** The interfaces that carry pods' addresses. */
export function podInterfaces({ site, interfaces }: LiveNode): readonly LiveInterface[] {
  return site.networking.customNetworking ? interfaces.slice(1) : interfaces;
}

/** Pods of the node with an address from a shared interface. */
export function nodePodCount(node: LiveNode): number {
  let count = 0;
  for (const each of node.interfaces) {
    count += podCount(each);
  }
  return count;
}

/** Starts a pod on the first interface with a free address; says whether there was one. */
export function addPod(node: LiveNode): boolean {
  return podInterfaces(node).some(addPodTo);
}

/** Ends the pod with this number, from 0 to one less than the node's pods. */
export function removePod(node: LiveNode, number: number): void {
  let passed = 0;
  for (const each of node.interfaces) {
    const count = podCount(each);
    if (number < passed + count) {
      removePodFrom(each, number - passed);
      return;
    }
    passed += count;
  }
}

function autoModeTags(site: NodeSite): Record<string, string> {
  return { 'eks:eks-cluster-name': site.clusterName, 'karpenter.sh/nodepool': site.nodegroupName };
}

function autoModeOptions(site: NodeSite, instanceId: string, deviceIndex: number) {
  const { clusterName, builder } = site;
  return { instanceId, deviceIndex, clusterName, nodeName: instanceId, ownerId: builder.account.id };
}

/** A /80 inside the subnet's /64. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html */
function ipv6Prefix(site: NodeSite, subnet: BuiltSubnet): string {
  const cidr = subnet.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock;
  if (cidr === undefined) {
    throw new Error(`Cannot give a node of "${site.clusterName}" IPv6 in "${subnet.SubnetId}": it has no IPv6 CIDR`);
  }
  return cidr.replace('::/64', `:${site.network.ids.hex(4)}::/80`);
}

/** Device 1 is the trunk's where there is one. */
function freeDeviceIndex({ interfaces, trunk }: LiveNode): number {
  const used = new Set(
    [...interfaces, ...(trunk === undefined ? [] : [trunk])].map(({ eni }) => eni.Attachment?.DeviceIndex),
  );
  let index = 1;
  while (used.has(index)) {
    index += 1;
  }
  return index;
}

function freeVlanId(branches: readonly LiveInterface[]): number {
  const used = new Set(
    branches
      .flatMap(({ eni }) => (eni.TagSet ?? []).filter((tag) => tag.Key === 'vpcresources.k8s.aws/vlan-id'))
      .map((tag) => tag.Value),
  );
  let vlanId = 1;
  while (used.has(String(vlanId))) {
    vlanId += 1;
  }
  return vlanId;
}
