import {
  DescribeFlowLogsCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type Filter,
  GetManagedResourceVisibilityCommand,
  GetSubnetCidrReservationsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { DEMO_ACCOUNT_IDS, demoOrganization } from '../../../lib/local/simulated-aws/demo-organization.ts';
import type { SimulatedAws } from '../../../lib/local/simulated-aws/state.ts';
import { clientsOf, errorOf } from './clients.ts';

const { shop, mobile, network, logistics, loyalty } = DEMO_ACCOUNT_IDS;

function demo(): SimulatedAws {
  return demoOrganization(new Date('2026-11-20T00:00:00Z'));
}

async function interfacesSeen(aws: SimulatedAws, accountId: string, input: { IncludeManagedResources?: boolean }) {
  const { ec2 } = clientsOf(aws, { accountId });
  const { NetworkInterfaces } = await ec2.send(new DescribeNetworkInterfacesCommand(input));
  return NetworkInterfaces ?? [];
}

async function instancesSeen(aws: SimulatedAws, input: { IncludeManagedResources?: boolean }) {
  const { ec2 } = clientsOf(aws, { accountId: mobile });
  const { Reservations } = await ec2.send(new DescribeInstancesCommand(input));
  return (Reservations ?? []).flatMap((each) => each.Instances ?? []);
}

describe('resources that an AWS service manages', () => {
  it('are left out unless they are asked for', async () => {
    const aws = demo();
    const region = aws.accounts.get(mobile)?.regions.get('us-east-1');
    const shown = await interfacesSeen(aws, mobile, {});
    const all = await interfacesSeen(aws, mobile, { IncludeManagedResources: true });
    const managedCount = all.filter((each) => each.Operator?.Managed).length;
    expect(shown.some((each) => each.Operator?.Managed)).toBe(false);
    expect(managedCount).toBeGreaterThan(3);
    expect(all).toHaveLength(shown.length + managedCount);
    expect(all).toHaveLength(region?.networkInterfaces.length ?? -1);
    expect(await instancesSeen(aws, {})).toEqual([]);
    expect(await instancesSeen(aws, { IncludeManagedResources: true })).toHaveLength(region?.instances.length ?? -1);
  });

  it('are shown where the account chose to see them', async () => {
    const aws = demo();
    const account = aws.accounts.get(mobile);
    expect(account).toBeDefined();
    if (account !== undefined) {
      account.managedResourceVisibility = 'visible';
    }
    expect((await interfacesSeen(aws, mobile, {})).some((each) => each.Operator?.Managed)).toBe(true);
    const { ec2 } = clientsOf(aws, { accountId: mobile });
    const { Visibility } = await ec2.send(new GetManagedResourceVisibilityCommand({}));
    expect(Visibility?.DefaultVisibility).toBe('visible');
  });

  it.each([
    { operator: { Managed: true, HiddenByDefault: false }, hidden: false },
    { operator: { Managed: true, HiddenByDefault: true }, hidden: true },
    { operator: { Managed: true }, hidden: true },
    { operator: { Managed: false, HiddenByDefault: true }, hidden: false },
  ])('with $operator are hidden: $hidden', async ({ operator, hidden }) => {
    const aws = demo();
    const first = aws.accounts.get(shop)?.regions.get('us-east-1')?.networkInterfaces[0];
    expect(first).toBeDefined();
    if (first !== undefined) {
      first.Operator = operator;
    }
    const ids = (await interfacesSeen(aws, shop, {})).map((each) => each.NetworkInterfaceId);
    expect(ids.includes(first?.NetworkInterfaceId)).toBe(!hidden);
  });
});

describe('a shared VPC', () => {
  it('shows a participant the shared subnets without tags, under its own zone names', async () => {
    const aws = demo();
    const { Subnets: owned } = await clientsOf(aws, { accountId: network }).ec2.send(new DescribeSubnetsCommand({}));
    const { Subnets: seen } = await clientsOf(aws, { accountId: logistics }).ec2.send(
      new DescribeSubnetsCommand({ Filters: [{ Name: 'owner-id', Values: [network] }] }),
    );
    const shared = (owned ?? []).filter((each) => each.Tags?.some((tag) => /^shared-[ab]$/.test(tag.Value ?? '')));
    expect(shared.map((each) => each.AvailabilityZone)).toEqual(['us-east-1a', 'us-east-1b']);
    expect(seen).toEqual([
      { ...shared[0], AvailabilityZone: 'us-east-1c', Tags: [] },
      { ...shared[1], AvailabilityZone: 'us-east-1a', Tags: [] },
    ]);
  });

  it('shows a participant the VPC and the route table of those subnets, without tags', async () => {
    const aws = demo();
    const owner = clientsOf(aws, { accountId: network }).ec2;
    const participant = clientsOf(aws, { accountId: logistics }).ec2;
    const filter = { Filters: [{ Name: 'owner-id', Values: [network] }] };
    const { Vpcs: ownVpcs } = await owner.send(new DescribeVpcsCommand({}));
    const { Vpcs: seenVpcs } = await participant.send(new DescribeVpcsCommand(filter));
    expect(seenVpcs).toEqual(ownVpcs?.map((each) => ({ ...each, Tags: [] })));
    const { RouteTables: ownTables } = await owner.send(new DescribeRouteTablesCommand({}));
    const { RouteTables: seenTables } = await participant.send(new DescribeRouteTablesCommand(filter));
    expect(ownTables).toHaveLength(3);
    expect(seenTables).toEqual([{ ...ownTables?.[2], Tags: [] }]);
  });

  it('shows its owner every interface and a participant only its own', async () => {
    const aws = demo();
    const owner = await interfacesSeen(aws, network, { IncludeManagedResources: true });
    const participant = await interfacesSeen(aws, logistics, { IncludeManagedResources: true });
    const shared = aws.accounts.get(logistics)?.regions.get('us-east-1')?.sharedSubnets ?? [];
    const sharedIds = new Set<string | undefined>(shared.map((each) => each.subnetId));
    const inShared = owner.filter((each) => sharedIds.has(each.SubnetId));
    const ofParticipant = inShared.filter((each) => each.OwnerId === logistics);
    // The owner's own, and those of both participants.
    expect(new Set(inShared.map((each) => each.OwnerId))).toEqual(new Set([network, logistics, loyalty]));
    expect(participant).toHaveLength(ofParticipant.length);
    expect(new Set(participant.map((each) => each.OwnerId))).toEqual(new Set([logistics]));
    const zones = new Set(participant.map((each) => `${each.AvailabilityZoneId} ${each.AvailabilityZone}`));
    expect(zones).toEqual(new Set(['use1-az1 us-east-1c', 'use1-az2 us-east-1a']));
    const ids = participant.map((each) => each.NetworkInterfaceId);
    expect(ids).toEqual(expect.arrayContaining(ofParticipant.map((each) => each.NetworkInterfaceId)));
  });

  it('shows nobody else the flow logs and endpoints of whoever made them', async () => {
    const aws = demo();
    const { ec2 } = clientsOf(aws, { accountId: logistics });
    const vpcId = aws.accounts.get(network)?.regions.get('us-east-1')?.vpcs[0]?.VpcId ?? '';
    const { FlowLogs } = await ec2.send(
      new DescribeFlowLogsCommand({ Filter: [{ Name: 'resource-id', Values: [vpcId] }] }),
    );
    const { VpcEndpoints } = await ec2.send(new DescribeVpcEndpointsCommand({}));
    expect(FlowLogs).toEqual([]);
    expect(VpcEndpoints).toEqual([]);
  });

  it('refuses a participant the reservations of a shared subnet', async () => {
    const aws = demo();
    const shared = aws.accounts.get(logistics)?.regions.get('us-east-1')?.sharedSubnets[0];
    const call = (accountId: string) =>
      clientsOf(aws, { accountId }).ec2.send(new GetSubnetCidrReservationsCommand({ SubnetId: shared?.subnetId }));
    expect(await errorOf(call(logistics))).toMatchObject({ name: 'UnauthorizedOperation' });
    expect((await call(network)).SubnetIpv4CidrReservations).toEqual([]);
  });
});

describe('filters', () => {
  async function subnetNames(filters: Filter[]): Promise<(string | undefined)[]> {
    const { ec2 } = clientsOf(demo(), { accountId: shop });
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ Filters: filters }));
    return (Subnets ?? []).map((each) => each.Tags?.find((tag) => tag.Key === 'Name')?.Value);
  }

  it.each<{ what: string; filters: Filter[]; names: string[] }>([
    {
      what: 'a tag with a wildcard',
      filters: [{ Name: 'tag:Name', Values: ['shop-edge-*'] }],
      names: ['shop-edge-a', 'shop-edge-b'],
    },
    {
      what: 'one character as a wildcard',
      filters: [{ Name: 'tag:Name', Values: ['shop-?dge-a'] }],
      names: ['shop-edge-a'],
    },
    { what: 'no dot as a wildcard', filters: [{ Name: 'tag:Name', Values: ['shop.edge-*'] }], names: [] },
    {
      what: 'the key of a tag',
      filters: [{ Name: 'tag-key', Values: ['kubernetes.io/role/elb'] }],
      names: ['shop-public-a', 'shop-public-b', 'edge-public-a', 'edge-public-b'],
    },
    {
      what: 'two filters at once and one value of several',
      filters: [
        { Name: 'availability-zone', Values: ['us-east-1b'] },
        { Name: 'tag:Name', Values: ['shop-edge-a', 'shop-edge-b', 'none'] },
      ],
      names: ['shop-edge-b'],
    },
  ])('select subnets by $what', async ({ filters, names }) => {
    expect(await subnetNames(filters)).toEqual(names);
  });

  it.each([
    { name: 'interface-type', value: 'nat_gateway' },
    { name: 'status', value: 'in-use' },
  ])('select interfaces by $name', async ({ name, value }) => {
    const { ec2 } = clientsOf(demo(), { accountId: shop });
    const filters = [{ Name: name, Values: [value] }];
    const { NetworkInterfaces } = await ec2.send(new DescribeNetworkInterfacesCommand({ Filters: filters }));
    const { NetworkInterfaces: others } = await ec2.send(
      new DescribeNetworkInterfacesCommand({ Filters: [{ Name: name, Values: ['none'] }] }),
    );
    const values = (NetworkInterfaces ?? []).map((each) => (name === 'status' ? each.Status : each.InterfaceType));
    expect(new Set<string | undefined>(values)).toEqual(new Set([value]));
    expect(others).toEqual([]);
  });
});
