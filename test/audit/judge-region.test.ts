import { describe, expect, it } from 'vitest';
import { joinRegion } from '../../lib/audit/join-region.ts';
import { judgeRegion } from '../../lib/audit/judge-region.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import { parseCidr } from '../../lib/domain/address/cidr.ts';
import { parseIpv4 } from '../../lib/domain/address/ipv4.ts';
import type { ClusterState, RegionState, SubnetState } from '../../lib/domain/capacity/region-state.ts';
import { observed } from '../../lib/domain/fact.ts';
import type { NetworkInterface } from '../../lib/domain/network/network.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import {
  ACCOUNT_ID,
  aCluster,
  aFlowLog,
  aNetworkInterface,
  aNodegroup,
  aSubnet,
  CLUSTER_NAME,
  NOW,
  SUBNET_ID,
} from '../helpers/builders.ts';
import {
  denied,
  described,
  REGION,
  seen,
  someClusterFacts,
  someRegionFacts,
  withClusters,
} from '../helpers/region-facts-builder.ts';

const LATER = '2026-11-23T09:00:00.000Z';
const OTHER_ID = '444455556666';
const PROD = withClusters({ [CLUSTER_NAME]: someClusterFacts() });

function judged(...viewers: readonly RegionFacts[]): RegionState {
  return judgeRegion(joinRegion(REGION, viewers), { now: LATER, policy: OPEN_POLICY, accounts: new Map() });
}

function subnetOf(state: RegionState, subnetId = SUBNET_ID): SubnetState {
  const subnet = state.subnets.find((candidate) => candidate.subnet.subnetId === subnetId);
  if (subnet === undefined) {
    throw new Error(`The region has no subnet "${subnetId}"`);
  }
  return subnet;
}

function clusterOf(state: RegionState): ClusterState {
  const [cluster] = state.clusters;
  if (cluster === undefined) {
    throw new Error('The region has no cluster');
  }
  return cluster;
}

function codesOf({ status }: SubnetState): string[] {
  return [status.status, ...status.reasons.map(({ code }) => code)];
}

/** An interface that holds the addresses of 10.0.0.0/24 from .10 on. */
function holding(count: number, overrides: Partial<NetworkInterface> = {}): NetworkInterface {
  const base = parseIpv4('10.0.0.10') ?? 0;
  return aNetworkInterface({
    privateIpAddresses: Array.from({ length: count }, (_, index) => base + index),
    ...overrides,
  });
}

/** A region whose one subnet has `left` of its 251 addresses free, by the interfaces and by EC2. */
function withLeft(left: number, overrides: Partial<RegionFacts> = {}): RegionFacts {
  return someRegionFacts({
    subnets: seen([aSubnet({ availableIpAddressCount: left })]),
    networkInterfaces: seen([holding(251 - left)]),
    ...overrides,
  });
}

describe('the floor of a subnet', () => {
  it.each([
    [5, 'critical'],
    [6, 'warning'],
  ])('is 5 where a control plane sits: with %d left it is %s', (left, status) => {
    expect(subnetOf(judged(withLeft(left, PROD))).status.status).toBe(status);
  });

  it('is none where only node groups are', () => {
    const cluster = observed(aCluster({ subnetIds: [] }), NOW);
    const nodes = withClusters({
      [CLUSTER_NAME]: someClusterFacts({ cluster, nodegroups: described({ workers: aNodegroup() }) }),
    });
    expect(codesOf(subnetOf(judged(withLeft(1, nodes))))).toEqual(['warning', 'few-free-addresses', 'no-forecast']);
  });

  it.each([
    [8, 'critical'],
    [9, 'warning'],
  ])('is 8 where a load balancer is: with %d left it is %s', (left, status) => {
    const loadBalancer = holding(251 - left, { description: 'ELB app/web/0123456789abcdef' });
    expect(subnetOf(judged(withLeft(left, { networkInterfaces: seen([loadBalancer]) }))).status.status).toBe(status);
  });

  it.each([
    [13, 'critical'],
    [14, 'warning'],
  ])('is 13 where a cluster may put load balancers too: with %d left it is %s', (left, status) => {
    const tags = [['kubernetes.io/role/internal-elb', '1']] as const;
    const facts = withLeft(left, { subnets: seen([aSubnet({ availableIpAddressCount: left, tags })]), ...PROD });
    expect(subnetOf(judged(facts)).status.status).toBe(status);
  });

  it('is none for a tag that no cluster asks for', () => {
    const tags = [['kubernetes.io/role/elb', '1']] as const;
    const facts = withLeft(1, { subnets: seen([aSubnet({ availableIpAddressCount: 1, tags })]) });
    expect(subnetOf(judged(facts)).status.status).toBe('warning');
  });
});

describe('a subnet of which something was not seen', () => {
  it('is unknown where its interfaces could not be listed, and counted by EC2 alone', () => {
    const subnet = subnetOf(judged(someRegionFacts({ networkInterfaces: denied('ec2:DescribeNetworkInterfaces') })));
    expect(codesOf(subnet)).toEqual(['unknown', 'fact-not-seen', 'no-forecast']);
    expect(subnet.capacity).toMatchObject({
      source: 'available-ip-address-count',
      availableIpAddressCount: 251,
      maxPrefixCount: 14,
    });
  });

  it('is unknown where its owner is not scanned', () => {
    const facts = someRegionFacts({ target: { accountId: OTHER_ID, region: REGION } });
    const subnet = subnetOf(judged(facts));
    expect(subnet.status.reasons[0]).toEqual({ code: 'owner-not-seen', ownerId: ACCOUNT_ID });
    expect(subnet.status.status).toBe('unknown');
    expect(subnet.flowLogs.coverage).toBe('unknown');
  });

  it('is unknown where its reservations could not be read', () => {
    const reservations = new Map([[SUBNET_ID, denied('ec2:GetSubnetCidrReservations')]]);
    expect(subnetOf(judged(someRegionFacts({ reservations }))).status.reasons[0]).toMatchObject({
      code: 'fact-not-seen',
      fact: 'reservations',
    });
  });

  it.each([
    ['07:00:00.000', 'healthy', undefined],
    ['06:30:00.000', 'healthy', undefined],
    ['06:29:59.999', 'unknown', { code: 'fact-stale', fact: 'network-interfaces' }],
  ])('is believed for two and a half hours: with interfaces of %s it is %s', (time, status, reason) => {
    const networkInterfaces = observed([], `2026-11-23T${time}Z`);
    const subnet = subnetOf(judged(someRegionFacts({ networkInterfaces })));
    expect(subnet.status.status).toBe(status);
    const stale = subnet.status.reasons.filter(({ code }) => code === 'fact-stale');
    expect(stale).toMatchObject(reason === undefined ? [] : [reason]);
  });

  it('is unknown where its block cannot be read', () => {
    const subnet = subnetOf(judged(someRegionFacts({ subnets: seen([aSubnet({ cidrBlock: '10.0.0.1/24' })]) })));
    expect(codesOf(subnet)).toEqual(['unknown', 'cidr-unreadable']);
    expect(subnet.capacity).toBeUndefined();
  });

  it('is unknown where the clusters could not be listed, unless it is known to serve a control plane', () => {
    const blind = someRegionFacts({
      target: { accountId: OTHER_ID, region: REGION },
      subnets: seen([aSubnet()]),
      clusterNames: denied('eks:ListClusters'),
    });
    const nodesOnly = withClusters({
      [CLUSTER_NAME]: someClusterFacts({
        cluster: observed(aCluster({ subnetIds: [] }), NOW),
        nodegroups: described({ workers: aNodegroup() }),
      }),
    });
    expect(codesOf(subnetOf(judged(someRegionFacts(), blind)))).toEqual(['unknown', 'fact-not-seen', 'no-forecast']);
    expect(codesOf(subnetOf(judged(someRegionFacts(nodesOnly), blind)))).toEqual([
      'unknown',
      'fact-not-seen',
      'no-forecast',
    ]);
    expect(codesOf(subnetOf(judged(someRegionFacts(PROD), blind)))).toEqual(['healthy', 'no-forecast']);
  });

  it('is unknown where a cluster that it serves could not be described: it may have its control plane there', () => {
    const nodegroups = described({ workers: aNodegroup() });
    const other = aSubnet({ subnetId: 'subnet-0other', cidrBlock: '10.0.1.0/24' });
    const state = judged(
      someRegionFacts({
        subnets: seen([aSubnet(), other]),
        ...withClusters({ [CLUSTER_NAME]: someClusterFacts({ cluster: denied('eks:DescribeCluster'), nodegroups }) }),
      }),
    );
    expect(subnetOf(state).status.reasons[0]).toMatchObject({ code: 'fact-not-seen', fact: 'clusters' });
    expect(subnetOf(state).status.status).toBe('unknown');
    expect(subnetOf(state, 'subnet-0other').status.status).toBe('healthy');
  });

  it('is still exhausted where that was observed', () => {
    const facts = someRegionFacts({
      subnets: seen([aSubnet({ availableIpAddressCount: 0 })]),
      networkInterfaces: denied('ec2:DescribeNetworkInterfaces'),
    });
    expect(codesOf(subnetOf(judged(facts)))).toEqual(['exhausted', 'no-free-address', 'fact-not-seen', 'no-forecast']);
  });
});

describe('a judged subnet', () => {
  it('is exhausted where only prefixes help and no block is free', () => {
    const base = parseIpv4('10.0.0.0') ?? 0;
    const scattered = aNetworkInterface({
      networkInterfaceId: 'eni-0b',
      privateIpAddresses: Array.from({ length: 13 }, (_, index) => base + 16 * (index + 2)),
    });
    const prefix = parseCidr('10.0.0.16/28');
    const holder = aNetworkInterface({ ipv4Prefixes: prefix === undefined ? [] : [prefix] });
    const facts = someRegionFacts({
      subnets: seen([aSubnet({ availableIpAddressCount: 251 - 13 - 16 })]),
      networkInterfaces: seen([holder, scattered]),
    });
    const subnet = subnetOf(judged(facts));
    expect(codesOf(subnet)).toEqual(['exhausted', 'no-free-prefix', 'no-forecast']);
    expect(subnet.prefixUse).toMatchObject({ inUse: true, canFallBack: false });
  });

  it('sums its holders up by kind and cluster, the largest first, prefixes as 16 addresses', () => {
    const prefix = parseCidr('10.0.0.32/28');
    const cni = { description: 'aws-K8S-i-0a', tags: [['cluster.k8s.amazonaws.com/name', CLUSTER_NAME]] } as const;
    const interfaces = [
      holding(2, { networkInterfaceId: 'eni-0a', ...cni }),
      holding(1, { networkInterfaceId: 'eni-0b', ...cni, ipv4Prefixes: prefix === undefined ? [] : [prefix] }),
      holding(3, { networkInterfaceId: 'eni-0c', interfaceType: 'nat_gateway' }),
    ];
    const { holders } = subnetOf(judged(someRegionFacts({ networkInterfaces: seen(interfaces) })));
    expect(holders).toMatchObject([
      { kind: 'cni-secondary', clusterName: CLUSTER_NAME, networkInterfaceCount: 2, addressCount: 19, prefixCount: 1 },
      { kind: 'nat-gateway', clusterName: undefined, networkInterfaceCount: 1, addressCount: 3, prefixCount: 0 },
    ]);
  });

  it.each([
    ['2026-11-23T08:54:59.000Z', ['eni-0a']],
    ['2026-11-23T08:55:00.000Z', []],
  ])('lists an unused interface of the VPC CNI made at %s as left behind after five minutes', (createdAt, expected) => {
    const leaked = holding(1, {
      status: 'available',
      description: 'aws-K8S-i-0a',
      tags: [
        ['node.k8s.amazonaws.com/instance_id', 'i-0a'],
        ['node.k8s.amazonaws.com/createdAt', createdAt],
      ],
    });
    expect(subnetOf(judged(someRegionFacts({ networkInterfaces: seen([leaked]) }))).leakedNetworkInterfaceIds).toEqual(
      expected,
    );
  });

  it('was observed when its speaker listed subnets', () => {
    expect(subnetOf(judged(someRegionFacts())).observedAt).toBe(NOW);
  });

  it('translates the name of its zone by its owner, whose names are its own', () => {
    const zones = (zoneId: string) =>
      seen([{ zoneName: 'eu-west-1a', zoneId, zoneType: undefined, state: undefined, optInStatus: undefined }]);
    const unnamed = seen([aSubnet({ availabilityZoneId: undefined })]);
    const owner = someRegionFacts({ subnets: unnamed, availabilityZones: zones('euw1-az1') });
    const other = someRegionFacts({
      target: { accountId: '000000000001', region: REGION },
      subnets: unnamed,
      availabilityZones: zones('euw1-az9'),
    });
    expect(subnetOf(judged(other, owner)).availabilityZoneId).toBe('euw1-az1');
  });

  it('joins the flow logs of its owner with those of participants', () => {
    const log = aFlowLog({ resourceId: 'eni-0a' });
    const other = someRegionFacts({ target: { accountId: OTHER_ID, region: REGION }, flowLogs: seen([log]) });
    const owner = someRegionFacts({ networkInterfaces: seen([holding(1)]) });
    expect(subnetOf(judged(owner, other)).flowLogs.flowLogs).toMatchObject([{ resourceId: 'eni-0a' }]);
    expect(subnetOf(judged({ ...owner, flowLogs: denied('ec2:DescribeFlowLogs') }, other)).flowLogs.coverage).toBe(
      'unknown',
    );
  });
});

describe('a judged cluster', () => {
  const full = aSubnet({
    subnetId: 'subnet-0full',
    cidrBlock: '10.0.1.0/24',
    availableIpAddressCount: 0,
    availabilityZoneId: 'euw1-az2',
  });
  const subnetIds = [SUBNET_ID, 'subnet-0full'];
  const cluster = observed(aCluster({ subnetIds }), NOW);

  it('is as well as its worst subnet, and names it', () => {
    const facts = someRegionFacts({
      subnets: seen([aSubnet(), full]),
      ...withClusters({ [CLUSTER_NAME]: someClusterFacts({ cluster }) }),
    });
    expect(clusterOf(judged(facts))).toMatchObject({
      status: 'exhausted',
      bindingSubnetId: 'subnet-0full',
      clusterId: `${ACCOUNT_ID}:${REGION}:${CLUSTER_NAME}`,
    });
  });

  it('is bound by the subnet with the least left of those that are as bad', () => {
    const roomy = aSubnet({ subnetId: 'subnet-00roomy', cidrBlock: '10.0.4.0/22', availableIpAddressCount: 1019 });
    const both = observed(aCluster({ subnetIds: ['subnet-00roomy', SUBNET_ID] }), NOW);
    const facts = someRegionFacts({
      subnets: seen([roomy, aSubnet()]),
      ...withClusters({ [CLUSTER_NAME]: someClusterFacts({ cluster: both }) }),
    });
    expect(clusterOf(judged(facts)).bindingSubnetId).toBe(SUBNET_ID);
  });

  it('keeps zones apart, and does not know the blocks of a zone with a subnet that was not fully seen', () => {
    const facts = someRegionFacts({
      subnets: seen([aSubnet(), full]),
      ...withClusters({ [CLUSTER_NAME]: someClusterFacts({ cluster }) }),
    });
    expect(clusterOf(judged(facts)).zones).toEqual([
      { zone: 'euw1-az1', subnetIds: [SUBNET_ID], addressesLeft: 251, freePrefixCount: 14 },
      { zone: 'euw1-az2', subnetIds: ['subnet-0full'], addressesLeft: 0, freePrefixCount: 0 },
    ]);
    const blind = { ...facts, networkInterfaces: denied('ec2:DescribeNetworkInterfaces') };
    expect(clusterOf(judged(blind)).zones.map(({ freePrefixCount }) => freePrefixCount)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it.each<[string, Parameters<typeof someClusterFacts>[0]]>([
    ['its node groups could not be listed', { nodegroups: { names: denied('eks:ListNodegroups'), items: new Map() } }],
    [
      'a node group could not be described',
      { nodegroups: { names: seen(['workers']), items: new Map([['workers', denied('eks:DescribeNodegroup')]]) } },
    ],
    [
      'it names a subnet that no account lists',
      { cluster: observed(aCluster({ subnetIds: [SUBNET_ID, 'subnet-0nobody'] }), NOW) },
    ],
    [
      'it could not be described',
      { cluster: denied('eks:DescribeCluster'), nodegroups: described({ workers: aNodegroup() }) },
    ],
    ['none of its subnets is known', { cluster: observed(aCluster({ subnetIds: [] }), NOW) }],
  ])('is unknown where %s', (_, facts) => {
    expect(clusterOf(judged(someRegionFacts(withClusters({ [CLUSTER_NAME]: someClusterFacts(facts) })))).status).toBe(
      'unknown',
    );
  });

  it('is healthy where everything was seen, also without add-ons, which do not decide it', () => {
    expect(clusterOf(judged(someRegionFacts(PROD))).status).toBe('healthy');
    const addons = { names: denied('eks:ListAddons'), items: new Map() };
    const facts = someRegionFacts(withClusters({ [CLUSTER_NAME]: someClusterFacts({ addons }) }));
    expect(clusterOf(judged(facts)).status).toBe('healthy');
  });

  it('is exhausted where that was observed, although something was not seen', () => {
    const facts = someRegionFacts({
      subnets: seen([full]),
      ...withClusters({
        [CLUSTER_NAME]: someClusterFacts({
          cluster,
          nodegroups: { names: denied('eks:ListNodegroups'), items: new Map() },
        }),
      }),
    });
    expect(clusterOf(judged(facts))).toMatchObject({ status: 'exhausted', bindingSubnetId: 'subnet-0full' });
  });

  it('has a place for a subnet that no account lists', () => {
    const facts = someRegionFacts({
      subnets: seen([full]),
      ...withClusters({ [CLUSTER_NAME]: someClusterFacts({ cluster }) }),
    });
    expect(clusterOf(judged(facts)).subnets.map(({ subnetId, isSeen }) => [subnetId, isSeen])).toEqual([
      [SUBNET_ID, false],
      ['subnet-0full', true],
    ]);
  });
});
