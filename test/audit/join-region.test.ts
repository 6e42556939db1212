import { describe, expect, it } from 'vitest';
import { type JoinedRegion, type JoinedSubnet, joinRegion } from '../../lib/audit/join-region.ts';
import { observed } from '../../lib/domain/fact.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import {
  ACCOUNT_ID,
  aCluster,
  aNetworkInterface,
  aNodegroup,
  anAttachment,
  anInstance,
  aSubnet,
  CLUSTER_NAME,
  NOW,
  SUBNET_ID,
  VPC_ID,
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

const OWNER_ID = ACCOUNT_ID;
const FIRST_ID = '000000000001';
const SECOND_ID = '999999999999';
const CNI_TAG = ['cluster.k8s.amazonaws.com/name', CLUSTER_NAME] as const;

/** The subnet as another account sees it: EC2 keeps the owner's tags to itself. */
const SHARED = aSubnet({ tags: [] });
const OWNED = aSubnet({ tags: [['Name', 'shared-a']] });

function interfaceOf(
  ownerId: string,
  networkInterfaceId: string,
  overrides: Parameters<typeof aNetworkInterface>[0] = {},
) {
  return aNetworkInterface({ networkInterfaceId, ownerId, ...overrides });
}

/** As the owner of the subnet lists interfaces of others: without their tags and descriptions. */
const OWNER: RegionFacts = someRegionFacts({
  subnets: seen([OWNED]),
  networkInterfaces: seen([
    interfaceOf(OWNER_ID, 'eni-owner', { privateIpAddresses: [10] }),
    interfaceOf(FIRST_ID, 'eni-first', { privateIpAddresses: [11, 12] }),
    interfaceOf(SECOND_ID, 'eni-second', { privateIpAddresses: [13] }),
  ]),
});

function participant(accountId: string, networkInterfaceId: string): RegionFacts {
  return someRegionFacts({
    target: { accountId, region: REGION },
    subnets: seen([SHARED]),
    networkInterfaces: seen([
      interfaceOf(accountId, networkInterfaceId, {
        description: 'aws-K8S-i-0a1b2c',
        tags: [CNI_TAG],
        // Older than the owner's listing: another address.
        privateIpAddresses: [99],
      }),
    ]),
    ...withClusters({ [CLUSTER_NAME]: someClusterFacts({ cluster: observed(aCluster({ subnetIds: [] }), NOW) }) }),
  });
}
const FIRST = participant(FIRST_ID, 'eni-first');
const SECOND = participant(SECOND_ID, 'eni-second');

function permutations<T>(items: readonly T[]): T[][] {
  return items.length === 0
    ? [[]]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

function onlySubnet({ subnets }: JoinedRegion): JoinedSubnet {
  const [subnet] = subnets;
  if (subnet === undefined || subnets.length > 1) {
    throw new Error(`Expected one subnet, found ${subnets.length}`);
  }
  return subnet;
}

describe('a shared subnet', () => {
  it.each([
    ['with its owner', [OWNER, FIRST, SECOND]],
    ['without its owner', [FIRST, SECOND]],
    [
      'whose owner lists no interfaces',
      [{ ...OWNER, networkInterfaces: denied('ec2:DescribeNetworkInterfaces') }, FIRST, SECOND],
    ],
    ['whose owner lists no subnets', [{ ...OWNER, subnets: denied('ec2:DescribeSubnets') }, FIRST, SECOND]],
  ])('%s is the same in whatever order its viewers come', (_, viewers) => {
    const [first, ...others] = permutations(viewers).map((ordered) => joinRegion(REGION, ordered));
    expect(others).not.toEqual([]);
    for (const other of others) {
      expect(other).toEqual(first);
    }
  });

  it('stands once, with the tags of its owner, who comes first among its viewers', () => {
    const subnet = onlySubnet(joinRegion(REGION, [FIRST, SECOND, OWNER]));
    expect(subnet.subnet).toBe(OWNED);
    expect(subnet.owner).toBe(OWNER);
    expect(subnet.viewers.map(({ target }) => target.accountId)).toEqual([OWNER_ID, FIRST_ID, SECOND_ID]);
  });

  it('has the addresses that its owner lists, and the words of participants on their own interfaces', () => {
    const { networkInterfaces } = onlySubnet(joinRegion(REGION, [FIRST, OWNER]));
    const found = networkInterfaces.map(({ networkInterface, owner }) => [
      networkInterface.networkInterfaceId,
      networkInterface.privateIpAddresses,
      networkInterface.tags,
      owner.kind,
      owner.clusterName,
    ]);
    expect(found).toEqual([
      ['eni-owner', [10], [], 'other', undefined],
      ['eni-first', [11, 12], [CNI_TAG], 'cni-secondary', CLUSTER_NAME],
      ['eni-second', [13], [], 'other', undefined],
    ]);
  });

  it('takes nothing from a participant about interfaces that are not its own', () => {
    const meddling = interfaceOf(OWNER_ID, 'eni-owner', { description: 'forged', privateIpAddresses: [50] });
    const facts = { ...FIRST, networkInterfaces: seen([meddling]) };
    const { networkInterfaces } = onlySubnet(joinRegion(REGION, [OWNER, facts]));
    expect(networkInterfaces[0]?.networkInterface).toMatchObject({ description: '', privateIpAddresses: [10] });
  });

  it('ignores an interface that only a participant lists, where the owner lists interfaces', () => {
    const facts = {
      ...FIRST,
      networkInterfaces: seen([interfaceOf(FIRST_ID, 'eni-newer', { privateIpAddresses: [77] })]),
    };
    const { networkInterfaces } = onlySubnet(joinRegion(REGION, [OWNER, facts]));
    expect(networkInterfaces.map(({ networkInterface }) => networkInterface.networkInterfaceId)).not.toContain(
      'eni-newer',
    );
  });

  it('has the interfaces of every participant, each once, where its owner is not scanned', () => {
    const subnet = onlySubnet(joinRegion(REGION, [SECOND, FIRST]));
    expect(subnet.owner).toBeUndefined();
    expect(subnet.networkInterfaces.map(({ networkInterface }) => networkInterface.networkInterfaceId)).toEqual([
      'eni-first',
      'eni-second',
    ]);
  });

  it('has each interface once where its owner lists interfaces but no subnets', () => {
    const owner = { ...OWNER, subnets: denied('ec2:DescribeSubnets') };
    const { networkInterfaces } = onlySubnet(joinRegion(REGION, [FIRST, owner]));
    expect(networkInterfaces.map(({ networkInterface }) => networkInterface.networkInterfaceId)).toEqual([
      'eni-owner',
      'eni-first',
      'eni-second',
    ]);
  });

  it('never mixes clusters of one name in two accounts', () => {
    const joined = joinRegion(REGION, [OWNER, FIRST, SECOND]);
    expect(joined.clusters.map(({ viewer, clusterName }) => [viewer.target.accountId, clusterName])).toEqual([
      [FIRST_ID, CLUSTER_NAME],
      [SECOND_ID, CLUSTER_NAME],
    ]);
    expect(onlySubnet(joined).clusters).toEqual([
      {
        clusterId: `${FIRST_ID}:${REGION}:${CLUSTER_NAME}`,
        clusterName: CLUSTER_NAME,
        sources: ['cni-network-interface'],
      },
      {
        clusterId: `${SECOND_ID}:${REGION}:${CLUSTER_NAME}`,
        clusterName: CLUSTER_NAME,
        sources: ['cni-network-interface'],
      },
    ]);
    const idle = { ...SECOND, networkInterfaces: seen([]) };
    expect(onlySubnet(joinRegion(REGION, [OWNER, FIRST, idle])).clusters.map(({ clusterId }) => clusterId)).toEqual([
      `${FIRST_ID}:${REGION}:${CLUSTER_NAME}`,
    ]);
  });

  it('serves the clusters of participants that the owner tags it for', () => {
    const tagged = aSubnet({ tags: [[`kubernetes.io/cluster/${CLUSTER_NAME}`, 'shared']] });
    const joined = joinRegion(REGION, [
      { ...OWNER, subnets: seen([tagged]), networkInterfaces: seen([]) },
      { ...FIRST, networkInterfaces: seen([]) },
    ]);
    expect(onlySubnet(joined).clusters).toMatchObject([
      { clusterId: `${FIRST_ID}:${REGION}:${CLUSTER_NAME}`, sources: ['cluster-tag'] },
    ]);
  });
});

describe('a shared subnet that its owner no longer lists', () => {
  const BEFORE = '2026-11-23T07:00:00.000Z';
  const owner = { ...OWNER, subnets: seen([]) };
  const listedAt = (observedAt: string) => ({ ...FIRST, subnets: observed([SHARED], observedAt) });

  it.each([
    ['before its owner looked', BEFORE],
    ['at the moment its owner looked', NOW],
  ])('is gone where a participant listed it %s', (_, observedAt) => {
    expect(joinRegion(REGION, [owner, listedAt(observedAt)]).subnets).toEqual([]);
  });

  it('is new where a participant listed it later: its owner has yet to look', () => {
    const { subnets } = joinRegion(REGION, [owner, listedAt('2026-11-23T23:00:00.000Z')]);
    expect(subnets.map(({ subnet, owner: seenBy }) => [subnet.subnetId, seenBy])).toEqual([[SUBNET_ID, undefined]]);
  });

  it('stands where its owner could not list subnets', () => {
    const blind = { ...OWNER, subnets: denied('ec2:DescribeSubnets') };
    expect(joinRegion(REGION, [blind, listedAt(BEFORE)]).subnets).toHaveLength(1);
  });
});

describe('an interface', () => {
  it('is told apart by the instance it is attached to, though another account runs that', () => {
    const listed = interfaceOf(FIRST_ID, 'eni-node', { attachment: anAttachment() });
    const owner = { ...OWNER, networkInterfaces: seen([listed]) };
    const instance = anInstance({ tags: [['eks:cluster-name', CLUSTER_NAME]] });
    const { networkInterfaces } = onlySubnet(joinRegion(REGION, [owner, { ...FIRST, instances: seen([instance]) }]));
    expect(networkInterfaces[0]?.owner).toMatchObject({ kind: 'eks-node-primary', clusterName: CLUSTER_NAME });
  });

  it('in a subnet that nobody lists is left out', () => {
    const stray = interfaceOf(OWNER_ID, 'eni-stray', { subnetId: 'subnet-0elsewhere' });
    const joined = joinRegion(REGION, [{ ...OWNER, networkInterfaces: seen([stray]) }]);
    expect(onlySubnet(joined).networkInterfaces).toEqual([]);
  });
});

describe('the VPC of a cluster', () => {
  const tagged = aSubnet({ subnetId: 'subnet-0tagged', tags: [[`kubernetes.io/cluster/${CLUSTER_NAME}`, 'owned']] });
  const elsewhere = aSubnet({ ...tagged, subnetId: 'subnet-0elsewhere', vpcId: 'vpc-0other' });

  function subnetsOf(cluster: Parameters<typeof someClusterFacts>[0]) {
    const facts = someRegionFacts({
      subnets: seen([aSubnet(), tagged, elsewhere]),
      ...withClusters({ [CLUSTER_NAME]: someClusterFacts(cluster) }),
    });
    return joinRegion(REGION, [facts]).clusters[0]?.subnets.map(({ subnetId }) => subnetId);
  }

  it('is the one that EKS names', () => {
    expect(subnetsOf({ cluster: observed(aCluster({ vpcId: VPC_ID, subnetIds: [] }), NOW) })).toEqual([
      'subnet-0tagged',
    ]);
  });

  it('is that of its control plane where EKS leaves it out', () => {
    expect(subnetsOf({ cluster: observed(aCluster({ vpcId: undefined }), NOW) })).toEqual([
      SUBNET_ID,
      'subnet-0tagged',
    ]);
  });

  it('is that of its node groups where the cluster could not be described', () => {
    const nodegroups = described({ workers: aNodegroup() });
    expect(subnetsOf({ cluster: denied('eks:DescribeCluster'), nodegroups })).toEqual([SUBNET_ID, 'subnet-0tagged']);
  });

  it('is not known where nothing tells it: tags alone then count for nothing', () => {
    expect(subnetsOf({ cluster: denied('eks:DescribeCluster') })).toEqual([]);
  });
});
