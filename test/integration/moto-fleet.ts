import {
  CreateFlowLogsCommand,
  CreateNetworkInterfaceCommand,
  CreateSubnetCidrReservationCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  RunInstancesCommand,
  type Tag,
} from '@aws-sdk/client-ec2';
import {
  CreateClusterCommand,
  CreateFargateProfileCommand,
  CreateNodegroupCommand,
  EKSClient,
} from '@aws-sdk/client-eks';
import {
  CloseAccountCommand,
  CreateAccountCommand,
  CreateOrganizationCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentity } from '@smithy/types';
import pLimit from 'p-limit';
import { MOTO_ACCOUNT_ID } from '../helpers/moto.ts';

/** The role that moto puts into each account it creates. */
export const MEMBER_ROLE_NAME = 'OrganizationAccountAccessRole';
export const REGIONS = ['eu-west-1', 'us-east-1'] as const;
/** Every account has a cluster of this name in us-east-1, and one of the other in eu-west-1. */
export const SHARED_CLUSTER_NAME = 'prod';
export const EDGE_CLUSTER_NAME = 'edge';

const SOCKETS = 16;
const requestHandler = new NodeHttpHandler({ httpAgent: { maxSockets: SOCKETS, keepAlive: true } });

export interface MotoFleet {
  readonly accountIds: readonly string[];
  readonly closedAccountId: string;
  readonly networks: readonly MotoNetwork[];
}

export interface MotoNetwork {
  readonly accountId: string;
  readonly region: string;
  readonly ec2: EC2Client;
  readonly eks: EKSClient;
  readonly vpcId: string;
  readonly subnetIds: Readonly<Record<SubnetRole, string>>;
}

export type SubnetRole = 'empty' | 'partly' | 'scattered' | 'full' | 'large' | 'smallest' | 'nodes' | 'reserved';

/** The third and fourth byte of each subnet's base, and its length. */
const SUBNET_BLOCKS: Readonly<Record<SubnetRole, { readonly tail: string; readonly zone: string }>> = {
  empty: { tail: '0.0/24', zone: 'a' },
  partly: { tail: '1.0/24', zone: 'b' },
  scattered: { tail: '4.0/22', zone: 'a' },
  full: { tail: '2.0/25', zone: 'b' },
  large: { tail: '16.0/20', zone: 'c' },
  smallest: { tail: '3.0/28', zone: 'a' },
  nodes: { tail: '3.64/26', zone: 'b' },
  reserved: { tail: '8.0/24', zone: 'c' },
};
const SUBNET_ROLES: readonly SubnetRole[] = [
  'empty',
  'partly',
  'scattered',
  'full',
  'large',
  'smallest',
  'nodes',
  'reserved',
];

/** Both kinds of reservation, one of them over addresses that are in use. */
export const RESERVATIONS = [
  { tail: '8.64/26', type: 'prefix' },
  { tail: '8.160/28', type: 'explicit' },
] as const;

/** Fills moto with an organisation of three accounts that are active and one that is closed. */
export async function buildMotoFleet(url: string): Promise<MotoFleet> {
  const home = { endpoint: url, region: 'us-east-1', requestHandler, credentials: keys('x') };
  const organizations = new OrganizationsClient(home);
  await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const created: string[] = [];
  for (const name of ['Shop', 'Data platform', 'Closed']) {
    const { CreateAccountStatus } = await organizations.send(
      new CreateAccountCommand({ AccountName: name, Email: `${name.replaceAll(' ', '')}@example.com` }),
    );
    created.push(present(CreateAccountStatus?.AccountId));
  }
  const closedAccountId = present(created.at(-1));
  await organizations.send(new CloseAccountCommand({ AccountId: closedAccountId }));
  const accountIds = [MOTO_ACCOUNT_ID, ...created.slice(0, -1)];
  const networks: MotoNetwork[] = [];
  for (const [index, accountId] of accountIds.entries()) {
    const credentials =
      accountId === MOTO_ACCOUNT_ID ? home.credentials : await assumed(new STSClient(home), accountId);
    for (const [regionIndex, region] of REGIONS.entries()) {
      const seed = 2 * index + regionIndex;
      networks.push(await buildNetwork({ ...home, region, credentials }, accountId, seed));
    }
  }
  await Promise.all(networks.map((network, seed) => fillNetwork(network, seed)));
  await buildClusters(networks);
  await buildFlowLogs(url, networks);
  return { accountIds, closedAccountId, networks };
}

function keys(accessKeyId: string): AwsCredentialIdentity {
  return { accessKeyId, secretAccessKey: 'x' };
}

async function assumed(sts: STSClient, accountId: string): Promise<AwsCredentialIdentity> {
  const RoleArn = `arn:aws:iam::${accountId}:role/${MEMBER_ROLE_NAME}`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'build' }));
  return {
    accessKeyId: present(Credentials?.AccessKeyId),
    secretAccessKey: present(Credentials?.SecretAccessKey),
    sessionToken: present(Credentials?.SessionToken),
  };
}

type Home = ConstructorParameters<typeof EC2Client>[0] & { readonly region: string };

async function buildNetwork(home: Home, accountId: string, seed: number): Promise<MotoNetwork> {
  const ec2 = new EC2Client(home);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: `10.${seed}.0.0/16` }));
  const vpcId = present(Vpc?.VpcId);
  const ids = await Promise.all(
    SUBNET_ROLES.map(async (role) => {
      const { tail, zone } = SUBNET_BLOCKS[role];
      const tags: Tag[] = [{ Key: 'Name', Value: `${role} of ${accountId}` }];
      if (role === 'full') {
        tags.push({ Key: `kubernetes.io/cluster/${SHARED_CLUSTER_NAME}`, Value: 'owned' });
      }
      const { Subnet } = await ec2.send(
        new CreateSubnetCommand({
          VpcId: vpcId,
          CidrBlock: `10.${seed}.${tail}`,
          AvailabilityZone: `${home.region}${zone}`,
          TagSpecifications: [{ ResourceType: 'subnet', Tags: tags }],
        }),
      );
      return [role, present(Subnet?.SubnetId)] as const;
    }),
  );
  const idOf = (role: SubnetRole) => present(ids.find(([name]) => name === role)?.[1]);
  const subnetIds = {
    empty: idOf('empty'),
    partly: idOf('partly'),
    scattered: idOf('scattered'),
    full: idOf('full'),
    large: idOf('large'),
    smallest: idOf('smallest'),
    nodes: idOf('nodes'),
    reserved: idOf('reserved'),
  };
  return { accountId, region: home.region, ec2, eks: new EKSClient(home), vpcId, subnetIds };
}

/** Offsets from a subnet's base, one list per interface. */
function interfacesOf(role: SubnetRole, seed: number): readonly (readonly number[])[] {
  const random = generator(seed + 1);
  switch (role) {
    case 'empty':
      return [];
    case 'partly':
      return sample(random, 4, 254, 60 + 5 * seed).map((offset) => [offset]);
    case 'scattered':
      // One address in each /28 block: nearly everything is free, and no block is.
      return Array.from({ length: 64 }, (_, index) => [16 * index + 4 + Math.floor(random() * 11)]);
    case 'full':
      return Array.from({ length: 123 }, (_, index) => [4 + index]);
    case 'large':
      return chunks(sample(random, 4, 4094, 900 + 30 * seed), 5);
    case 'smallest':
      return [[4], [14]];
    case 'nodes':
      return [];
    case 'reserved':
      return sample(random, 4, 254, 20).map((offset) => [offset]);
  }
}

const CNI_INTERFACES = 3;

async function fillNetwork(network: MotoNetwork, seed: number): Promise<void> {
  const { ec2, subnetIds, region } = network;
  const limit = pLimit(SOCKETS);
  const wanted = SUBNET_ROLES.flatMap((role) =>
    interfacesOf(role, seed).map((offsets, index) => ({ role, offsets, index })),
  );
  await Promise.all(
    wanted.map(({ role, offsets, index }) =>
      limit(() =>
        ec2.send(
          new CreateNetworkInterfaceCommand({
            SubnetId: subnetIds[role],
            PrivateIpAddresses: offsets.map((offset, position) => ({
              PrivateIpAddress: addressAt(seed, role, offset),
              Primary: position === 0,
            })),
            ...markOf(region, role, index),
          }),
        ),
      ),
    ),
  );
  for (const { tail, type } of RESERVATIONS) {
    await ec2.send(
      new CreateSubnetCidrReservationCommand({
        SubnetId: subnetIds.reserved,
        Cidr: `10.${seed}.${tail}`,
        ReservationType: type,
      }),
    );
  }
  const clusterTag = { Key: region === 'us-east-1' ? 'eks:cluster-name' : 'team', Value: SHARED_CLUSTER_NAME };
  await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      InstanceType: 'm5.large',
      MinCount: 4,
      MaxCount: 4,
      SubnetId: subnetIds.nodes,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [clusterTag] }],
    }),
  );
}

/** What the VPC CNI writes on its own interfaces, on a few of them. */
function markOf(region: string, role: SubnetRole, index: number) {
  if (region !== 'us-east-1' || role !== 'large' || index >= CNI_INTERFACES) {
    return {};
  }
  const Tags = [
    { Key: 'cluster.k8s.amazonaws.com/name', Value: SHARED_CLUSTER_NAME },
    { Key: 'node.k8s.amazonaws.com/instance_id', Value: 'i-0123456789abcdef0' },
  ];
  return {
    Description: 'aws-K8S-i-0123456789abcdef0',
    TagSpecifications: [{ ResourceType: 'network-interface' as const, Tags }],
  };
}

async function buildClusters(networks: readonly MotoNetwork[]): Promise<void> {
  for (const { accountId, region, eks, subnetIds } of networks) {
    const name = region === 'us-east-1' ? SHARED_CLUSTER_NAME : EDGE_CLUSTER_NAME;
    const role = `arn:aws:iam::${accountId}:role/eks`;
    const controlPlane =
      region === 'us-east-1'
        ? [subnetIds.empty, subnetIds.partly, subnetIds.reserved]
        : [subnetIds.scattered, subnetIds.full];
    await eks.send(
      new CreateClusterCommand({
        name,
        roleArn: role,
        version: '1.33',
        resourcesVpcConfig: { subnetIds: controlPlane },
      }),
    );
    if (region === 'us-east-1') {
      await eks.send(
        new CreateNodegroupCommand({
          clusterName: name,
          nodegroupName: 'workers',
          nodeRole: role,
          subnets: [subnetIds.nodes],
          scalingConfig: { minSize: 1, desiredSize: 4, maxSize: 9 },
          instanceTypes: ['m5.large'],
        }),
      );
      await eks.send(
        new CreateFargateProfileCommand({
          clusterName: name,
          fargateProfileName: 'batch',
          podExecutionRoleArn: role,
          subnets: [subnetIds.scattered, subnetIds.empty],
          selectors: [{ namespace: 'batch' }],
        }),
      );
    }
  }
}

const LOG_GROUP_NAME = 'flow-logs';

/** One log of a whole VPC that is delivered, and one of a single subnet whose log group does not exist. */
async function buildFlowLogs(url: string, [first, second]: readonly MotoNetwork[]): Promise<void> {
  const network = present(first);
  await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Logs_20140328.CreateLogGroup',
      authorization: `AWS4-HMAC-SHA256 Credential=x/20260101/${network.region}/logs/aws4_request, SignedHeaders=host, Signature=x`,
    },
    body: JSON.stringify({ logGroupName: LOG_GROUP_NAME }),
  });
  const common = {
    TrafficType: 'ALL' as const,
    LogGroupName: LOG_GROUP_NAME,
    DeliverLogsPermissionArn: `arn:aws:iam::${MOTO_ACCOUNT_ID}:role/flow-logs`,
  };
  await network.ec2.send(new CreateFlowLogsCommand({ ...common, ResourceType: 'VPC', ResourceIds: [network.vpcId] }));
  const other = present(second);
  await other.ec2.send(
    new CreateFlowLogsCommand({ ...common, ResourceType: 'Subnet', ResourceIds: [other.subnetIds.partly] }),
  );
}

function addressAt(seed: number, role: SubnetRole, offset: number): string {
  const [third = 0, fourth = 0] = (SUBNET_BLOCKS[role].tail.split('/')[0] ?? '').split('.').map(Number);
  const total = 256 * third + fourth + offset;
  return `10.${seed}.${Math.floor(total / 256)}.${total % 256}`;
}

/** `count` different offsets from `first` to `last`, the same ones for the same generator. */
function sample(random: () => number, first: number, last: number, count: number): number[] {
  const left = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return Array.from({ length: count }, () => present(left.splice(Math.floor(random() * left.length), 1)[0]));
}

function chunks(values: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}

/** A linear congruential generator: good enough to scatter addresses, and the same on every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function present<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error('Cannot build the organisation: moto left a value out');
  }
  return value;
}
