import { DescribeRegionsCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { ListClustersCommand } from '@aws-sdk/client-eks';
import { DescribeOrganizationCommand, ListAccountsCommand } from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, type AssumeRoleCommandInput, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { addAccount, addRegion, createSimulatedAws } from '../../../lib/local/simulated-aws/build/organization.ts';
import type { SimulatedAws } from '../../../lib/local/simulated-aws/state.ts';
import { clientsOf, errorOf } from './clients.ts';

const MANAGEMENT = '100000000000';
const MEMBER = '200000000000';
const now = new Date('2026-11-20T00:00:00Z');

function world(partition = 'aws', region = 'us-east-1'): SimulatedAws {
  const aws = createSimulatedAws({
    partition,
    organizationId: 'o-test',
    managementAccountId: MANAGEMENT,
    now: () => now,
  });
  addRegion(addAccount(aws, { id: MANAGEMENT, name: 'Management' }), region);
  const member = addAccount(aws, { id: MEMBER, name: 'Member' });
  addRegion(member, region);
  member.roles.set('plain', { externalId: undefined });
  member.roles.set('team/guarded', { externalId: 'secret' });
  return aws;
}

function assume(aws: SimulatedAws, input: Partial<AssumeRoleCommandInput>, region = 'us-east-1') {
  const { sts } = clientsOf(aws, { accountId: MANAGEMENT, region });
  const RoleArn = `arn:${aws.partition}:iam::${MEMBER}:role/plain`;
  return sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'scan', ...input }));
}

async function sessionOf(aws: SimulatedAws, input: Partial<AssumeRoleCommandInput>, region = 'us-east-1') {
  const { Credentials } = await assume(aws, input, region);
  return clientsOf(aws, {
    accountId: MEMBER,
    region,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
}

describe('AssumeRole', () => {
  it('gives a session that speaks for the other account', async () => {
    const { sts } = await sessionOf(world(), {});
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: MEMBER,
      Arn: `arn:aws:sts::${MEMBER}:assumed-role/plain/scan`,
    });
  });

  it('gives a session of a role with a path when the external id is right', async () => {
    const RoleArn = `arn:aws:iam::${MEMBER}:role/team/guarded`;
    const { sts } = await sessionOf(world(), { RoleArn, ExternalId: 'secret' });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      `arn:aws:sts::${MEMBER}:assumed-role/guarded/scan`,
    );
  });

  it.each<{ what: string; input: Partial<AssumeRoleCommandInput>; name: string }>([
    {
      what: 'a wrong external id',
      input: { RoleArn: `arn:aws:iam::${MEMBER}:role/team/guarded`, ExternalId: 'guess' },
      name: 'AccessDenied',
    },
    { what: 'no external id', input: { RoleArn: `arn:aws:iam::${MEMBER}:role/team/guarded` }, name: 'AccessDenied' },
    { what: 'an unknown role', input: { RoleArn: `arn:aws:iam::${MEMBER}:role/none` }, name: 'AccessDenied' },
    { what: 'an unknown account', input: { RoleArn: 'arn:aws:iam::300000000000:role/plain' }, name: 'AccessDenied' },
    { what: 'another partition', input: { RoleArn: `arn:aws-cn:iam::${MEMBER}:role/plain` }, name: 'AccessDenied' },
    { what: 'what is no role', input: { RoleArn: `arn:aws:iam::${MEMBER}:user/plain` }, name: 'ValidationError' },
    { what: 'a session name of one letter', input: { RoleSessionName: 'x' }, name: 'ValidationError' },
    { what: 'a session of 899 seconds', input: { DurationSeconds: 899 }, name: 'ValidationError' },
    { what: 'a session of 43201 seconds', input: { DurationSeconds: 43_201 }, name: 'ValidationError' },
  ])('refuses $what with $name', async ({ input, name }) => {
    expect(await errorOf(assume(world(), input))).toMatchObject({ name });
  });

  it.each(['SUSPENDED', 'CLOSED'] as const)('refuses an account that is %s', async (state) => {
    const aws = world();
    const member = aws.accounts.get(MEMBER);
    if (member !== undefined) {
      member.state = state;
    }
    expect(await errorOf(assume(aws, {}))).toMatchObject({ name: 'AccessDenied', status: 403 });
  });

  it('gives a session that ends when it said it would', async () => {
    const aws = world();
    const { ec2, eks, sts } = await sessionOf(aws, { DurationSeconds: 900 });
    aws.now = () => new Date(now.getTime() + 899_999);
    expect((await ec2.send(new DescribeSubnetsCommand({}))).Subnets).toEqual([]);
    aws.now = () => new Date(now.getTime() + 900_000);
    expect(await errorOf(ec2.send(new DescribeSubnetsCommand({})))).toMatchObject({ name: 'RequestExpired' });
    expect(await errorOf(eks.send(new ListClustersCommand({})))).toMatchObject({ name: 'ExpiredTokenException' });
    expect(await errorOf(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: 'ExpiredToken',
    });
  });
});

describe('the organisation', () => {
  it('is listed for a delegated administrator as for the management account', async () => {
    const aws = world();
    const { organizations } = clientsOf(aws, { accountId: MEMBER });
    expect(await errorOf(organizations.send(new ListAccountsCommand({})))).toMatchObject({
      name: 'AccessDeniedException',
    });
    aws.delegatedAdministratorIds.add(MEMBER);
    const { Accounts } = await organizations.send(new ListAccountsCommand({}));
    expect(Accounts?.map((each) => each.Id)).toEqual([MANAGEMENT, MEMBER]);
  });

  it('leaves out the state and the status that an account does not have', async () => {
    const aws = world();
    addAccount(aws, { id: '300000000000', name: 'Old', state: undefined });
    addAccount(aws, { id: '400000000000', name: 'New', status: undefined });
    const { organizations } = clientsOf(aws, { accountId: MANAGEMENT });
    const { Accounts } = await organizations.send(new ListAccountsCommand({}));
    const [, , old, recent] = Accounts ?? [];
    expect(old).not.toHaveProperty('State');
    expect(old?.Status).toBe('ACTIVE');
    expect(recent).not.toHaveProperty('Status');
    expect(recent?.State).toBe('ACTIVE');
  });
});

describe('a partition', () => {
  it.each([
    { partition: 'aws-cn', region: 'cn-north-1', endpoint: 'ec2.cn-north-1.amazonaws.com.cn', zoneId: 'cnn1-az1' },
    {
      partition: 'aws-us-gov',
      region: 'us-gov-west-1',
      endpoint: 'ec2.us-gov-west-1.amazonaws.com',
      zoneId: 'usgw1-az1',
    },
  ])('$partition has its own ARNs and endpoints', async ({ partition, region, endpoint, zoneId }) => {
    const aws = world(partition, region);
    const { sts, ec2, eks } = await sessionOf(aws, {}, region);
    const { organizations } = clientsOf(aws, { accountId: MANAGEMENT, region });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      `arn:${partition}:sts::${MEMBER}:assumed-role/plain/scan`,
    );
    expect((await ec2.send(new DescribeRegionsCommand({}))).Regions).toEqual([
      { RegionName: region, OptInStatus: 'opt-in-not-required', Endpoint: endpoint },
    ]);
    expect((await eks.send(new ListClustersCommand({}))).clusters).toEqual([]);
    expect((await organizations.send(new DescribeOrganizationCommand({}))).Organization?.Arn).toBe(
      `arn:${partition}:organizations::${MANAGEMENT}:organization/o-test`,
    );
    expect(aws.accounts.get(MEMBER)?.regions.get(region)?.availabilityZones[0]?.ZoneId).toBe(zoneId);
  });
});
