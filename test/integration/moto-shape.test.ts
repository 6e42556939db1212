import {
  CreateFlowLogsCommand,
  CreateNetworkInterfaceCommand,
  CreateSubnetCidrReservationCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DescribeAvailabilityZonesCommand,
  DescribeFlowLogsCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRegionsCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
  GetSubnetCidrReservationsCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateClusterCommand,
  CreateFargateProfileCommand,
  CreateNodegroupCommand,
  DescribeClusterCommand,
  DescribeFargateProfileCommand,
  DescribeNodegroupCommand,
  EKSClient,
  ListClustersCommand,
  ListFargateProfilesCommand,
  ListNodegroupsCommand,
} from '@aws-sdk/client-eks';
import {
  CreateOrganizationCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DEMO_ACCOUNT_IDS,
  DEMO_EXTERNAL_ID,
  DEMO_ROLE_NAME,
  demoOrganization,
} from '../../lib/local/simulated-aws/demo-organization.ts';
import { hasCommand } from '../helpers/commands.ts';
import { MOTO_ACCOUNT_ID, MOTO_NOTE, type MotoServer, startMoto } from '../helpers/moto.ts';
import { type Clients, clientsOf, withoutMetadata } from '../local/simulated-aws/clients.ts';

const REGION = 'us-east-1';
const BUILD_WITHIN_MS = 60_000;
const ROLE_ARN = `arn:aws:iam::${MOTO_ACCOUNT_ID}:role/any`;

/** One side of the comparison: whom to ask, and what equal resources are called there. */
interface Side {
  readonly clients: Clients;
  readonly managementClients: Clients;
  readonly clusterName: string;
  readonly nodegroupName: string;
  readonly fargateProfileName: string;
  readonly reservedSubnetId: string;
  readonly reservationClients: Clients;
  readonly roleArn: string;
}

interface Case {
  readonly what: string;
  readonly ask: (side: Side) => Promise<unknown>;
  /** Members that AWS has and the simulation leaves out, since nothing reads them. */
  readonly leftOut?: readonly string[];
}

const cases: readonly Case[] = [
  {
    what: 'a VPC',
    ask: async ({ clients: { ec2 } }) =>
      (await ec2.send(new DescribeVpcsCommand({}))).Vpcs?.find((each) => each.IsDefault === false),
  },
  {
    what: 'an attribute of a VPC',
    ask: async ({ clients: { ec2 } }) => {
      const { Vpcs } = await ec2.send(new DescribeVpcsCommand({}));
      const [vpc] = Vpcs ?? [];
      return ec2.send(new DescribeVpcAttributeCommand({ VpcId: vpc?.VpcId, Attribute: 'enableDnsSupport' }));
    },
  },
  {
    what: 'a subnet',
    ask: async ({ clients: { ec2 } }) =>
      (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.find((each) => each.Tags?.length),
  },
  {
    what: "an instance's network interface",
    ask: async ({ clients: { ec2 } }) => {
      const { NetworkInterfaces } = await ec2.send(new DescribeNetworkInterfacesCommand({}));
      return NetworkInterfaces?.find((each) => each.Attachment?.InstanceId !== undefined);
    },
    leftOut: ['Groups[]', 'RequesterId'],
  },
  {
    what: 'a network interface with secondary addresses',
    ask: async ({ clients: { ec2 } }) => {
      const filter = { Name: 'description', Values: ['aws-K8S-*'] };
      const { NetworkInterfaces } = await ec2.send(new DescribeNetworkInterfacesCommand({ Filters: [filter] }));
      return NetworkInterfaces?.[0];
    },
    leftOut: ['Groups[]', 'RequesterId'],
  },
  {
    what: 'an instance',
    ask: async ({ clients: { ec2 } }) => (await ec2.send(new DescribeInstancesCommand({}))).Reservations?.[0],
    leftOut: [
      'Groups',
      ...[
        'AmiLaunchIndex Architecture BlockDeviceMappings ClientToken EbsOptimized HibernationOptions Hypervisor',
        'MetadataOptions Monitoring NetworkInterfaces Placement.GroupName Platform PrivateDnsName ProductCodes',
        'RootDeviceName RootDeviceType SecurityGroups SourceDestCheck SriovNetSupport StateReason',
        'StateTransitionReason VirtualizationType',
      ].flatMap((line) => line.split(' ').map((name) => `Instances[].${name}`)),
    ],
  },
  {
    what: 'an instance type',
    ask: async ({ clients: { ec2 } }) =>
      (await ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: ['m5.large'] }))).InstanceTypes?.[0],
    leftOut: [
      ...[
        'AutoRecoverySupported BurstablePerformanceSupported DedicatedHostsSupported EbsInfo FreeTierEligible',
        'HibernationSupported InstanceStorageSupported NitroEnclavesSupport NitroTpmInfo NitroTpmSupport PhcSupport',
        'PlacementGroupInfo ProcessorInfo.Manufacturer ProcessorInfo.SustainedClockSpeedInGhz RebootMigrationSupport',
        'SupportedBootModes SupportedRootDeviceTypes SupportedUsageClasses SupportedVirtualizationTypes',
        'VCpuInfo.DefaultCores VCpuInfo.DefaultThreadsPerCore VCpuInfo.ValidCores VCpuInfo.ValidThreadsPerCore',
      ].flatMap((line) => line.split(' ')),
      ...[
        'ConnectionTrackingConfiguration EfaSupported EnaSrdSupported EnaSupport EncryptionInTransitSupported',
        'FlexibleEnaQueuesSupport NetworkPerformance SecondaryNetworkSupported',
        'NetworkCards[].BaselineBandwidthInGbps NetworkCards[].DefaultEnaQueueCountPerInterface',
        'NetworkCards[].NetworkPerformance NetworkCards[].PeakBandwidthInGbps',
      ].flatMap((line) => line.split(' ').map((name) => `NetworkInfo.${name}`)),
    ],
  },
  {
    what: 'the route table of a VPC',
    ask: async ({ clients: { ec2 } }) => (await ec2.send(new DescribeRouteTablesCommand({}))).RouteTables?.[0],
  },
  {
    what: 'an interface endpoint',
    ask: async ({ clients: { ec2 } }) => (await ec2.send(new DescribeVpcEndpointsCommand({}))).VpcEndpoints?.[0],
    leftOut: ['PolicyDocument', 'DnsEntries[]'],
  },
  {
    what: 'a flow log',
    ask: async ({ clients: { ec2 } }) => (await ec2.send(new DescribeFlowLogsCommand({}))).FlowLogs?.[0],
    // moto answers that the log group does not exist.
    leftOut: ['DeliverLogsErrorMessage'],
  },
  {
    what: 'the reservations of a subnet',
    ask: ({ reservationClients: { ec2 }, reservedSubnetId }) =>
      ec2.send(new GetSubnetCidrReservationsCommand({ SubnetId: reservedSubnetId })),
  },
  {
    what: 'a zone',
    ask: async ({ clients: { ec2 } }) =>
      (await ec2.send(new DescribeAvailabilityZonesCommand({}))).AvailabilityZones?.[0],
  },
  {
    what: 'a region',
    ask: async ({ clients: { ec2 } }) => (await ec2.send(new DescribeRegionsCommand({}))).Regions?.[0],
  },
  { what: 'the list of clusters', ask: ({ clients: { eks } }) => eks.send(new ListClustersCommand({})) },
  {
    what: 'a cluster',
    ask: ({ clients: { eks }, clusterName }) => eks.send(new DescribeClusterCommand({ name: clusterName })),
    leftOut: ['certificateAuthority', 'clientRequestToken', 'encryptionConfig', 'identity', 'logging'].map(
      (name) => `cluster.${name}`,
    ),
  },
  {
    what: 'the list of node groups',
    ask: ({ clients: { eks }, clusterName }) => eks.send(new ListNodegroupsCommand({ clusterName })),
  },
  {
    what: 'a node group',
    ask: ({ clients: { eks }, clusterName, nodegroupName }) =>
      eks.send(new DescribeNodegroupCommand({ clusterName, nodegroupName })),
    leftOut: ['remoteAccess', 'taints', 'resources.remoteAccessSecurityGroup', 'diskSize'].map(
      (name) => `nodegroup.${name}`,
    ),
  },
  {
    what: 'the list of Fargate profiles',
    ask: ({ clients: { eks }, clusterName }) => eks.send(new ListFargateProfilesCommand({ clusterName })),
  },
  {
    what: 'a Fargate profile',
    ask: ({ clients: { eks }, clusterName, fargateProfileName }) =>
      eks.send(new DescribeFargateProfileCommand({ clusterName, fargateProfileName })),
  },
  {
    what: 'the organisation',
    ask: ({ clients: { organizations } }) => organizations.send(new DescribeOrganizationCommand({})),
    leftOut: ['Organization.AvailablePolicyTypes'],
  },
  {
    what: 'the list of accounts',
    ask: ({ managementClients: { organizations } }) => organizations.send(new ListAccountsCommand({})),
    leftOut: ['Accounts[].JoinedTimestamp'],
  },
  { what: 'who one is', ask: ({ clients: { sts } }) => sts.send(new GetCallerIdentityCommand({})) },
  {
    what: 'an assumed role',
    ask: ({ managementClients: { sts }, roleArn }) =>
      sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'shape', ExternalId: DEMO_EXTERNAL_ID })),
    leftOut: ['PackedPolicySize'],
  },
];

describe.skipIf(!hasCommand('moto_server'))(`moto: the shape of answers (${MOTO_NOTE})`, () => {
  let moto: MotoServer | undefined;
  let theirs: Side;
  let ours: Side;

  beforeAll(async () => {
    moto = await startMoto();
    theirs = await motoSide(moto.url);
    ours = simulatedSide();
  }, BUILD_WITHIN_MS);

  afterAll(() => moto?.stop());

  it.each(cases)('of $what is the same', async ({ ask, leftOut = [] }) => {
    const expected = shapeOf(withoutMetadata(Object(await ask(theirs))));
    const actual = shapeOf(withoutMetadata(Object(await ask(ours))));
    const isLeftOut = (path: string) =>
      leftOut.some((each) => path === each || new RegExp(`^${escaped(each)}[.[]`).test(path));
    const wanted = [...expected].filter(([path]) => !isLeftOut(path));
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter(([path, kind]) => actual.get(path) !== kind)).toEqual([]);
    // An exception that is none hides what may break next.
    expect(leftOut.filter((each) => ![...expected.keys()].some((path) => path.startsWith(each)))).toEqual([]);
    expect(leftOut.filter((each) => actual.has(each))).toEqual([]);
  });
});

/** The path of each member and what kind of value it has; members of a list count together. */
function shapeOf(value: unknown): Map<string, string> {
  return new Map(membersOf(value, ''));
}

function membersOf(value: unknown, path: string): [string, string][] {
  if (Array.isArray(value)) {
    return value.flatMap((each) => membersOf(each, `${path}[]`));
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]): [string, string][] => {
    const memberPath = path === '' ? name : `${path}.${name}`;
    // Keys of tags are data.
    const inner = name === 'tags' ? [] : membersOf(member, memberPath);
    return member === undefined ? [] : [[memberPath, kindOf(member)], ...inner];
  });
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) {
    return 'array';
  }
  return value instanceof Date ? 'date' : typeof value;
}

function escaped(text: string): string {
  return text.replace(/[.[\]]/g, '\\$&');
}

function simulatedSide(): Side {
  const aws = demoOrganization(new Date('2026-11-23T12:00:00Z'));
  const { shop, management, search } = DEMO_ACCOUNT_IDS;
  const [reservation] = aws.accounts.get(search)?.regions.get(REGION)?.subnetCidrReservations ?? [];
  return {
    clients: clientsOf(aws, { accountId: shop }),
    managementClients: clientsOf(aws, { accountId: management }),
    clusterName: 'shop-prod',
    nodegroupName: 'general',
    fargateProfileName: 'batch',
    reservedSubnetId: reservation?.SubnetId ?? '',
    reservationClients: clientsOf(aws, { accountId: search }),
    roleArn: `arn:aws:iam::${shop}:role/${DEMO_ROLE_NAME}`,
  };
}

/** One of each resource in moto. */
async function motoSide(endpoint: string): Promise<Side> {
  const config = { endpoint, region: REGION, credentials: { accessKeyId: 'moto', secretAccessKey: 'moto' } };
  const clients = {
    ec2: new EC2Client(config),
    eks: new EKSClient(config),
    sts: new STSClient(config),
    organizations: new OrganizationsClient(config),
  };
  const { ec2, eks, organizations } = clients;
  const tags = [{ Key: 'Name', Value: 'shape' }];
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', TagSpecifications: [{ ResourceType: 'vpc', Tags: tags }] }),
  );
  const VpcId = Vpc?.VpcId;
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({
      VpcId,
      CidrBlock: '10.0.0.0/24',
      AvailabilityZone: `${REGION}a`,
      TagSpecifications: [{ ResourceType: 'subnet', Tags: tags }],
    }),
  );
  const SubnetId = Subnet?.SubnetId ?? '';
  await ec2.send(
    new CreateNetworkInterfaceCommand({ SubnetId, Description: 'aws-K8S-i-1', SecondaryPrivateIpAddressCount: 2 }),
  );
  await ec2.send(
    new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1, InstanceType: 'm5.large', SubnetId }),
  );
  await ec2.send(
    new CreateFlowLogsCommand({
      ResourceIds: [VpcId ?? ''],
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogDestinationType: 'cloud-watch-logs',
      LogGroupName: 'shape',
      DeliverLogsPermissionArn: ROLE_ARN,
    }),
  );
  await ec2.send(
    new CreateVpcEndpointCommand({
      VpcId,
      ServiceName: `com.amazonaws.${REGION}.ecr.dkr`,
      VpcEndpointType: 'Interface',
      SubnetIds: [SubnetId],
    }),
  );
  await ec2.send(new CreateSubnetCidrReservationCommand({ SubnetId, Cidr: '10.0.0.64/26', ReservationType: 'prefix' }));
  const clusterName = 'shape';
  const subnets = [SubnetId];
  await eks.send(
    new CreateClusterCommand({ name: clusterName, roleArn: ROLE_ARN, resourcesVpcConfig: { subnetIds: subnets } }),
  );
  const nodegroupName = 'shape';
  await eks.send(new CreateNodegroupCommand({ clusterName, nodegroupName, subnets, nodeRole: ROLE_ARN }));
  const fargateProfileName = 'shape';
  await eks.send(
    new CreateFargateProfileCommand({
      clusterName,
      fargateProfileName,
      podExecutionRoleArn: ROLE_ARN,
      subnets,
      selectors: [{ namespace: 'shape' }],
    }),
  );
  await organizations.send(new CreateOrganizationCommand({}));
  return {
    clients,
    managementClients: clients,
    clusterName,
    nodegroupName,
    fargateProfileName,
    reservedSubnetId: SubnetId,
    reservationClients: clients,
    roleArn: ROLE_ARN,
  };
}
