import { describe, expect, it } from 'vitest';
import { notSeenOf, REQUIRED_FACTS_DEFAULT } from '../../lib/audit/coverage.ts';
import type { Ask } from '../../lib/audit/ports.ts';
import { scanRegion } from '../../lib/audit/scan-region.ts';
import { FACT_TABLE, type FactRow } from '../../lib/collect/fact-table.ts';
import type { NetworkInterfaceAttachment } from '../../lib/domain/network/network.ts';
import type { ClusterFacts, RegionFacts } from '../../lib/domain/region-facts.ts';
import type { SimulatedAws, SimulatedRegion } from '../../lib/local/simulated-aws/state.ts';
import { ACCOUNT_ID } from '../helpers/builders.ts';
import { factsByPath } from '../helpers/map-region-facts.ts';
import { AUDITED_AT, countByAction, observerOf, recordRequests } from '../helpers/simulated-audit.ts';
import { awsOfPlan, EMPTY_PLAN, REGION, type RegionPlan } from './region-of-shape.ts';

const TARGET = { accountId: ACCOUNT_ID, region: REGION };
const ROWS: readonly FactRow[] = Object.values(FACT_TABLE);
/** Everything that waits for its hour was due at the moment at which it is known: nothing of it is due again. */
const NOTHING_DUE = new Map(
  ROWS.filter(({ cadence }) => cadence !== 'each-scan').map(({ action }) => [action, AUDITED_AT.toISOString()]),
);
const EACH_SCAN = { 'eks:ListClusters': 1, 'ec2:DescribeSubnets': 1, 'ec2:DescribeNetworkInterfaces': 1 };

const PLAN: RegionPlan = {
  ...EMPTY_PLAN,
  vpcs: 1,
  plainSubnets: 1,
  networkInterfaces: 2,
  instances: 2,
  instanceTypes: 1,
  routeTables: 1,
  clusterSubnetReservations: [0],
  clusters: [
    { nodegroups: 1, fargateProfiles: 1, addons: 2 },
    { nodegroups: 0, fargateProfiles: 0, addons: 0 },
  ],
};

async function knownOf(aws: SimulatedAws): Promise<RegionFacts> {
  return scanRegion(await observerOf(aws, { callerId: ACCOUNT_ID }), TARGET, 'everything');
}

async function observe(aws: SimulatedAws, ask: Partial<Ask>) {
  const requests = recordRequests(aws);
  const observer = await observerOf(aws, { callerId: ACCOUNT_ID });
  const facts = await observer.observeRegion(REGION, {
    extent: 'where-clusters-are',
    due: NOTHING_DUE,
    known: undefined,
    ...ask,
  });
  return { facts, counts: countByAction(requests), actions: requests.map(({ action }) => action) };
}

function regionOf(aws: SimulatedAws): SimulatedRegion {
  const region = aws.accounts.get(ACCOUNT_ID)?.regions.get(REGION);
  if (region === undefined) {
    throw new Error(`There is no region "${REGION}"`);
  }
  return region;
}

function stateOf(facts: RegionFacts, path: string): string | undefined {
  const fact = factsByPath(facts).get(path);
  return fact?.state === 'unavailable' ? fact.error.code : fact?.state;
}

/** The same, but for one cluster. */
function withCluster(facts: RegionFacts, name: string, change: (cluster: ClusterFacts) => ClusterFacts): RegionFacts {
  const clusters = [...facts.clusters].map(
    ([each, cluster]) => [each, each === name ? change(cluster) : cluster] as const,
  );
  return { ...facts, clusters: new Map(clusters) };
}

describe('an observation of a region of which all is known', () => {
  it('asks for what each scan asks for, and says of all else that it was not due', async () => {
    const aws = awsOfPlan(PLAN);
    const { facts, counts } = await observe(aws, { known: await knownOf(aws) });
    expect(counts).toEqual(EACH_SCAN);
    const observed = ['subnets', 'networkInterfaces', 'clusterNames'];
    for (const [path, fact] of factsByPath(facts)) {
      expect([path, fact.state === 'unavailable' ? fact.error.code : fact.state]).toEqual([
        path,
        observed.includes(path) ? 'observed' : 'not-due',
      ]);
    }
    expect(notSeenOf(facts, REQUIRED_FACTS_DEFAULT, new Set())).toEqual([]);
  });

  it('asks for everything that was due a moment after it was observed', async () => {
    const aws = awsOfPlan(PLAN);
    const known = await knownOf(aws);
    const later = new Date(AUDITED_AT.getTime() + 1).toISOString();
    const due = new Map([...NOTHING_DUE.keys()].map((action) => [action, later]));
    const { facts } = await observe(aws, { known, due });
    expect({ ...facts, reservations: known.reservations }).toEqual(known);
  });

  it('asks for everything where nothing is ever recent enough', async () => {
    const aws = awsOfPlan(PLAN);
    const known = await knownOf(aws);
    const { facts } = await observe(aws, { known, due: new Map() });
    expect({ ...facts, reservations: known.reservations }).toEqual(known);
  });
});

describe('an observation of a region without clusters', () => {
  const EMPTY: RegionPlan = { ...PLAN, clusters: [] };

  it('asks for clusters and nothing else', async () => {
    const { facts, counts } = await observe(awsOfPlan(EMPTY), {});
    expect(counts).toEqual({ 'eks:ListClusters': 1 });
    expect(new Set([...factsByPath(facts)].map(([path]) => stateOf(facts, path)))).toEqual(
      new Set(['observed', 'not-due']),
    );
    expect(stateOf(facts, 'clusterNames')).toBe('observed');
    expect(notSeenOf(facts, ['reservations', 'nodegroups', 'subnets'], new Set())).toEqual([]);
  });

  it('asks for its network where clusters of others live in it', async () => {
    const aws = awsOfPlan(EMPTY);
    const { facts } = await observe(aws, { extent: 'network-too' });
    const known = await knownOf(aws);
    expect({ ...facts, reservations: known.reservations, subnetCounters: known.subnetCounters }).toEqual(known);
    expect((await observe(aws, { extent: 'network-too', known })).counts).toEqual(EACH_SCAN);
  });

  it('asks for the rest where clusters cannot be listed', async () => {
    const aws = awsOfPlan(EMPTY);
    aws.accounts.get(ACCOUNT_ID)?.deniedActions.add('eks:ListClusters');
    const { facts, counts } = await observe(aws, {});
    expect(stateOf(facts, 'clusterNames')).toBe('access-denied');
    expect(stateOf(facts, 'subnets')).toBe('observed');
    expect(counts).toMatchObject({ 'ec2:DescribeVpcs': 1, 'ec2:DescribeInstances': 1 });
  });
});

describe('what is not known is asked for whatever is due', () => {
  it('is everything where a cluster is new: nothing is known of where it lives', async () => {
    const aws = awsOfPlan(PLAN);
    const known = await knownOf(aws);
    const before = { ...known, clusters: new Map([...known.clusters].slice(0, 1)) };
    const { facts } = await observe(aws, { known: before });
    expect({ ...facts, reservations: known.reservations }).toEqual(known);
  });

  it('is not everything where clusters could not be listed', async () => {
    const aws = awsOfPlan(PLAN);
    const known = await knownOf(aws);
    aws.accounts.get(ACCOUNT_ID)?.deniedActions.add('eks:ListClusters');
    expect((await observe(aws, { known })).counts).toEqual(EACH_SCAN);
  });

  it('is an add-on that is new, after a new listing, and no other', async () => {
    const aws = awsOfPlan(PLAN);
    const known = withCluster(await knownOf(aws), 'cluster-0', ({ addons, ...rest }) => ({
      ...rest,
      addons: { ...addons, items: new Map([...addons.items].slice(1)) },
    }));
    const { facts, counts } = await observe(aws, { known });
    expect(counts).toEqual({ ...EACH_SCAN, 'eks:ListAddons': 1, 'eks:DescribeAddon': 1 });
    expect(stateOf(facts, 'clusters/cluster-0/addons/addon-0')).toBe('observed');
    expect(stateOf(facts, 'clusters/cluster-0/addons/addon-1')).toBe('not-due');
  });

  it('is a node group that a listing that is due finds', async () => {
    const aws = awsOfPlan(PLAN);
    const known = await knownOf(aws);
    const group = regionOf(aws).eks.get('cluster-1')?.nodegroups;
    group?.set('new', { nodegroupName: 'new', clusterName: 'cluster-1' });
    const due = new Map([...NOTHING_DUE].filter(([action]) => action !== 'eks:ListNodegroups'));
    const { facts, counts } = await observe(aws, { known, due });
    expect(counts).toEqual({ ...EACH_SCAN, 'eks:ListNodegroups': 2, 'eks:DescribeNodegroup': 1 });
    expect(stateOf(facts, 'clusters/cluster-1/nodegroups/new')).toBe('observed');
    expect(stateOf(facts, 'clusters/cluster-0/nodegroups/group-0')).toBe('not-due');
  });

  it('is what was denied before', async () => {
    const aws = awsOfPlan(PLAN);
    const account = aws.accounts.get(ACCOUNT_ID);
    account?.deniedActions.add('ec2:DescribeVpcs');
    const known = await knownOf(aws);
    account?.deniedActions.clear();
    expect((await observe(aws, { known })).counts).toEqual({ ...EACH_SCAN, 'ec2:DescribeVpcs': 1 });
  });
});

describe('instances that are not due', () => {
  const own: Partial<NetworkInterfaceAttachment> = { instanceOwnerId: ACCOUNT_ID };

  it.each([
    { what: 'on one that is known', id: 'i-0', attachment: own, vpcId: 'vpc-0', isAsked: false },
    { what: 'on one that is new', id: 'i-new', attachment: own, vpcId: 'vpc-0', isAsked: true },
    {
      what: 'on one of another account',
      id: 'i-new',
      attachment: { instanceOwnerId: '444455556666' },
      vpcId: 'vpc-0',
      isAsked: false,
    },
    { what: 'on a new one in a VPC that is not known', id: 'i-new', attachment: own, vpcId: 'vpc-new', isAsked: false },
    { what: 'on nothing', id: undefined, attachment: own, vpcId: 'vpc-0', isAsked: false },
  ])(
    'are asked for where an interface is on one that is new: here $what',
    async ({ id, attachment, vpcId, isAsked }) => {
      const aws = awsOfPlan(PLAN);
      const known = await knownOf(aws);
      const [networkInterface] = regionOf(aws).networkInterfaces;
      if (networkInterface !== undefined) {
        networkInterface.Attachment = {
          ...(id === undefined ? {} : { InstanceId: id }),
          InstanceOwnerId: attachment.instanceOwnerId,
        };
        networkInterface.VpcId = vpcId;
      }
      const { facts, counts, actions } = await observe(aws, { known });
      expect(counts).toEqual(isAsked ? { ...EACH_SCAN, 'ec2:DescribeInstances': 1 } : EACH_SCAN);
      expect(stateOf(facts, 'instances')).toBe(isAsked ? 'observed' : 'not-due');
      const ofNetwork = actions.filter((action) => action !== 'ListClusters');
      expect(ofNetwork.slice(0, 2)).toEqual(['DescribeSubnets', 'DescribeNetworkInterfaces']);
    },
  );

  it('have their types asked for, all of them, where one is new', async () => {
    const aws = awsOfPlan({ ...PLAN, instances: 3, instanceTypes: 3 });
    const known = await knownOf(aws);
    const types = known.instanceTypes.state === 'observed' ? known.instanceTypes.value : [];
    const before = { ...known, instanceTypes: { ...known.instanceTypes, value: types.slice(1) } };
    const { facts, counts } = await observe(aws, { known: before });
    expect(types).toHaveLength(3);
    expect(counts).toEqual({ ...EACH_SCAN, 'ec2:DescribeInstanceTypes': 1 });
    expect(facts.instanceTypes).toEqual(known.instanceTypes);
  });
});

describe('a pulse', () => {
  it.each([
    ['the subnets of VPCs and no others', 200, true],
    ['every subnet where there are more VPCs than a filter takes', 201, false],
  ])('reads %s', async (_, vpcCount, isByName) => {
    const aws = awsOfPlan(PLAN);
    const { subnets } = await knownOf(aws);
    const vpcId = subnets.state === 'observed' ? (subnets.value[0]?.vpcId ?? '') : '';
    const requests = recordRequests(aws);
    const observer = await observerOf(aws, { callerId: ACCOUNT_ID });
    const others = Array.from({ length: vpcCount }, (__, index) => `vpc-other-${index}`);
    expect(await observer.pulse(REGION, [vpcId, ...others.slice(1)])).toEqual(subnets);
    expect(countByAction(requests)).toEqual({ 'ec2:DescribeSubnets': 1 });
    const read = await observer.pulse(REGION, others);
    expect(read).toEqual(isByName ? { ...subnets, value: [] } : subnets);
  });
});
