import { describe, expect, it } from 'vitest';
import { AuditView } from '../../lib/api/audit-view.ts';
import type { SubnetView } from '../../lib/api/subnet-view.ts';
import { FACT_TABLE, type FactRow } from '../../lib/collect/fact-table.ts';
import {
  addAddon,
  addEksCluster,
  addFargateProfile,
  addNodegroup,
} from '../../lib/local/simulated-aws/build/cluster.ts';
import { addInstance } from '../../lib/local/simulated-aws/build/instance.ts';
import { addInstanceTypes } from '../../lib/local/simulated-aws/build/instance-types.ts';
import {
  addFlowLog,
  addInterfaceEndpoint,
  addReservation,
  addSubnet,
  addVpc,
  shareSubnets,
} from '../../lib/local/simulated-aws/build/network.ts';
import {
  addAutoModeInterface,
  addBranchInterface,
  addCniInterface,
  addControlPlaneInterface,
  addInstancePrimaryInterface,
  addLoadBalancerInterface,
  addTrunkInterface,
} from '../../lib/local/simulated-aws/build/network-interface-kinds.ts';
import { addAccount, addRegion } from '../../lib/local/simulated-aws/build/organization.ts';
import type { BuiltSubnet } from '../../lib/local/simulated-aws/build/region-builder.ts';
import { settleCounts } from '../../lib/local/simulated-aws/build/settle-counts.ts';
import type { Fault } from '../../lib/local/simulated-aws/fault.ts';
import type { SimulatedRequest } from '../../lib/local/simulated-aws/state.ts';
import { auditOverHttp, ROLE_NAME, recordRequests } from '../helpers/simulated-audit.ts';
import {
  addServiceNetworkEndpoint,
  anOrganization,
  aPlace,
  figuresOf,
  MANAGEMENT_ID,
  MEMBER_ID,
  type Place,
  REGION,
} from './simulated-region.ts';

const NODE = 'm5.xlarge';
const ORGANIZATION = { kind: 'organization' } as const;

function viewOf(view: AuditView, subnet: BuiltSubnet): SubnetView {
  const rows = view.subnets.filter(({ subnetId }) => subnetId === subnet.SubnetId);
  const [row] = rows;
  if (row === undefined || rows.length > 1) {
    throw new Error(`Cannot look at subnet "${subnet.SubnetId}": ${rows.length} rows, expected one`);
  }
  return row;
}

async function audited({ aws }: Place, options: Partial<Parameters<typeof auditOverHttp>[1]> = {}): Promise<AuditView> {
  const view = await auditOverHttp(aws, { callerId: MANAGEMENT_ID, ...options });
  // Whatever was seen or not, the view keeps to its own contract.
  expect(AuditView.parse(view)).toEqual(view);
  return view;
}

function expectExact(view: AuditView, { builder }: Place, subnet: BuiltSubnet): SubnetView {
  const row = viewOf(view, subnet);
  expect(row).toMatchObject(figuresOf(builder.region, subnet));
  expect(row).toMatchObject({
    countedFrom: 'network-interfaces',
    unaccountedAddressCount: 0,
    reconciliation: 'exact',
    problems: [],
  });
  return row;
}

function holderCounts({ holders }: SubnetView): Record<string, number> {
  return Object.fromEntries(holders.map(({ kind, addressCount }) => [kind, addressCount]));
}

describe('a subnet whose owner is scanned', () => {
  it('counts the 16 addresses of each prefix beside those of its interface', async () => {
    const place = anOrganization();
    const { builder } = place;
    const subnet = addSubnet(builder, addVpc(builder, { cidrBlock: '10.0.0.0/16' }), { cidrBlock: '10.0.1.0/24' });
    const { InstanceId: instanceId } = addInstance(builder, subnet, { instanceType: NODE });
    addInstancePrimaryInterface(builder, subnet, { instanceId, prefixCount: 2 });
    const clusterName = 'prod';
    addCniInterface(builder, subnet, {
      instanceId,
      deviceIndex: 1,
      clusterName,
      prefixCount: 3,
      addressOffsets: [200],
    });
    addCniInterface(builder, subnet, { instanceId, deviceIndex: 2, clusterName, secondaryAddressCount: 5 });
    settleCounts(builder.region);
    const row = expectExact(await audited(place), place, subnet);
    // 3 primary addresses, 5 secondary ones and 5 blocks.
    expect(row).toMatchObject({ usedAddressCount: 88, freeAddressCount: 163, freePrefixCount: 8, maxPrefixCount: 14 });
    expect(row.prefixes).toEqual({ areInUse: true, canFallBack: false });
  });

  it('keeps reserved addresses apart from free ones, and gives prefixes from prefix reservations only', async () => {
    const place = anOrganization();
    const { builder } = place;
    const subnet = addSubnet(builder, addVpc(builder, { cidrBlock: '10.0.0.0/16' }), { cidrBlock: '10.0.1.0/24' });
    addReservation(builder, subnet, { cidr: '10.0.1.64/26', type: 'prefix' });
    addReservation(builder, subnet, { cidr: '10.0.1.128/28', type: 'explicit' });
    const { InstanceId: instanceId } = addInstance(builder, subnet, { instanceType: NODE });
    addInstancePrimaryInterface(builder, subnet, { instanceId, prefixCount: 1, addressOffsets: [130] });
    settleCounts(builder.region);
    const row = expectExact(await audited(place), place, subnet);
    expect(row).toMatchObject({
      usableAddressCount: 251,
      usedAddressCount: 17,
      // Three blocks of the prefix reservation and 15 addresses of the explicit one.
      reservedAddressCount: 63,
      freeAddressCount: 171,
      availableIpAddressCount: 171,
      freePrefixCountReserved: 3,
      freePrefixCount: 12,
    });
  });

  it('counts what Auto Mode runs, which EC2 hides from who does not ask', async () => {
    const { place, subnet } = anAutoModeSubnet();
    const row = expectExact(await audited(place), place, subnet);
    expect(row).toMatchObject({ usedAddressCount: 3 * 17, freePrefixCount: 10 });
    expect(holderCounts(row)).toEqual({ 'auto-mode-node': 51 });
  });

  it('is short of addresses by what stays hidden, and promises no block that hidden ones may break', async () => {
    const { place, subnet } = anAutoModeSubnet();
    const real = figuresOf(place.builder.region, subnet);
    place.aws.faults = forgetManagedResources;
    const row = viewOf(await audited(place), subnet);
    const seen = figuresOf(place.builder.region, subnet, ({ Operator }) => Operator?.Managed !== true);
    expect(row).toMatchObject(seen);
    expect(row).toMatchObject({
      usedAddressCount: 0,
      availableIpAddressCount: 200,
      unaccountedAddressCount: -51,
      reconciliation: 'unexplained',
      addressesLeft: 200,
      freePrefixCountMost: 14,
      freePrefixCount: 0,
    });
    expect(row.freePrefixCount).toBeLessThanOrEqual(real.freePrefixCountMost);
  });

  it.each([
    { hidden: 1, freePrefixCount: 13 },
    { hidden: 13, freePrefixCount: 1 },
    { hidden: 14, freePrefixCount: 0 },
    { hidden: 15, freePrefixCount: 0 },
  ])('takes $hidden hidden addresses for as many broken blocks of 14', async ({ hidden, freePrefixCount }) => {
    const place = anOrganization();
    const { builder } = place;
    const subnet = addSubnet(builder, addVpc(builder, { cidrBlock: '10.0.0.0/16' }), { cidrBlock: '10.0.1.0/24' });
    settleCounts(builder.region);
    subnet.AvailableIpAddressCount = 251 - hidden;
    const row = viewOf(await audited(place), subnet);
    expect(row).toMatchObject(figuresOf(builder.region, subnet));
    expect(row).toMatchObject({ unaccountedAddressCount: -hidden, freePrefixCountMost: 14, freePrefixCount });
  });

  it('names what control planes, trunks, branches, load balancers and endpoints hold', async () => {
    const place = anOrganization();
    const { builder } = place;
    const vpc = addVpc(builder, { cidrBlock: '10.0.0.0/16' });
    const subnet = addSubnet(builder, vpc, { cidrBlock: '10.0.1.0/25' });
    const clusterName = 'prod';
    addEksCluster(builder, [subnet], { name: clusterName });
    addControlPlaneInterface(builder, subnet, { clusterName });
    addControlPlaneInterface(builder, subnet, { clusterName });
    const { InstanceId: instanceId } = addInstance(builder, subnet, { instanceType: NODE });
    const trunk = addTrunkInterface(builder, subnet, { instanceId, deviceIndex: 1 });
    for (let vlanId = 1; vlanId <= 40; vlanId += 1) {
      addBranchInterface(builder, subnet, { trunkId: trunk.NetworkInterfaceId, vlanId, clusterName });
    }
    addLoadBalancerInterface(builder, subnet, { kind: 'net', name: 'ingress' });
    addInterfaceEndpoint(builder, [subnet], { service: 'sts' });
    addServiceNetworkEndpoint(builder, vpc, subnet, '10.0.1.96/28');
    settleCounts(builder.region);
    const row = expectExact(await audited(place), place, subnet);
    expect(row).toMatchObject({ usedAddressCount: 2 + 1 + 40 + 1 + 1 + 16, clusters: [{ clusterName }] });
    expect(holderCounts(row)).toEqual({
      'eks-control-plane': 2,
      'node-trunk': 1,
      'pod-branch': 40,
      'elb-nlb': 1,
      'vpc-endpoint': 1,
    });
  });

  it('has no IPv4 figures where it has no IPv4, and is not exhausted for that', async () => {
    const place = anOrganization();
    const { builder } = place;
    const subnet = addSubnet(builder, addVpc(builder, { cidrBlock: '10.0.0.0/16' }), {});
    settleCounts(builder.region);
    const row = viewOf(await audited(place), subnet);
    expect(row).toMatchObject({
      cidrBlock: null,
      countedFrom: null,
      usableAddressCount: null,
      freeAddressCount: null,
      unaccountedAddressCount: null,
      freePrefixCount: null,
      addressesLeft: null,
    });
    expect(row.status).not.toBe('exhausted');
    expect(row.statusReasons.map(({ code }) => code)).toContain('ipv6-only');
  });

  it.each([
    { held: 0, free: 11, status: 'healthy' },
    { held: 11, free: 0, status: 'exhausted' },
  ])('of the smallest size has 11 addresses and no block; $held held leave $free', async ({ held, free, status }) => {
    const place = anOrganization();
    const { builder } = place;
    const subnet = addSubnet(builder, addVpc(builder, { cidrBlock: '10.0.0.0/16' }), { cidrBlock: '10.0.1.0/28' });
    for (let count = 0; count < held; count += 1) {
      addLoadBalancerInterface(builder, subnet, { kind: 'app', name: `lb-${count}` });
    }
    settleCounts(builder.region);
    const row = expectExact(await audited(place), place, subnet);
    expect(row).toMatchObject({
      usableAddressCount: 11,
      freeAddressCount: free,
      maxPrefixCount: 0,
      freePrefixCount: 0,
      status,
    });
  });
});

/** Three Auto Mode nodes in a /24, each with a block and an address of its own. */
function anAutoModeSubnet(): { readonly place: Place; readonly subnet: BuiltSubnet } {
  const place = anOrganization();
  const { builder } = place;
  const subnet = addSubnet(builder, addVpc(builder, { cidrBlock: '10.0.0.0/16' }), { cidrBlock: '10.0.1.0/24' });
  for (const [index, offset] of [4, 5, 70].entries()) {
    addAutoModeInterface(builder, subnet, {
      instanceId: `i-auto${index}`,
      clusterName: 'auto',
      nodeName: `node-${index}`,
      prefixCount: 1,
      addressOffsets: [offset],
    });
  }
  settleCounts(builder.region);
  return { place, subnet };
}

/** Makes EC2 answer as if it had not been asked for what services manage. */
function forgetManagedResources({ params }: SimulatedRequest): Fault | undefined {
  Reflect.deleteProperty(params, 'IncludeManagedResources');
  return undefined;
}

describe('a subnet that is shared', () => {
  function aSharedSubnet() {
    const owner = anOrganization();
    const participant = aPlace(owner.aws, MEMBER_ID, REGION, 1);
    const vpc = addVpc(owner.builder, { cidrBlock: '10.0.0.0/16' });
    const subnet = addSubnet(owner.builder, vpc, { cidrBlock: '10.0.1.0/24', tags: { Name: 'shared-a' } });
    shareSubnets(owner.builder, participant.builder, [subnet]);
    addEksCluster(participant.builder, [subnet], { name: 'tenant' });
    const ownerId = MEMBER_ID;
    addControlPlaneInterface(owner.builder, subnet, { clusterName: 'tenant', ownerId });
    const { InstanceId: instanceId } = addInstance(participant.builder, subnet, { instanceType: NODE });
    addInstancePrimaryInterface(owner.builder, subnet, { instanceId, ownerId, prefixCount: 1 });
    addLoadBalancerInterface(owner.builder, subnet, { kind: 'net', name: 'of-the-owner' });
    addReservation(owner.builder, subnet, { cidr: '10.0.1.128/26', type: 'prefix' });
    addFlowLog(owner.builder, { resourceId: vpc.VpcId, deliverLogsStatus: 'SUCCESS' });
    settleCounts(owner.builder.region);
    return { owner, participant, subnet };
  }

  it('is one row of its owner, with the cluster of the participant', async () => {
    const { owner, subnet } = aSharedSubnet();
    const view = await audited(owner, { accounts: ORGANIZATION });
    const row = expectExact(view, owner, subnet);
    expect(row).toMatchObject({
      accountId: MANAGEMENT_ID,
      name: 'shared-a',
      availabilityZone: `${REGION}a`,
      availabilityZoneId: 'use1-az1',
      clusters: [{ clusterId: `${MEMBER_ID}:${REGION}:tenant`, clusterName: 'tenant' }],
      flowLogCoverage: 'all',
      usedAddressCount: 19,
      reservedAddressCount: 64,
    });
    expect(holderCounts(row)).toMatchObject({ 'eks-control-plane': 1, 'elb-nlb': 1 });
  });

  it('has what EC2 counts and no more where only the participant is scanned', async () => {
    const { owner, subnet } = aSharedSubnet();
    const view = await audited(owner, { accounts: { kind: 'list', accountIds: [MEMBER_ID] } });
    const row = viewOf(view, subnet);
    expect(row).toMatchObject({
      accountId: MANAGEMENT_ID,
      availabilityZoneId: 'use1-az1',
      countedFrom: 'available-ip-address-count',
      availableIpAddressCount: subnet.AvailableIpAddressCount,
      addressesLeft: subnet.AvailableIpAddressCount,
      unaccountedAddressCount: null,
      reconciliation: null,
      freePrefixCount: null,
      fragmentation: null,
      clusters: [{ clusterName: 'tenant' }],
      flowLogCoverage: 'unknown',
      status: 'unknown',
    });
    expect(row.statusReasons.map(({ code }) => code)).toContain('owner-not-seen');
    expect(row.flowLogCoverageReasons).toContain('owner-not-seen');
    // Its owner alone may read reservations, so nobody asks.
    expect(view.coverage.notSeen).toEqual([]);
  });
});

const ROWS: readonly FactRow[] = Object.values(FACT_TABLE);

/** A region with one thing at least for every call of a scan. */
function aRegionOfEverything(): { readonly place: Place; readonly subnet: BuiltSubnet } {
  const place = anOrganization();
  const { builder } = place;
  const vpc = addVpc(builder, { cidrBlock: '10.0.0.0/16' });
  const subnet = addSubnet(builder, vpc, { cidrBlock: '10.0.1.0/24' });
  addInstanceTypes(builder.region);
  const cluster = addEksCluster(builder, [subnet], { name: 'prod' });
  addNodegroup(builder, cluster, [subnet], { name: 'workers', instanceTypes: [NODE], desiredSize: 1, maxSize: 2 });
  addFargateProfile(builder, cluster, [subnet], { name: 'batch', namespace: 'batch' });
  addAddon(builder, cluster, { name: 'vpc-cni', version: 'v1.20.0-eksbuild.1' });
  const { InstanceId: instanceId } = addInstance(builder, subnet, { instanceType: NODE });
  addInstancePrimaryInterface(builder, subnet, { instanceId });
  addServiceNetworkEndpoint(builder, vpc, subnet, '10.0.1.96/28');
  addReservation(builder, subnet, { cidr: '10.0.1.128/28', type: 'prefix' });
  addFlowLog(builder, { resourceId: vpc.VpcId, deliverLogsStatus: 'SUCCESS' });
  settleCounts(builder.region);
  return { place, subnet };
}

interface Failing {
  readonly how: string;
  readonly code: string;
  readonly fault: (service: string, name: string) => Fault;
}

const FAILURES: readonly Failing[] = [
  {
    how: 'denied',
    code: 'access-denied',
    fault: (service) => ({ status: 403, code: service === 'ec2' ? 'UnauthorizedOperation' : 'AccessDeniedException' }),
  },
  {
    how: 'throttled',
    code: 'throttled',
    fault: (service) =>
      service === 'ec2' ? { status: 503, code: 'RequestLimitExceeded' } : { status: 429, code: 'ThrottlingException' },
  },
  {
    how: 'answered with what is neither XML nor JSON',
    code: 'unexpected-response',
    fault: () => ({ status: 200, body: '<<<{', contentType: 'text/plain' }),
  },
  {
    how: 'answered by half',
    code: 'unexpected-response',
    fault: (service, name) =>
      service === 'ec2'
        ? { status: 200, body: `<${name}Response><nextToken>half of`, contentType: 'text/xml' }
        : { status: 200, body: '{"nextToken":"half of', contentType: 'application/json' },
  },
  {
    how: 'answered with a page of something in between',
    code: 'unexpected-response',
    fault: () => ({ status: 200, body: '<html><body>Please log in</body></html>', contentType: 'text/html' }),
  },
];

it('sees everything where no call fails, and asks each action', async () => {
  const { place, subnet } = aRegionOfEverything();
  const requests = recordRequests(place.aws);
  const view = await audited(place);
  expect(view.coverage).toMatchObject({ isComplete: true, notSeen: [] });
  expectExact(view, place, subnet);
  const asked = new Set(requests.map(({ service, action }) => `${service}:${action}`));
  expect(ROWS.filter(({ action }) => !asked.has(action))).toEqual([]);
});

// At once, since the SDK slows down after a throttled call.
describe.each(FAILURES)('a call that is $how', { concurrent: true }, ({ code, fault }) => {
  it.each(ROWS)('$action is a fact not seen, and everything else goes on', async ({ action, fact }) => {
    const { place } = aRegionOfEverything();
    const [service = '', name = ''] = action.split(':');
    place.aws.faults = (request) =>
      request.service === service && request.action === name ? fault(service, name) : undefined;
    const requests = recordRequests(place.aws);
    const view = await audited(place);
    expect(view.coverage).toMatchObject({ targetsExpected: 1, targetsFinished: 1 });
    const causes = view.coverage.notSeen.filter((entry) => entry.code !== 'not-attempted');
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatchObject({ scope: fact, action, code, accountId: MANAGEMENT_ID, region: REGION });
    expect(causes[0]?.message).not.toBe('');
    expect(causes[0]?.isRequired).toBe(view.coverage.requiredFacts.includes(fact));
    expect(view.coverage.isComplete).toBe(!view.coverage.requiredFacts.includes(fact));
    // Every other row of the table that does not hang on this one was asked all the same.
    const asked = new Set(requests.map((request) => `${request.service}:${request.action}`));
    const dependants = DEPENDANTS[action] ?? [];
    const missing = ROWS.map((row) => row.action).filter((each) => !asked.has(each));
    expect(missing.sort()).toEqual([...dependants].sort());
    if (action !== 'ec2:DescribeSubnets') {
      expect(view.subnets).toHaveLength(1);
    }
  });
});

/** What cannot be asked without the answer of another call. */
const DEPENDANTS: Readonly<Record<string, readonly string[]>> = {
  'ec2:DescribeInstances': ['ec2:DescribeInstanceTypes'],
  'ec2:DescribeSubnets': ['ec2:GetSubnetCidrReservations'],
  'eks:ListClusters': [
    'eks:DescribeCluster',
    'eks:ListNodegroups',
    'eks:DescribeNodegroup',
    'eks:ListFargateProfiles',
    'eks:DescribeFargateProfile',
    'eks:ListAddons',
    'eks:DescribeAddon',
  ],
  'eks:ListNodegroups': ['eks:DescribeNodegroup'],
  'eks:ListFargateProfiles': ['eks:DescribeFargateProfile'],
  'eks:ListAddons': ['eks:DescribeAddon'],
};

describe('a fact that was denied', () => {
  async function withDenied(action: string): Promise<{ readonly row: SubnetView; readonly available: unknown }> {
    const { place, subnet } = aRegionOfEverything();
    place.account.deniedActions.add(action);
    return { row: viewOf(await audited(place), subnet), available: subnet.AvailableIpAddressCount };
  }

  it('leaves EC2 own count alone where it is the network interfaces', async () => {
    const { row, available } = await withDenied('ec2:DescribeNetworkInterfaces');
    expect(row).toMatchObject({
      countedFrom: 'available-ip-address-count',
      availableIpAddressCount: available,
      addressesLeft: available,
      unaccountedAddressCount: null,
      freePrefixCount: null,
      status: 'unknown',
    });
    expect(row.statusReasons.map(({ code }) => code)).toContain('fact-not-seen');
  });

  it('shows as addresses of nobody where it is the reservations', async () => {
    const { row } = await withDenied('ec2:GetSubnetCidrReservations');
    expect(row).toMatchObject({
      reservedAddressCount: 0,
      unaccountedAddressCount: -16,
      reconciliation: 'unexplained',
      status: 'unknown',
      freePrefixCount: 0,
    });
    expect(row.statusReasons.map(({ code }) => code)).toContain('fact-not-seen');
  });

  it('shows as addresses of nobody where it is the endpoints', async () => {
    const { row } = await withDenied('ec2:DescribeVpcEndpoints');
    expect(row).toMatchObject({ usedAddressCount: 1, reservedAddressCount: 16, unaccountedAddressCount: -16 });
  });

  it('hides how far flow logs reach where it is those', async () => {
    const { row } = await withDenied('ec2:DescribeFlowLogs');
    expect(row).toMatchObject({
      flowLogCoverage: 'unknown',
      flowLogCoverageReasons: ['not-read'],
      unaccountedAddressCount: 0,
    });
  });
});

describe('an account that cannot be scanned', () => {
  /** The management account and one member, each with one subnet. */
  function twoAccounts(): { readonly home: Place; readonly member: Place } {
    const home = anOrganization();
    const member = aPlace(home.aws, MEMBER_ID);
    for (const { builder } of [home, member]) {
      addSubnet(builder, addVpc(builder, { cidrBlock: '10.0.0.0/16' }), { cidrBlock: '10.0.1.0/24' });
      settleCounts(builder.region);
    }
    return { home, member };
  }

  it('has no part in what can be, and both are told', async () => {
    const { home } = twoAccounts();
    const { coverage, subnets } = await audited(home, { accounts: ORGANIZATION });
    expect(coverage).toMatchObject({ isComplete: true, targetsExpected: 2, targetsFinished: 2 });
    expect(coverage.accounts.map(({ outcome }) => outcome)).toEqual(['scanned', 'scanned']);
    expect(subnets).toHaveLength(2);
  });

  it.each([
    { why: 'has no role', break: ({ account }: Place) => account.roles.clear(), externalId: undefined },
    {
      why: 'asks for an external id that is not given',
      break: ({ account }: Place) => account.roles.set(ROLE_NAME, { externalId: 'secret' }),
      externalId: undefined,
    },
    {
      why: 'asks for another external id',
      break: ({ account }: Place) => account.roles.set(ROLE_NAME, { externalId: 'secret' }),
      externalId: 'wrong',
    },
  ])('because it $why is not seen, and the others are', async ({ break: breakIt, externalId }) => {
    const { home, member } = twoAccounts();
    breakIt(member);
    const options = externalId === undefined ? {} : { externalId };
    const { coverage, subnets } = await audited(home, { accounts: ORGANIZATION, ...options });
    expect(coverage.isComplete).toBe(false);
    expect(coverage.accounts.map(({ accountId, outcome }) => [accountId, outcome])).toEqual([
      [MANAGEMENT_ID, 'scanned'],
      [MEMBER_ID, 'not-seen'],
    ]);
    expect(coverage.notSeen).toMatchObject([
      { scope: 'account', accountId: MEMBER_ID, action: 'sts:AssumeRole', code: 'access-denied', isRequired: true },
    ]);
    expect(subnets.map(({ accountId }) => accountId)).toEqual([MANAGEMENT_ID]);
  });

  it('is seen with the external id that it asks for', async () => {
    const { home, member } = twoAccounts();
    member.account.roles.set(ROLE_NAME, { externalId: 'secret' });
    const { coverage, subnets } = await audited(home, { accounts: ORGANIZATION, externalId: 'secret' });
    expect(coverage.isComplete).toBe(true);
    expect(subnets).toHaveLength(2);
  });

  it.each(['SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'] as const)('because it is %s is not tried', async (state) => {
    const { home, member } = twoAccounts();
    member.account.state = state;
    const requests = recordRequests(home.aws);
    const { coverage, subnets } = await audited(home, { accounts: ORGANIZATION });
    expect(coverage.isComplete).toBe(true);
    expect(coverage.accounts).toMatchObject([
      { accountId: MANAGEMENT_ID, outcome: 'scanned' },
      { accountId: MEMBER_ID, outcome: 'not-scanned', state, regions: [] },
    ]);
    expect(subnets).toHaveLength(1);
    expect(requests.map(({ action }) => action)).not.toContain('AssumeRole');
  });

  it('because the organisation may not be listed leaves nothing scanned, and says so', async () => {
    const { home } = twoAccounts();
    home.account.deniedActions.add('organizations:ListAccounts');
    const { coverage, subnets } = await audited(home, { accounts: ORGANIZATION });
    expect(coverage.notSeen).toMatchObject([
      { scope: 'accounts', action: 'organizations:ListAccounts', code: 'access-denied', isRequired: true },
    ]);
    expect({ subnets, isComplete: coverage.isComplete }).toEqual({ subnets: [], isComplete: false });
  });

  it('because its regions may not be listed is scanned in the regions that are named', async () => {
    const { home } = twoAccounts();
    home.account.deniedActions.add('ec2:DescribeRegions');
    const unnamed = await audited(home);
    expect(unnamed.coverage.notSeen).toMatchObject([{ scope: 'regions', action: 'ec2:DescribeRegions' }]);
    const named = await audited(home, { regions: [REGION] });
    expect(named.coverage.notSeen).toMatchObject([{ scope: 'regions', isRequired: false }]);
    expect(named.coverage.isComplete).toBe(true);
    expect(named.subnets).toHaveLength(1);
  });
});

describe('a region', () => {
  it('that an account has not opted in to is recorded and never asked', async () => {
    const home = anOrganization();
    addRegion(home.account, 'af-south-1', { optInStatus: 'not-opted-in' });
    addRegion(home.account, 'eu-south-1', { optInStatus: 'opted-in' });
    const requests = recordRequests(home.aws);
    const { coverage } = await audited(home);
    expect(coverage.accounts).toMatchObject([{ regions: ['eu-south-1', REGION], regionsNotEnabled: ['af-south-1'] }]);
    expect(coverage).toMatchObject({ isComplete: true, notSeen: [], targetsExpected: 2 });
    expect(new Set(requests.map(({ region }) => region))).toEqual(new Set(['eu-south-1', REGION]));
  });

  it('that does not exist is not seen', async () => {
    const { coverage } = await audited(anOrganization(), { regions: [REGION, 'us-east-9'] });
    expect(coverage.notSeen).toMatchObject([{ scope: 'region', region: 'us-east-9', code: 'not-found' }]);
    expect(coverage).toMatchObject({ isComplete: false, targetsFinished: 1 });
  });
});

describe('a partition', () => {
  it.each([
    { partition: 'aws-cn', region: 'cn-north-1', zoneId: 'cnn1-az1' },
    { partition: 'aws-us-gov', region: 'us-gov-west-1', zoneId: 'usgw1-az1' },
  ])('$partition is audited with its own ARNs and regions', async ({ partition, region, zoneId }) => {
    const home = anOrganization({ partition, region });
    const member = aPlace(home.aws, MEMBER_ID, region);
    const { builder } = member;
    const subnet = addSubnet(builder, addVpc(builder, { cidrBlock: '10.0.0.0/16' }), { cidrBlock: '10.0.1.0/24' });
    addEksCluster(builder, [subnet], { name: 'prod' });
    addControlPlaneInterface(builder, subnet, { clusterName: 'prod' });
    settleCounts(builder.region);
    const requests = recordRequests(home.aws);
    const view = await audited(home, { accounts: ORGANIZATION, homeRegion: region });
    expect(view.coverage).toMatchObject({ partition, isComplete: true, notSeen: [] });
    const row = expectExact(view, member, subnet);
    expect(row).toMatchObject({
      region,
      availabilityZoneId: zoneId,
      subnetArn: `arn:${partition}:ec2:${region}:${MEMBER_ID}:subnet/${subnet.SubnetId}`,
      clusters: [{ clusterId: `${MEMBER_ID}:${region}:prod` }],
    });
    const assumed = requests.filter(({ action }) => action === 'AssumeRole').map(({ params }) => params);
    expect(assumed).toMatchObject([{ RoleArn: `arn:${partition}:iam::${MEMBER_ID}:role/${ROLE_NAME}` }]);
    expect(new Set(requests.map((request) => request.region))).toEqual(new Set([region]));
  });
});

describe('an account without a word on its state', () => {
  it('is tried', async () => {
    const home = anOrganization();
    addAccount(home.aws, { id: MEMBER_ID, name: 'Silent', state: undefined, status: undefined });
    const { coverage } = await audited(home, { accounts: ORGANIZATION });
    expect(coverage.accounts).toMatchObject([{ outcome: 'scanned' }, { outcome: 'not-seen', state: null }]);
  });
});
