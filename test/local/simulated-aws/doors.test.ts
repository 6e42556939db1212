import {
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
  GetManagedResourceVisibilityCommand,
  GetSubnetCidrReservationsCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeFargateProfileCommand,
  DescribeNodegroupCommand,
  ListAddonsCommand,
  ListClustersCommand,
  ListFargateProfilesCommand,
  ListNodegroupsCommand,
} from '@aws-sdk/client-eks';
import { DescribeOrganizationCommand, ListAccountsCommand } from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DEMO_ACCOUNT_IDS,
  DEMO_EXTERNAL_ID,
  DEMO_ROLE_NAME,
  demoOrganization,
} from '../../../lib/local/simulated-aws/demo-organization.ts';
import { ec2Service } from '../../../lib/local/simulated-aws/ec2/ec2-service.ts';
import { eksService } from '../../../lib/local/simulated-aws/eks/eks-service.ts';
import { organizationsService } from '../../../lib/local/simulated-aws/organizations/organizations-service.ts';
import { type SimulatedAwsServer, serveSimulatedAws } from '../../../lib/local/simulated-aws/serve-simulated-aws.ts';
import type { SimulatedAccount, SimulatedRegion } from '../../../lib/local/simulated-aws/state.ts';
import { stsService } from '../../../lib/local/simulated-aws/sts/sts-service.ts';
import { type Clients, clientsOf, httpClientsOf, withoutMetadata } from './clients.ts';

const now = new Date('2026-11-20T00:00:00Z');
const aws = demoOrganization(now);
const { shop, management, search } = DEMO_ACCOUNT_IDS;

function accountOf(id: string): SimulatedAccount {
  const account = aws.accounts.get(id);
  if (account === undefined) {
    throw new Error(`The demo has no account ${id}`);
  }
  return account;
}

function regionOf(id: string, name: string): SimulatedRegion {
  const region = accountOf(id).regions.get(name);
  if (region === undefined) {
    throw new Error(`The demo has no region ${name} in ${id}`);
  }
  return region;
}

const virginia = regionOf(shop, 'us-east-1');
const ireland = regionOf(shop, 'eu-west-1');
const searchVirginia = regionOf(search, 'us-east-1');
const searchIreland = regionOf(search, 'eu-west-1');
const tooling = regionOf(management, 'eu-west-1');
const cluster = virginia.eks.get('shop-prod');
const vpcId = virginia.vpcs[0]?.VpcId;
const reservedSubnetId = searchVirginia.subnetCidrReservations[0]?.SubnetId;

interface Case {
  readonly action: string;
  readonly accountId: string;
  readonly region: string;
  readonly send: (clients: Clients) => Promise<object>;
  readonly expected: object;
}

function inShop(action: string, send: Case['send'], expected: object, region = 'us-east-1'): Case {
  return { action, accountId: shop, region, send, expected };
}

const cases: Case[] = [
  inShop('DescribeRegions', ({ ec2 }) => ec2.send(new DescribeRegionsCommand({ AllRegions: true })), {
    Regions: [
      { RegionName: 'us-east-1', OptInStatus: 'opt-in-not-required', Endpoint: 'ec2.us-east-1.amazonaws.com' },
      { RegionName: 'eu-west-1', OptInStatus: 'opt-in-not-required', Endpoint: 'ec2.eu-west-1.amazonaws.com' },
      { RegionName: 'af-south-1', OptInStatus: 'not-opted-in', Endpoint: 'ec2.af-south-1.amazonaws.com' },
    ],
  }),
  inShop('DescribeAvailabilityZones', ({ ec2 }) => ec2.send(new DescribeAvailabilityZonesCommand({})), {
    AvailabilityZones: virginia.availabilityZones,
  }),
  inShop('DescribeVpcs', ({ ec2 }) => ec2.send(new DescribeVpcsCommand({})), { Vpcs: virginia.vpcs }),
  {
    action: 'DescribeVpcs',
    accountId: management,
    region: 'eu-west-1',
    send: ({ ec2 }) => ec2.send(new DescribeVpcsCommand({})),
    expected: { Vpcs: tooling.vpcs },
  },
  inShop(
    'DescribeVpcAttribute',
    ({ ec2 }) => ec2.send(new DescribeVpcAttributeCommand({ VpcId: vpcId, Attribute: 'enableDnsSupport' })),
    { VpcId: vpcId, EnableDnsSupport: { Value: true } },
  ),
  inShop('DescribeSubnets', ({ ec2 }) => ec2.send(new DescribeSubnetsCommand({ MaxResults: 1000 })), {
    Subnets: virginia.subnets,
  }),
  {
    action: 'GetSubnetCidrReservations',
    accountId: search,
    region: 'us-east-1',
    send: ({ ec2 }) => ec2.send(new GetSubnetCidrReservationsCommand({ SubnetId: reservedSubnetId })),
    expected: {
      SubnetIpv4CidrReservations: searchVirginia.subnetCidrReservations.filter(
        (each) => each.SubnetId === reservedSubnetId,
      ),
      SubnetIpv6CidrReservations: [],
    },
  },
  inShop(
    'DescribeNetworkInterfaces',
    ({ ec2 }) => ec2.send(new DescribeNetworkInterfacesCommand({ IncludeManagedResources: true })),
    {
      NetworkInterfaces: virginia.networkInterfaces.map((each) =>
        each.OwnerId === shop ? each : { ...each, TagSet: [] },
      ),
    },
  ),
  inShop('DescribeInstances', ({ ec2 }) => ec2.send(new DescribeInstancesCommand({ IncludeManagedResources: true })), {
    Reservations: virginia.instances.map((each) => ({
      ReservationId: each.InstanceId?.replace('i-', 'r-'),
      OwnerId: shop,
      Instances: [each],
    })),
  }),
  inShop(
    'DescribeInstanceTypes',
    ({ ec2 }) => ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: ['m5.large', 't3.medium'] })),
    { InstanceTypes: virginia.instanceTypes.slice(0, 2) },
  ),
  inShop('DescribeRouteTables', ({ ec2 }) => ec2.send(new DescribeRouteTablesCommand({})), {
    RouteTables: virginia.routeTables,
  }),
  inShop('DescribeVpcEndpoints', ({ ec2 }) => ec2.send(new DescribeVpcEndpointsCommand({})), {
    VpcEndpoints: virginia.vpcEndpoints,
  }),
  {
    action: 'DescribeFlowLogs',
    accountId: search,
    region: 'eu-west-1',
    send: ({ ec2 }) =>
      ec2.send(new DescribeFlowLogsCommand({ Filter: [{ Name: 'traffic-type', Values: ['REJECT'] }] })),
    expected: { FlowLogs: searchIreland.flowLogs },
  },
  inShop('GetManagedResourceVisibility', ({ ec2 }) => ec2.send(new GetManagedResourceVisibilityCommand({})), {
    Visibility: { DefaultVisibility: 'hidden' },
  }),
  inShop('ListClusters', ({ eks }) => eks.send(new ListClustersCommand({})), {
    clusters: ['shop-prod', 'shop-edge'],
  }),
  inShop('DescribeCluster', ({ eks }) => eks.send(new DescribeClusterCommand({ name: 'shop-prod' })), {
    cluster: cluster?.cluster,
  }),
  inShop('ListNodegroups', ({ eks }) => eks.send(new ListNodegroupsCommand({ clusterName: 'shop-prod' })), {
    nodegroups: ['general'],
  }),
  inShop(
    'DescribeNodegroup',
    ({ eks }) => eks.send(new DescribeNodegroupCommand({ clusterName: 'shop-prod', nodegroupName: 'general' })),
    { nodegroup: cluster?.nodegroups.get('general') },
  ),
  inShop('ListFargateProfiles', ({ eks }) => eks.send(new ListFargateProfilesCommand({ clusterName: 'shop-prod' })), {
    fargateProfileNames: ['batch'],
  }),
  inShop(
    'DescribeFargateProfile',
    ({ eks }) => eks.send(new DescribeFargateProfileCommand({ clusterName: 'shop-prod', fargateProfileName: 'batch' })),
    { fargateProfile: cluster?.fargateProfiles.get('batch') },
  ),
  inShop('ListAddons', ({ eks }) => eks.send(new ListAddonsCommand({ clusterName: 'shop-prod' })), {
    addons: ['vpc-cni', 'coredns'],
  }),
  inShop(
    'DescribeAddon',
    ({ eks }) => eks.send(new DescribeAddonCommand({ clusterName: 'shop-eu', addonName: 'vpc-cni' })),
    { addon: ireland.eks.get('shop-eu')?.addons.get('vpc-cni') },
    'eu-west-1',
  ),
  inShop('GetCallerIdentity', ({ sts }) => sts.send(new GetCallerIdentityCommand({})), {
    Account: shop,
    Arn: `arn:aws:iam::${shop}:user/simulated`,
    UserId: `AIDASIM${shop}XX`,
  }),
  inShop(
    'AssumeRole',
    ({ sts }) =>
      sts.send(
        new AssumeRoleCommand({
          RoleArn: `arn:aws:iam::${shop}:role/${DEMO_ROLE_NAME}`,
          RoleSessionName: 'scan',
          ExternalId: DEMO_EXTERNAL_ID,
        }),
      ),
    {
      AssumedRoleUser: {
        Arn: `arn:aws:sts::${shop}:assumed-role/${DEMO_ROLE_NAME}/scan`,
        AssumedRoleId: `AROASIM${shop}XX:scan`,
      },
      Credentials: expect.objectContaining({
        AccessKeyId: `ASIASIM${shop}X`,
        Expiration: new Date('2026-11-20T01:00:00Z'),
      }),
    },
  ),
  {
    action: 'ListAccounts',
    accountId: management,
    region: 'us-east-1',
    send: ({ organizations }) => organizations.send(new ListAccountsCommand({})),
    expected: {
      Accounts: [...aws.accounts.values()].map(({ id, name, email, arn, state, status }) => ({
        Id: id,
        Name: name,
        Email: email,
        Arn: arn,
        State: state,
        Status: status,
        JoinedMethod: 'CREATED',
      })),
    },
  },
  {
    action: 'DescribeOrganization',
    accountId: shop,
    region: 'us-east-1',
    send: ({ organizations }) => organizations.send(new DescribeOrganizationCommand({})),
    expected: {
      Organization: {
        Id: 'o-demo123456',
        Arn: `arn:aws:organizations::${management}:organization/o-demo123456`,
        FeatureSet: 'ALL',
        MasterAccountId: management,
        MasterAccountArn: accountOf(management).arn,
        MasterAccountEmail: accountOf(management).email,
      },
    },
  },
];

describe('the two doors', () => {
  let server: SimulatedAwsServer;
  beforeAll(async () => {
    server = await serveSimulatedAws(aws, { port: 0 });
  });
  afterAll(() => server.close());

  it.each(cases)('give $action of $accountId as the state has it', async ({ accountId, region, send, expected }) => {
    const inProcess = withoutMetadata(await send(clientsOf(aws, { accountId, region })));
    const overHttp = withoutMetadata(await send(httpClientsOf(server.url, { accountId, region })));
    expect(inProcess).toEqual(expected);
    expect(overHttp).toEqual(inProcess);
  });

  it('are tried for every simulated action', () => {
    const simulated = [ec2Service, eksService, stsService, organizationsService].flatMap((service) => [
      ...service.operations.keys(),
    ]);
    expect(new Set(cases.map(({ action }) => action))).toEqual(new Set(simulated));
  });
});
