import {
  DescribeFlowLogsCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  GetSubnetCidrReservationsCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeFargateProfileCommand,
  DescribeNodegroupCommand,
  ListAddonsCommand,
  ListClustersCommand,
  ListInsightsCommand,
} from '@aws-sdk/client-eks';
import { ListAccountsCommand, ListRootsCommand } from '@aws-sdk/client-organizations';
import { GetCallerIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { answer } from '../../../lib/local/simulated-aws/answer.ts';
import { DEMO_ACCOUNT_IDS, demoOrganization } from '../../../lib/local/simulated-aws/demo-organization.ts';
import { type Clients, clientsOf, errorOf } from './clients.ts';

const aws = demoOrganization(new Date('2026-11-20T00:00:00Z'));
const { shop, dataPlatform, management } = DEMO_ACCOUNT_IDS;
const subnetId = aws.accounts.get(shop)?.regions.get('us-east-1')?.subnets[0]?.SubnetId ?? '';

interface Case {
  readonly what: string;
  readonly send: (clients: Clients) => Promise<unknown>;
  readonly name: string;
  readonly status: number;
}

const ec2Cases: Case[] = [
  {
    what: 'an unknown subnet id',
    send: ({ ec2 }) => ec2.send(new DescribeSubnetsCommand({ SubnetIds: [subnetId, 'subnet-0'] })),
    name: 'InvalidSubnetID.NotFound',
    status: 400,
  },
  {
    what: 'an unknown VPC id',
    send: ({ ec2 }) => ec2.send(new DescribeVpcsCommand({ VpcIds: ['vpc-0'] })),
    name: 'InvalidVpcID.NotFound',
    status: 400,
  },
  {
    what: 'the attribute of an unknown VPC',
    send: ({ ec2 }) => ec2.send(new DescribeVpcAttributeCommand({ VpcId: 'vpc-0', Attribute: 'enableDnsSupport' })),
    name: 'InvalidVpcID.NotFound',
    status: 400,
  },
  {
    what: 'an unknown network interface id',
    send: ({ ec2 }) => ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ['eni-0'] })),
    name: 'InvalidNetworkInterfaceID.NotFound',
    status: 400,
  },
  {
    what: 'an unknown instance id',
    send: ({ ec2 }) => ec2.send(new DescribeInstancesCommand({ InstanceIds: ['i-0'] })),
    name: 'InvalidInstanceID.NotFound',
    status: 400,
  },
  {
    what: 'an unknown instance type',
    // A type that the SDK lists and the simulated region does not have.
    send: ({ ec2 }) => ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: ['p5.48xlarge'] })),
    name: 'InvalidInstanceType',
    status: 400,
  },
  {
    what: 'an unknown route table id',
    send: ({ ec2 }) => ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: ['rtb-0'] })),
    name: 'InvalidRouteTableID.NotFound',
    status: 400,
  },
  {
    what: 'an unknown endpoint id',
    send: ({ ec2 }) => ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: ['vpce-0'] })),
    name: 'InvalidVpcEndpointId.NotFound',
    status: 400,
  },
  {
    what: 'reservations of an unknown subnet',
    send: ({ ec2 }) => ec2.send(new GetSubnetCidrReservationsCommand({ SubnetId: 'subnet-0' })),
    name: 'InvalidSubnetID.NotFound',
    status: 400,
  },
  {
    what: 'MaxResults with ids',
    send: ({ ec2 }) => ec2.send(new DescribeSubnetsCommand({ SubnetIds: [subnetId], MaxResults: 5 })),
    name: 'InvalidParameterCombination',
    status: 400,
  },
  {
    what: '101 route tables a page',
    send: ({ ec2 }) => ec2.send(new DescribeRouteTablesCommand({ MaxResults: 101 })),
    name: 'InvalidParameterValue',
    status: 400,
  },
  {
    what: 'a filter the action does not have',
    send: ({ ec2 }) => ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'resource-id', Values: ['x'] }] })),
    name: 'InvalidParameterValue',
    status: 400,
  },
  {
    what: 'a filter without values',
    send: ({ ec2 }) => ec2.send(new DescribeFlowLogsCommand({ Filter: [{ Name: 'resource-id' }] })),
    name: 'InvalidParameterValue',
    status: 400,
  },
  {
    what: '201 values of a filter',
    send: ({ ec2 }) =>
      ec2.send(
        new DescribeSubnetsCommand({
          Filters: [{ Name: 'vpc-id', Values: Array.from({ length: 201 }, (_, index) => `vpc-${index}`) }],
        }),
      ),
    name: 'FilterLimitExceeded',
    status: 400,
  },
  {
    what: 'an action that is not simulated',
    send: ({ ec2 }) => ec2.send(new DescribeSecurityGroupsCommand({})),
    name: 'InvalidAction',
    status: 400,
  },
];

const otherCases: Case[] = [
  {
    what: 'an unknown cluster',
    send: ({ eks }) => eks.send(new DescribeClusterCommand({ name: 'none' })),
    name: 'ResourceNotFoundException',
    status: 404,
  },
  {
    what: 'an unknown node group',
    send: ({ eks }) => eks.send(new DescribeNodegroupCommand({ clusterName: 'shop-prod', nodegroupName: 'none' })),
    name: 'ResourceNotFoundException',
    status: 404,
  },
  {
    what: 'an unknown Fargate profile',
    send: ({ eks }) =>
      eks.send(new DescribeFargateProfileCommand({ clusterName: 'shop-prod', fargateProfileName: 'none' })),
    name: 'ResourceNotFoundException',
    status: 404,
  },
  {
    what: 'an unknown add-on',
    send: ({ eks }) => eks.send(new DescribeAddonCommand({ clusterName: 'shop-prod', addonName: 'none' })),
    name: 'ResourceNotFoundException',
    status: 404,
  },
  {
    what: 'add-ons of an unknown cluster',
    send: ({ eks }) => eks.send(new ListAddonsCommand({ clusterName: 'none' })),
    name: 'ResourceNotFoundException',
    status: 404,
  },
  {
    what: '101 clusters a page',
    send: ({ eks }) => eks.send(new ListClustersCommand({ maxResults: 101 })),
    name: 'InvalidParameterException',
    status: 400,
  },
  {
    what: 'an EKS action that is not simulated',
    send: ({ eks }) => eks.send(new ListInsightsCommand({ clusterName: 'shop-prod' })),
    name: 'MissingAuthenticationTokenException',
    status: 403,
  },
  {
    what: 'the accounts, asked by a member account',
    send: ({ organizations }) => organizations.send(new ListAccountsCommand({})),
    name: 'AccessDeniedException',
    status: 400,
  },
  {
    what: 'an Organizations action that is not simulated',
    send: ({ organizations }) => organizations.send(new ListRootsCommand({})),
    name: 'UnknownOperationException',
    status: 400,
  },
  {
    what: 'an STS action that is not simulated',
    send: ({ sts }) => sts.send(new GetSessionTokenCommand({})),
    name: 'InvalidAction',
    status: 400,
  },
];

describe('errors', () => {
  it.each([...ec2Cases, ...otherCases])('answer $what with $name', async ({ send, name, status }) => {
    expect(await errorOf(send(clientsOf(aws, { accountId: shop })))).toMatchObject({ name, status });
  });

  it('name the id and the cluster they are about', async () => {
    const { ec2, eks } = clientsOf(aws, { accountId: shop });
    const missing = ['subnet-1', 'subnet-2'];
    expect((await errorOf(ec2.send(new DescribeSubnetsCommand({ SubnetIds: missing })))).message).toBe(
      "The subnet IDs 'subnet-1, subnet-2' do not exist",
    );
    await expect(eks.send(new DescribeClusterCommand({ name: 'a b/ü' }))).rejects.toMatchObject({
      clusterName: 'a b/ü',
      message: 'No cluster found for name: a b/ü.',
    });
  });

  it.each([
    ['ec2:DescribeSubnets', 'UnauthorizedOperation', 403],
    ['eks:ListClusters', 'AccessDeniedException', 403],
    ['sts:GetCallerIdentity', 'AccessDenied', 403],
    ['organizations:ListAccounts', 'AccessDeniedException', 400],
  ])('answer a denied %s with %s', async (action, name, status) => {
    const denying = demoOrganization(new Date('2026-11-20T00:00:00Z'));
    denying.accounts.get(management)?.deniedActions.add(action);
    const { ec2, eks, sts, organizations } = clientsOf(denying, { accountId: management });
    const calls: Record<string, () => Promise<unknown>> = {
      'ec2:DescribeSubnets': () => ec2.send(new DescribeSubnetsCommand({})),
      'eks:ListClusters': () => eks.send(new ListClustersCommand({})),
      'sts:GetCallerIdentity': () => sts.send(new GetCallerIdentityCommand({})),
      'organizations:ListAccounts': () => organizations.send(new ListAccountsCommand({})),
    };
    const error = await errorOf(calls[action]?.() ?? Promise.resolve());
    expect(error).toMatchObject({ name, status });
    expect(error.message).toContain(action);
  });

  it('of a denied action leave the others of the account alone', async () => {
    const { eks } = clientsOf(aws, { accountId: dataPlatform });
    const denied = eks.send(new ListAddonsCommand({ clusterName: 'data-batch' }));
    expect(await errorOf(denied)).toMatchObject({ name: 'AccessDeniedException' });
    const { cluster } = await eks.send(new DescribeClusterCommand({ name: 'data-batch' }));
    expect(cluster?.name).toBe('data-batch');
  });

  it.each([
    { what: 'an access key nobody gave', accountId: shop, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
    { what: 'an account outside the organisation', accountId: '987654321098', accessKeyId: undefined },
    { what: 'a session without its token', accountId: shop, accessKeyId: `ASIASIM${shop}X` },
  ])('know no credentials of $what', async ({ accountId, accessKeyId }) => {
    const credentials = accessKeyId === undefined ? undefined : { accessKeyId, secretAccessKey: 'secret' };
    const { ec2, eks, sts, organizations } = clientsOf(aws, {
      accountId,
      ...(credentials === undefined ? {} : { credentials }),
    });
    expect(await errorOf(ec2.send(new DescribeSubnetsCommand({})))).toMatchObject({ name: 'AuthFailure', status: 401 });
    expect(await errorOf(eks.send(new ListClustersCommand({})))).toMatchObject({
      name: 'UnrecognizedClientException',
      status: 403,
    });
    expect(await errorOf(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: 'InvalidClientTokenId',
      status: 403,
    });
    expect(await errorOf(organizations.send(new ListAccountsCommand({})))).toMatchObject({
      name: 'UnrecognizedClientException',
      status: 400,
    });
  });

  it.each(['af-south-1', 'mars-north-1'])(
    'know no credentials in %s, where the account has not opted in',
    async (region) => {
      const { ec2, eks } = clientsOf(aws, { accountId: shop, region });
      expect(await errorOf(ec2.send(new DescribeSubnetsCommand({})))).toMatchObject({ name: 'AuthFailure' });
      expect(await errorOf(eks.send(new ListClustersCommand({})))).toMatchObject({
        name: 'UnrecognizedClientException',
      });
    },
  );

  it.each([
    ['Action=DescribeSubnets&Colour=red', 'UnknownParameter'],
    ['Action=DescribeSubnets&MaxResults=many', 'InvalidParameterValue'],
    ['Action=DescribeSubnets&DryRun=maybe', 'InvalidParameterValue'],
    ['Action=GetSubnetCidrReservations', 'MissingParameter'],
    ['Version=2016-11-15', 'MissingAction'],
  ])('answer a request with the body %s with %s', async (body, code) => {
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIASIM${shop}X/20261120/us-east-1/ec2/aws4_request, Signature=0`;
    const request = {
      method: 'POST',
      path: '/',
      query: new Map(),
      headers: new Map([['authorization', authorization]]),
      body,
    };
    const response = await answer(aws, request);
    expect(response?.status).toBe(400);
    expect(response?.body).toContain(`<Code>${code}</Code>`);
  });

  it('answer a request without a signature', async () => {
    const request = { method: 'GET', path: '/clusters', query: new Map(), headers: new Map(), body: '' };
    const response = await answer(aws, request);
    expect(response?.status).toBe(403);
    expect(response?.body).toContain('<Code>MissingAuthenticationToken</Code>');
  });
});
