import type { Instance, OperatorResponse } from '@aws-sdk/client-ec2';
import { nextId } from './ids.ts';
import type { BuiltNetworkInterface } from './network-interface.ts';
import { type BuiltSubnet, type RegionBuilder, type TagValues, tagList } from './region-builder.ts';

export type BuiltInstance = Instance & { readonly InstanceId: string };

/**
 * Adds a running instance. Its interfaces are added apart, with its id, because in a shared VPC they are kept with the
 * subnet's owner; `attachPrimary` then tells the instance of its first one.
 */
export function addInstance(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  {
    instanceType,
    operator,
    tags = {},
  }: {
    readonly instanceType: NonNullable<Instance['InstanceType']>;
    readonly operator?: OperatorResponse;
    readonly tags?: TagValues;
  },
): BuiltInstance {
  // In a shared subnet the zone goes by another name in the account of the instance.
  const zone = builder.region.availabilityZones.find((each) => each.ZoneId === subnet.AvailabilityZoneId);
  const instance: BuiltInstance = {
    InstanceId: nextId(builder.ids, 'i'),
    InstanceType: instanceType,
    ImageId: nextId(builder.ids, 'ami'),
    LaunchTime: builder.now,
    State: { Code: 16, Name: 'running' },
    SubnetId: subnet.SubnetId,
    VpcId: subnet.VpcId,
    Placement: { AvailabilityZone: zone?.ZoneName ?? subnet.AvailabilityZone, Tenancy: 'default' },
    Tags: tagList(tags),
    ...(operator === undefined ? {} : { Operator: operator }),
  };
  builder.region.instances.push(instance);
  return instance;
}

/** Gives an instance the primary address of its first network interface. */
export function attachPrimary(instance: BuiltInstance, primary: BuiltNetworkInterface): void {
  instance.PrivateIpAddress = primary.PrivateIpAddress;
}

/** Tags that EKS puts on the instances of a managed node group. */
export function nodegroupInstanceTags(clusterName: string, nodegroupName: string): TagValues {
  return {
    Name: `${clusterName}-${nodegroupName}`,
    'eks:cluster-name': clusterName,
    'eks:nodegroup-name': nodegroupName,
    [`kubernetes.io/cluster/${clusterName}`]: 'owned',
  };
}
