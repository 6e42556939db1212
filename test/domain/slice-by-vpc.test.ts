import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinRegion } from '../../lib/audit/join-region.ts';
import { judgeRegion } from '../../lib/audit/judge-region.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import type { RegionState } from '../../lib/domain/capacity/region-state.ts';
import { observed } from '../../lib/domain/fact.ts';
import type { RegionFacts } from '../../lib/domain/region-facts.ts';
import { sliceByVpc } from '../../lib/domain/slice-by-vpc.ts';
import { arbitraryRegionFacts, OWNER_ID, PARTICIPANT_ID } from '../helpers/arbitrary-region-facts.ts';
import {
  aCluster,
  aFlowLog,
  aNetworkInterface,
  aNodegroup,
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

const OTHER_VPC_ID = 'vpc-0b';
const OTHER_SUBNET = aSubnet({ subnetId: 'subnet-0b', vpcId: OTHER_VPC_ID });
const DENIED_CLUSTER = someClusterFacts({ cluster: denied('eks:DescribeCluster') });

function judged(viewers: readonly RegionFacts[]): RegionState {
  return judgeRegion(joinRegion(REGION, viewers), { now: NOW, policy: OPEN_POLICY, accounts: new Map() });
}

function sorted({ subnets, clusters }: RegionState): RegionState {
  return {
    subnets: subnets.toSorted((a, b) => (a.subnet.subnetId < b.subnet.subnetId ? -1 : 1)),
    clusters: clusters.toSorted((a, b) => (a.clusterId < b.clusterId ? -1 : 1)),
  };
}

function sliceFor(facts: RegionFacts, vpcId = VPC_ID): RegionFacts {
  const slice = sliceByVpc(facts).byVpcId.get(vpcId);
  if (slice === undefined) {
    throw new Error(`Nothing was observed of "${vpcId}"`);
  }
  return slice;
}

describe('the slices of a region', () => {
  it('are judged, VPC by VPC, as the whole region is', () => {
    let clusterCount = 0;
    fc.assert(
      fc.property(arbitraryRegionFacts(OWNER_ID), arbitraryRegionFacts(PARTICIPANT_ID), (owner, participant) => {
        const viewers = [owner, participant];
        const sliced = viewers.map(sliceByVpc);
        const vpcIds = new Set(sliced.flatMap(({ byVpcId }) => [...byVpcId.keys()]));
        // The owner of a VPC that lists interfaces, but neither VPCs nor subnets, has no slice of an empty one.
        fc.pre(owner.vpcs.state === 'observed' || owner.subnets.state === 'observed');
        const states = [...vpcIds].map((vpcId) => judged(sliced.flatMap(({ byVpcId }) => byVpcId.get(vpcId) ?? [])));
        const whole = judged(
          viewers.map((facts, index) => {
            const apart = sliced[index]?.clustersWithoutVpc ?? new Map();
            return { ...facts, clusters: new Map([...facts.clusters].filter(([name]) => !apart.has(name))) };
          }),
        );
        clusterCount += whole.clusters.length;
        expect(
          sorted({
            subnets: states.flatMap(({ subnets }) => subnets),
            clusters: states.flatMap(({ clusters }) => clusters),
          }),
        ).toEqual(sorted(whole));
      }),
      { numRuns: 300 },
    );
    expect(clusterCount).toBeGreaterThan(0);
  });

  it('hold everything once that lies in one VPC', () => {
    fc.assert(
      fc.property(arbitraryRegionFacts(OWNER_ID), (facts) => {
        const { byVpcId, clustersWithoutVpc } = sliceByVpc(facts);
        const slices = [...byVpcId.values()];
        for (const name of ['vpcs', 'subnets', 'networkInterfaces', 'instances'] as const) {
          const fact = facts[name];
          if (fact.state === 'observed') {
            const parts = slices.flatMap((slice): readonly unknown[] =>
              slice[name].state === 'observed' ? slice[name].value : [],
            );
            expect(new Set<unknown>(parts)).toEqual(new Set<unknown>(fact.value));
            expect(parts).toHaveLength(fact.value.length);
          } else {
            expect(slices.every((slice) => slice[name] === fact)).toBe(true);
          }
        }
        const clusterNames = [...slices.flatMap(({ clusters }) => [...clusters.keys()]), ...clustersWithoutVpc.keys()];
        expect(clusterNames.sort()).toEqual([...facts.clusters.keys()].sort());
      }),
    );
  });
});

describe('a slice', () => {
  it('has of clusters only those of its VPC, and their names', () => {
    const facts = someRegionFacts({
      subnets: seen([aSubnet(), OTHER_SUBNET]),
      ...withClusters({
        [CLUSTER_NAME]: someClusterFacts(),
        other: someClusterFacts({ cluster: observed(aCluster({ name: 'other', vpcId: OTHER_VPC_ID }), NOW) }),
      }),
    });
    expect([...sliceFor(facts).clusters.keys()]).toEqual([CLUSTER_NAME]);
    expect(sliceFor(facts).clusterNames).toEqual(seen([CLUSTER_NAME]));
    expect([...sliceFor(facts, OTHER_VPC_ID).clusters.keys()]).toEqual(['other']);
  });

  it.each([
    ['its node groups', { ...DENIED_CLUSTER, nodegroups: described({ workers: aNodegroup() }) }, {}],
    [
      'its own subnets',
      someClusterFacts({ cluster: observed(aCluster({ vpcId: undefined, subnetIds: [SUBNET_ID] }), NOW) }),
      {},
    ],
    [
      'an interface of one of its nodes',
      DENIED_CLUSTER,
      {
        networkInterfaces: seen([
          aNetworkInterface({ tags: [['cluster.k8s.amazonaws.com/name', CLUSTER_NAME]], description: 'aws-K8S-i-0a' }),
        ]),
      },
    ],
  ])('has a cluster that EKS does not place, by %s', (_, cluster, overrides) => {
    const facts = someRegionFacts({ ...withClusters({ [CLUSTER_NAME]: cluster }), ...overrides });
    expect([...sliceFor(facts).clusters.keys()]).toEqual([CLUSTER_NAME]);
    expect(sliceByVpc(facts).clustersWithoutVpc.size).toBe(0);
  });

  it('lacks a cluster that nothing places: it stands apart', () => {
    const facts = someRegionFacts(withClusters({ [CLUSTER_NAME]: DENIED_CLUSTER }));
    expect(sliceFor(facts).clusters.size).toBe(0);
    expect(sliceByVpc(facts).clustersWithoutVpc).toEqual(new Map([[CLUSTER_NAME, DENIED_CLUSTER]]));
  });

  it('lacks a cluster that only another account names so', () => {
    const foreign = aNetworkInterface({
      ownerId: PARTICIPANT_ID,
      tags: [['cluster.k8s.amazonaws.com/name', CLUSTER_NAME]],
    });
    const facts = someRegionFacts({
      networkInterfaces: seen([foreign]),
      ...withClusters({ [CLUSTER_NAME]: DENIED_CLUSTER }),
    });
    expect(sliceByVpc(facts).clustersWithoutVpc.size).toBe(1);
  });

  it('has the flow logs of its VPC, its subnets and its interfaces, and those of what is not known here', () => {
    const logs = [VPC_ID, SUBNET_ID, 'eni-0a', 'eni-0elsewhere', OTHER_VPC_ID, 'subnet-0b'].map((resourceId) =>
      aFlowLog({ resourceId }),
    );
    const facts = someRegionFacts({
      subnets: seen([aSubnet(), OTHER_SUBNET]),
      networkInterfaces: seen([aNetworkInterface()]),
      flowLogs: seen(logs),
    });
    expect(sliceFor(facts).flowLogs).toEqual(seen([logs[0], logs[1], logs[2], logs[3]]));
    expect(sliceFor(facts, OTHER_VPC_ID).flowLogs).toEqual(seen([logs[3], logs[4], logs[5]]));
  });

  it('has the instance types that run in its VPC, or all where the instances were not seen', () => {
    const typeOf = (instanceType: string) => ({
      instanceType,
      defaultCardNetworkInterfacesMax: 3,
      ipv4AddressesPerInterface: 10,
      hypervisor: 'nitro',
      bareMetal: false,
      vcpuCount: 2,
    });
    const facts = someRegionFacts({
      instances: seen([anInstance({ instanceType: 'm5.large' })]),
      instanceTypes: seen([typeOf('m5.large'), typeOf('c5.large')]),
    });
    expect(sliceFor(facts).instanceTypes).toEqual(seen([typeOf('m5.large')]));
    const blind = { ...facts, instances: denied('ec2:DescribeInstances') };
    expect(sliceFor(blind).instanceTypes).toEqual(facts.instanceTypes);
  });

  it('has the counters and reservations of its subnets', () => {
    const facts = someRegionFacts({
      subnets: seen([aSubnet(), OTHER_SUBNET]),
      subnetCounters: observed(
        new Map([
          [SUBNET_ID, 1],
          ['subnet-0b', 2],
        ]),
        NOW,
      ),
      reservations: new Map([['subnet-0b', denied('ec2:GetSubnetCidrReservations')]]),
    });
    expect(sliceFor(facts).subnetCounters).toEqual(observed(new Map([[SUBNET_ID, 1]]), NOW));
    expect(sliceFor(facts).reservations.size).toBe(0);
    expect([...sliceFor(facts, OTHER_VPC_ID).reservations.keys()]).toEqual(['subnet-0b']);
  });
});
