import type { Cluster, FargateProfile, Nodegroup } from '../../lib/domain/cluster/cluster.ts';
import type { FlowLog, Instance, NetworkInterface, Subnet } from '../../lib/domain/network/network.ts';

/**
 * Builders of healthy things that belong together: one account, VPC, subnet, cluster and node. A test overrides only what
 * it is about.
 */

export const ACCOUNT_ID = '111122223333';
/** The account that runs what AWS operates, such as control planes. */
export const AWS_ACCOUNT_ID = '999988887777';
export const VPC_ID = 'vpc-0a';
export const SUBNET_ID = 'subnet-0a';
export const INSTANCE_ID = 'i-0a1b2c';
export const CLUSTER_NAME = 'prod';
export const NOW = '2026-11-23T08:00:00.000Z';

/** An interface in use that nothing marks as anyone's. */
export function aNetworkInterface(overrides: Partial<NetworkInterface> = {}): NetworkInterface {
  return {
    networkInterfaceId: 'eni-0a',
    subnetId: SUBNET_ID,
    vpcId: VPC_ID,
    ownerId: ACCOUNT_ID,
    interfaceType: 'interface',
    description: '',
    requesterId: undefined,
    requesterManaged: false,
    status: 'in-use',
    attachment: undefined,
    operator: undefined,
    privateIpAddresses: [],
    ipv4Prefixes: [],
    malformedAddresses: [],
    tags: [],
    ...overrides,
  };
}

/** How an interface is attached to an instance of the same account. */
export function anAttachment(
  instanceId: string | undefined = INSTANCE_ID,
): NonNullable<NetworkInterface['attachment']> {
  return { instanceId, instanceOwnerId: ACCOUNT_ID, deviceIndex: 0, networkCardIndex: 0, status: 'attached' };
}

/** How an interface is attached to something that AWS runs in an account of its own. */
export function anAttachmentOfAws(): NonNullable<NetworkInterface['attachment']> {
  return {
    instanceId: undefined,
    instanceOwnerId: AWS_ACCOUNT_ID,
    deviceIndex: 1,
    networkCardIndex: 0,
    status: 'attached',
  };
}

/** A running instance that no cluster claims. */
export function anInstance(overrides: Partial<Instance> = {}): Instance {
  return {
    instanceId: INSTANCE_ID,
    instanceType: 'm5.large',
    state: 'running',
    subnetId: SUBNET_ID,
    vpcId: VPC_ID,
    operator: undefined,
    tags: [],
    ...overrides,
  };
}

/** An empty /24. */
export function aSubnet(overrides: Partial<Subnet> = {}): Subnet {
  return {
    subnetId: SUBNET_ID,
    subnetArn: `arn:aws:ec2:eu-west-1:${ACCOUNT_ID}:subnet/${SUBNET_ID}`,
    vpcId: VPC_ID,
    ownerId: ACCOUNT_ID,
    availabilityZone: 'eu-west-1a',
    availabilityZoneId: 'euw1-az1',
    cidrBlock: '10.0.0.0/24',
    availableIpAddressCount: 251,
    ipv6Native: false,
    mapPublicIpOnLaunch: false,
    state: 'available',
    tags: [],
    ...overrides,
  };
}

/** A log of the whole VPC that delivers all traffic with the packets' own addresses. */
export function aFlowLog(overrides: Partial<FlowLog> = {}): FlowLog {
  return {
    flowLogId: 'fl-0a',
    resourceId: VPC_ID,
    trafficType: 'ALL',
    flowLogStatus: 'ACTIVE',
    deliverLogsStatus: 'SUCCESS',
    deliverLogsErrorMessage: undefined,
    logDestinationType: 's3',
    logDestination: 'arn:aws:s3:::flow-logs',
    logGroupName: undefined,
    logFormat: '$' + '{version} $' + '{pkt-srcaddr} $' + '{pkt-dstaddr} $' + '{action}',
    maxAggregationInterval: 60,
    createdAt: '2026-01-01T00:00:00.000Z',
    tags: [],
    ...overrides,
  };
}

export function aCluster(overrides: Partial<Cluster> = {}): Cluster {
  return {
    name: CLUSTER_NAME,
    arn: `arn:aws:eks:eu-west-1:${ACCOUNT_ID}:cluster/${CLUSTER_NAME}`,
    version: '1.33',
    platformVersion: 'eks.5',
    status: 'ACTIVE',
    createdAt: '2026-01-01T00:00:00.000Z',
    vpcId: VPC_ID,
    subnetIds: [SUBNET_ID],
    ipFamily: 'ipv4',
    autoMode: false,
    tags: [],
    ...overrides,
  };
}

export function aNodegroup(overrides: Partial<Nodegroup> = {}): Nodegroup {
  return {
    nodegroupName: 'workers',
    clusterName: CLUSTER_NAME,
    status: 'ACTIVE',
    capacityType: 'ON_DEMAND',
    amiType: 'AL2023_x86_64_STANDARD',
    releaseVersion: '1.33.0-20260801',
    instanceTypes: ['m5.large'],
    subnetIds: [SUBNET_ID],
    scalingConfig: { minSize: 1, maxSize: 6, desiredSize: 3 },
    updateConfig: { maxUnavailable: 1, maxUnavailablePercentage: undefined, updateStrategy: 'DEFAULT' },
    launchTemplateId: undefined,
    launchTemplateVersion: undefined,
    autoScalingGroupNames: ['eks-workers'],
    healthIssues: [],
    tags: [],
    ...overrides,
  };
}

export function aFargateProfile(overrides: Partial<FargateProfile> = {}): FargateProfile {
  return {
    fargateProfileName: 'batch',
    clusterName: CLUSTER_NAME,
    status: 'ACTIVE',
    subnetIds: [SUBNET_ID],
    tags: [],
    ...overrides,
  };
}
