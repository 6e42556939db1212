import { describe, expect, it } from 'vitest';
import { type NotSeen, notSeenOf, REQUIRED_FACTS_DEFAULT, scopeNotSeen } from '../../lib/audit/coverage.ts';
import type { Nodegroup } from '../../lib/domain/cluster/cluster.ts';
import { type Fact, observed, unavailable } from '../../lib/domain/fact.ts';
import type { SubnetCidrReservation } from '../../lib/domain/network/network.ts';
import { FACT_NAMES, type FactName, type RegionFacts } from '../../lib/domain/region-facts.ts';
import { aNodegroup, CLUSTER_NAME, NOW, SUBNET_ID } from '../helpers/builders.ts';
import { mapRegionFacts } from '../helpers/map-region-facts.ts';
import {
  denied,
  deniedError,
  described,
  REGION,
  seen,
  someClusterFacts,
  someRegionFacts,
  withClusters,
} from '../helpers/region-facts-builder.ts';

const NO_SUBNETS: ReadonlySet<string> = new Set();

function unseen(
  facts: RegionFacts,
  required: readonly FactName[] = REQUIRED_FACTS_DEFAULT,
  clusterSubnetIds = NO_SUBNETS,
): NotSeen[] {
  return notSeenOf(facts, required, clusterSubnetIds);
}

/** For each fact, a region in which it alone was denied. */
const WITHOUT: Readonly<Record<FactName, RegionFacts>> = {
  'availability-zones': someRegionFacts({ availabilityZones: denied('a') }),
  'managed-resource-visibility': someRegionFacts({ managedResourceVisibility: denied('a') }),
  vpcs: someRegionFacts({ vpcs: denied('a') }),
  subnets: someRegionFacts({ subnets: denied('a') }),
  'network-interfaces': someRegionFacts({ networkInterfaces: denied('a') }),
  reservations: someRegionFacts({ reservations: new Map([['subnet-0a', denied('a')]]) }),
  instances: someRegionFacts({ instances: denied('a') }),
  'instance-types': someRegionFacts({ instanceTypes: denied('a') }),
  'route-tables': someRegionFacts({ routeTables: denied('a') }),
  'vpc-endpoints': someRegionFacts({ vpcEndpoints: denied('a') }),
  'flow-logs': someRegionFacts({ flowLogs: denied('a') }),
  clusters: someRegionFacts({ clusterNames: denied('a') }),
  nodegroups: ofCluster({ nodegroups: { names: denied('a'), items: new Map() } }),
  'fargate-profiles': ofCluster({ fargateProfiles: { names: denied('a'), items: new Map() } }),
  addons: ofCluster({ addons: { names: denied('a'), items: new Map() } }),
};

function ofCluster(overrides: Parameters<typeof someClusterFacts>[0]): RegionFacts {
  return someRegionFacts(withClusters({ prod: someClusterFacts(overrides) }));
}

describe('what was not seen of a region', () => {
  it('is nothing where everything was', () => {
    expect(unseen(someRegionFacts(withClusters({ prod: someClusterFacts() })), FACT_NAMES)).toEqual([]);
  });

  it.each(FACT_NAMES)('is the fact %s where it alone was denied, required only where it is asked for', (fact) => {
    const serving = new Set(['subnet-0a']);
    const facts = WITHOUT[fact];
    expect(unseen(facts, [fact], serving)).toMatchObject([
      { scope: fact, ...facts.target, error: { code: 'access-denied' }, isRequired: true },
    ]);
    const others = FACT_NAMES.filter((name) => name !== fact);
    // What hangs on the fact was not asked for; that is told apart below.
    const refused = unseen(facts, others, serving).filter(({ error }) => error.code !== 'not-attempted');
    expect(refused).toMatchObject([{ scope: fact, isRequired: false }]);
  });

  it('requires by default what free addresses and blocks of clusters rest on', () => {
    const required = FACT_NAMES.filter(
      (fact) => unseen(WITHOUT[fact], REQUIRED_FACTS_DEFAULT, new Set(['subnet-0a']))[0]?.isRequired === true,
    );
    expect(required).toEqual(['subnets', 'network-interfaces', 'reservations', 'clusters', 'nodegroups']);
  });

  it('requires reservations only of subnets that serve a cluster', () => {
    const reservations = new Map<string, Fact<readonly SubnetCidrReservation[]>>([
      ['subnet-0a', denied('ec2:GetSubnetCidrReservations')],
      ['subnet-0b', denied('ec2:GetSubnetCidrReservations')],
      ['subnet-0c', seen([])],
    ]);
    const entries = unseen(
      someRegionFacts({ reservations }),
      REQUIRED_FACTS_DEFAULT,
      new Set(['subnet-0b', 'subnet-0c']),
    );
    expect(entries.map(({ resourceIds, isRequired }) => ({ resourceIds, isRequired }))).toEqual([
      { resourceIds: ['subnet-0a'], isRequired: false },
      { resourceIds: ['subnet-0b'], isRequired: true },
    ]);
  });

  it('names no resource where the call was about all of them', () => {
    expect(unseen(WITHOUT.subnets)[0]?.resourceIds).toEqual([]);
    expect(unseen(WITHOUT.nodegroups)[0]?.resourceIds).toEqual(['prod']);
  });

  it('gathers one cause with everything it is about, and keeps causes apart', () => {
    const nodegroups = {
      ...described({ good: aNodegroup() }),
      items: new Map<string, Fact<Nodegroup>>([
        ['good', observed(aNodegroup(), NOW)],
        ['one', denied('eks:DescribeNodegroup')],
        ['two', denied('eks:DescribeNodegroup')],
      ]),
    };
    const other = { nodegroups: { names: denied('eks:ListNodegroups'), items: new Map() } };
    const facts = someRegionFacts(
      withClusters({ prod: someClusterFacts({ nodegroups }), test: someClusterFacts(other, 'test') }),
    );
    expect(unseen(facts).map(({ error, resourceIds }) => [error.action, resourceIds])).toEqual([
      ['eks:DescribeNodegroup', ['prod/one', 'prod/two']],
      ['eks:ListNodegroups', ['test']],
    ]);
  });

  it('keeps two codes of one action apart', () => {
    const throttled = { ...deniedError('eks:DescribeCluster'), code: 'throttled' } as const;
    const facts = someRegionFacts(
      withClusters({
        prod: someClusterFacts({ cluster: denied('eks:DescribeCluster') }),
        test: someClusterFacts({ cluster: { state: 'unavailable', error: throttled } }, 'test'),
      }),
    );
    expect(unseen(facts).map(({ error, resourceIds }) => [error.code, resourceIds])).toEqual([
      ['access-denied', ['prod']],
      ['throttled', ['test']],
    ]);
  });

  it('has the second reading of the counters where it was asked for', () => {
    const facts = someRegionFacts({ subnetCounters: denied('ec2:DescribeSubnets') });
    expect(unseen(facts)).toMatchObject([{ scope: 'subnets', error: { action: 'ec2:DescribeSubnets' } }]);
  });
});

describe('a whole scope that was not seen', () => {
  it('is always required', () => {
    const error = deniedError('sts:AssumeRole');
    expect(scopeNotSeen('account', error, { accountId: '111122223333' })).toEqual({
      scope: 'account',
      accountId: '111122223333',
      region: undefined,
      resourceIds: [],
      error,
      isRequired: true,
    });
    expect(scopeNotSeen('caller', error)).toMatchObject({ accountId: undefined, region: undefined, isRequired: true });
    expect(scopeNotSeen('region', error, { accountId: '111122223333', region: REGION })).toMatchObject({
      region: REGION,
    });
  });
});

describe('a required fact that could not be asked for, since what it is asked about was not seen', () => {
  const blind = someRegionFacts({ clusterNames: denied('eks:ListClusters'), clusters: new Map() });

  it.each<FactName>(['nodegroups', 'fargate-profiles', 'addons', 'reservations'])(
    'is not seen: %s without clusters',
    (fact) => {
      const entries = notSeenOf(blind, [fact], new Set());
      expect(entries.filter(({ isRequired }) => isRequired)).toMatchObject([
        { scope: fact, error: { action: 'eks:ListClusters', code: 'not-attempted' } },
      ]);
    },
  );

  it('is not listed again where the cause is required too, or where nothing requires it', () => {
    expect(notSeenOf(blind, ['clusters', 'addons'], new Set()).map(({ scope }) => scope)).toEqual(['clusters']);
    expect(notSeenOf(blind, ['subnets'], new Set()).map(({ scope }) => scope)).toEqual(['clusters']);
  });

  it('is not seen: reservations without subnets', () => {
    const facts = someRegionFacts({ subnets: denied('ec2:DescribeSubnets') });
    const entries = notSeenOf(facts, ['reservations'], new Set());
    expect(entries.filter(({ isRequired }) => isRequired)).toMatchObject([
      { scope: 'reservations', error: { action: 'ec2:DescribeSubnets', code: 'not-attempted' } },
    ]);
  });
});

describe('a fact that was not due', () => {
  const notDue = (action: string) =>
    unavailable({ action, code: 'not-due', message: 'Not asked', awsErrorName: undefined });

  it('is not missed, whatever requires it: neither listings nor items, nor what is asked about them', () => {
    const idle = mapRegionFacts(
      someRegionFacts({
        ...withClusters({ [CLUSTER_NAME]: someClusterFacts({ nodegroups: described({ workers: aNodegroup() }) }) }),
        reservations: new Map([[SUBNET_ID, seen([])]]),
        subnetCounters: observed(new Map(), NOW),
      }),
      () => notDue('ec2:Describe'),
    );
    expect(notSeenOf(idle, FACT_NAMES, new Set([SUBNET_ID]))).toEqual([]);
    for (const fact of FACT_NAMES) {
      expect(notSeenOf(idle, [fact], new Set())).toEqual([]);
    }
  });

  it('hides nothing else that was not seen', () => {
    const facts = someRegionFacts({ vpcs: notDue('ec2:DescribeVpcs'), flowLogs: denied('ec2:DescribeFlowLogs') });
    expect(notSeenOf(facts, [], new Set()).map(({ scope }) => scope)).toEqual(['flow-logs']);
  });
});
