import type { NetworkInterfaceAttachment } from '@aws-sdk/client-ec2';
import { nextId } from './ids.ts';
import { type AddressOptions, addNetworkInterface, type BuiltNetworkInterface } from './network-interface.ts';
import type { BuiltSubnet, RegionBuilder } from './region-builder.ts';

/**
 * The kinds of network interfaces found in subnets of clusters, with the descriptions and tags their makers give them.
 * VPC CNI: https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/awsutils/awsutils.go
 */

interface InstanceAttachment {
  readonly instanceId: string;
  readonly deviceIndex: number;
}

// A control plane's interface is attached to an instance of an account that EKS owns; this number stands for it.
const EKS_ACCOUNT_ID = '999900001111';
const ELB_REQUESTER_ID = 'amazon-elb';
const AUTO_MODE_PRINCIPAL = 'eks.amazonaws.com';

/** The interface an instance starts with; on a node it also carries pods' addresses. */
export function addInstancePrimaryInterface(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  { instanceId, ...addresses }: { readonly instanceId: string } & AddressOptions,
): BuiltNetworkInterface {
  return addNetworkInterface(builder, subnet, {
    ...addresses,
    description: '',
    interfaceType: 'interface',
    status: 'in-use',
    requesterManaged: false,
    attachment: instanceAttachment(builder, { instanceId, deviceIndex: 0 }, addresses.ownerId),
  });
}

/** An interface that the VPC CNI attached to a node for more pod addresses. */
export function addCniInterface(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  { instanceId, deviceIndex, clusterName, ...addresses }: CniInterfaceOptions,
): BuiltNetworkInterface {
  return addNetworkInterface(builder, subnet, {
    ...addresses,
    description: `aws-K8S-${instanceId}`,
    interfaceType: 'interface',
    status: 'in-use',
    requesterManaged: false,
    attachment: instanceAttachment(builder, { instanceId, deviceIndex }, addresses.ownerId),
    tags: cniTags(builder, instanceId, clusterName),
  });
}

interface CniInterfaceOptions extends InstanceAttachment, AddressOptions {
  readonly clusterName: string;
}

/** An interface that the VPC CNI made for an instance that is gone, and never deleted. */
export function addLeakedCniInterface(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  { clusterName, ...addresses }: { readonly clusterName: string } & AddressOptions,
): BuiltNetworkInterface {
  const instanceId = nextId(builder.ids, 'i');
  return addNetworkInterface(builder, subnet, {
    ...addresses,
    description: `aws-K8S-${instanceId}`,
    interfaceType: 'interface',
    status: 'available',
    requesterManaged: false,
    tags: cniTags(builder, instanceId, clusterName),
  });
}

/** The interface of a node to which branch interfaces belong, where pods have security groups of their own. */
export function addTrunkInterface(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  { instanceId, deviceIndex, ...addresses }: InstanceAttachment & AddressOptions,
): BuiltNetworkInterface {
  return addNetworkInterface(builder, subnet, {
    ...addresses,
    description: 'aws-k8s-trunk-eni',
    interfaceType: 'trunk',
    status: 'in-use',
    requesterManaged: false,
    attachment: instanceAttachment(builder, { instanceId, deviceIndex }, addresses.ownerId),
    tags: { 'eks:eni:owner': 'eks-vpc-resource-controller' },
  });
}

/** The interface of one pod with security groups of its own. */
export function addBranchInterface(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  {
    trunkId,
    vlanId,
    clusterName,
    ...addresses
  }: { readonly trunkId: string; readonly vlanId: number; readonly clusterName: string } & AddressOptions,
): BuiltNetworkInterface {
  return addNetworkInterface(builder, subnet, {
    ...addresses,
    description: 'aws-k8s-branch-eni',
    interfaceType: 'branch',
    status: 'in-use',
    requesterManaged: false,
    tags: {
      'eks:eni:owner': 'eks-vpc-resource-controller',
      [`kubernetes.io/cluster/${clusterName}`]: 'owned',
      'vpcresources.k8s.aws/trunk-eni-id': trunkId,
      'vpcresources.k8s.aws/vlan-id': String(vlanId),
    },
  });
}

/** An interface through which a cluster's control plane reaches its VPC. */
export function addControlPlaneInterface(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  { clusterName, ...addresses }: { readonly clusterName: string } & AddressOptions,
): BuiltNetworkInterface {
  return addNetworkInterface(builder, subnet, {
    ...addresses,
    description: `Amazon EKS ${clusterName}`,
    interfaceType: 'interface',
    status: 'in-use',
    requesterId: EKS_ACCOUNT_ID,
    requesterManaged: true,
    attachment: serviceAttachment(builder, EKS_ACCOUNT_ID),
  });
}

/** One zone's interface of an Application, Network or Classic Load Balancer. */
export function addLoadBalancerInterface(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  { kind, name, ...addresses }: { readonly kind: 'app' | 'net' | 'classic'; readonly name: string } & AddressOptions,
): BuiltNetworkInterface {
  return addNetworkInterface(builder, subnet, {
    ...addresses,
    description: kind === 'classic' ? `ELB ${name}` : `ELB ${kind}/${name}/${builder.ids.hex(16)}`,
    interfaceType: kind === 'net' ? 'network_load_balancer' : 'interface',
    status: 'in-use',
    requesterId: ELB_REQUESTER_ID,
    requesterManaged: true,
    attachment: serviceAttachment(builder, ELB_REQUESTER_ID),
  });
}

/** The interface of a NAT gateway. */
export function addNatGatewayInterface(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  { natGatewayId, ...addresses }: { readonly natGatewayId: string } & AddressOptions,
): BuiltNetworkInterface {
  return addNetworkInterface(builder, subnet, {
    ...addresses,
    description: `Interface for NAT Gateway ${natGatewayId}`,
    interfaceType: 'nat_gateway',
    status: 'in-use',
    requesterManaged: true,
    attachment: serviceAttachment(builder, 'amazon-aws'),
  });
}

/** One zone's interface of an interface endpoint. */
export function addEndpointInterface(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  { vpcEndpointId, ...addresses }: { readonly vpcEndpointId: string } & AddressOptions,
): BuiltNetworkInterface {
  return addNetworkInterface(builder, subnet, {
    ...addresses,
    description: `VPC Endpoint Interface ${vpcEndpointId}`,
    interfaceType: 'vpc_endpoint',
    status: 'in-use',
    requesterManaged: true,
    attachment: serviceAttachment(builder, 'amazon-aws'),
  });
}

/** The interface through which Lambda functions reach a subnet. */
export function addLambdaInterface(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  { functionName, ...addresses }: { readonly functionName: string } & AddressOptions,
): BuiltNetworkInterface {
  return addNetworkInterface(builder, subnet, {
    ...addresses,
    description: `AWS Lambda VPC ENI-${functionName}`,
    interfaceType: 'lambda',
    status: 'in-use',
    requesterManaged: true,
    attachment: serviceAttachment(builder, 'amazon-aws'),
  });
}

/** The interface of a node that EKS Auto Mode runs, which EC2 hides unless asked. */
export function addAutoModeInterface(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  {
    instanceId,
    clusterName,
    nodeName,
    deviceIndex = 0,
    ...addresses
  }: {
    readonly instanceId: string;
    readonly clusterName: string;
    readonly nodeName: string;
    readonly deviceIndex?: number;
  } & AddressOptions,
): BuiltNetworkInterface {
  return addNetworkInterface(builder, subnet, {
    ...addresses,
    description: '',
    interfaceType: 'interface',
    status: 'in-use',
    requesterManaged: false,
    attachment: instanceAttachment(builder, { instanceId, deviceIndex }, addresses.ownerId),
    operator: { Managed: true, Principal: AUTO_MODE_PRINCIPAL, HiddenByDefault: true },
    tags: { 'eks:eks-cluster-name': clusterName, 'eks:kubernetes-cni-node-name': nodeName },
  });
}

function cniTags(builder: RegionBuilder, instanceId: string, clusterName: string): Record<string, string> {
  return {
    'cluster.k8s.amazonaws.com/name': clusterName,
    'eks:eni:owner': 'amazon-vpc-cni',
    'node.k8s.amazonaws.com/createdAt': builder.now.toISOString(),
    'node.k8s.amazonaws.com/instance_id': instanceId,
  };
}

function instanceAttachment(
  builder: RegionBuilder,
  { instanceId, deviceIndex }: InstanceAttachment,
  ownerId: string | undefined,
): NetworkInterfaceAttachment {
  return {
    ...attachment(builder, ownerId ?? builder.account.id, deviceIndex),
    InstanceId: instanceId,
    NetworkCardIndex: 0,
  };
}

function serviceAttachment(builder: RegionBuilder, instanceOwnerId: string): NetworkInterfaceAttachment {
  return attachment(builder, instanceOwnerId, 1);
}

function attachment(builder: RegionBuilder, instanceOwnerId: string, deviceIndex: number): NetworkInterfaceAttachment {
  return {
    AttachTime: builder.now,
    AttachmentId: nextId(builder.ids, 'eni-attach'),
    DeleteOnTermination: true,
    DeviceIndex: deviceIndex,
    InstanceOwnerId: instanceOwnerId,
    Status: 'attached',
  };
}
