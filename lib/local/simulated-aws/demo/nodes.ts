import type { Instance } from '@aws-sdk/client-ec2';
import { addInstance, attachPrimary, type BuiltInstance, nodegroupInstanceTags } from '../build/instance.ts';
import type { AddressOptions } from '../build/network-interface.ts';
import {
  addCniInterface,
  addControlPlaneInterface,
  addInstancePrimaryInterface,
} from '../build/network-interface-kinds.ts';
import type { BuiltSubnet, RegionBuilder } from '../build/region-builder.ts';

export interface NodeOptions {
  readonly clusterName: string;
  readonly nodegroupName: string;
  readonly instanceType: NonNullable<Instance['InstanceType']>;
  /** What the first network interface holds beside its primary address. */
  readonly primary?: Omit<AddressOptions, 'ownerId'>;
  /** What each further interface of the VPC CNI holds beside its primary address. */
  readonly cniInterfaces?: readonly Omit<AddressOptions, 'ownerId'>[];
}

/** Adds a node of a managed node group with its network interfaces; `network` keeps those of a shared subnet. */
export function addNode(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  { clusterName, nodegroupName, instanceType, primary = {}, cniInterfaces = [] }: NodeOptions,
  network: RegionBuilder = builder,
): BuiltInstance {
  const ownerId = builder.account.id;
  const tags = nodegroupInstanceTags(clusterName, nodegroupName);
  const instance = addInstance(builder, subnet, { instanceType, tags });
  const instanceId = instance.InstanceId;
  attachPrimary(instance, addInstancePrimaryInterface(network, subnet, { instanceId, ownerId, ...primary }));
  for (const [index, addresses] of cniInterfaces.entries()) {
    addCniInterface(network, subnet, { instanceId, deviceIndex: index + 1, clusterName, ownerId, ...addresses });
  }
  return instance;
}

/** Adds this many nodes, each with the same interfaces, in turn to each subnet. */
export function addNodes(
  builder: RegionBuilder,
  subnets: readonly BuiltSubnet[],
  count: number,
  options: NodeOptions,
  network: RegionBuilder = builder,
): void {
  for (let index = 0; index < count; index += 1) {
    const subnet = subnets[index % subnets.length];
    if (subnet !== undefined) {
      addNode(builder, subnet, options, network);
    }
  }
}

/** Adds one control plane interface to each subnet, as EKS does in two of them at least. */
export function addControlPlane(
  builder: RegionBuilder,
  subnets: readonly BuiltSubnet[],
  clusterName: string,
  network: RegionBuilder = builder,
): void {
  for (const subnet of subnets) {
    addControlPlaneInterface(network, subnet, { clusterName, ownerId: builder.account.id });
  }
}
