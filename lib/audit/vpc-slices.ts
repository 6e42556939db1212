import type { VpcId } from '../domain/capacity/vpc-state.ts';
import { observed } from '../domain/fact.ts';
import type { ClusterFacts, RegionFacts } from '../domain/region-facts.ts';
import { sliceByVpc } from '../domain/slice-by-vpc.ts';

/** Stands for the VPC of clusters that nothing places in one, so that they are kept and shown like any other. */
export const UNKNOWN_VPC_ID = 'vpc-unknown';

/** Cuts a region's facts by VPC; clusters without one get a slice of their own, with no network in it. */
export function slicesOf(facts: RegionFacts): ReadonlyMap<string, RegionFacts> {
  const { byVpcId, clustersWithoutVpc } = sliceByVpc(facts);
  if (clustersWithoutVpc.size === 0) {
    return byVpcId;
  }
  return new Map([...byVpcId, [UNKNOWN_VPC_ID, networkless(facts, clustersWithoutVpc)]]);
}

function networkless(facts: RegionFacts, clusters: ReadonlyMap<string, ClusterFacts>): RegionFacts {
  const none = observed([], facts.startedAt);
  return {
    target: facts.target,
    startedAt: facts.startedAt,
    availabilityZones: none,
    managedResourceVisibility: facts.managedResourceVisibility,
    vpcs: none,
    subnets: none,
    subnetCounters: undefined,
    networkInterfaces: none,
    reservations: new Map(),
    instances: none,
    instanceTypes: none,
    routeTables: none,
    vpcEndpoints: none,
    flowLogs: none,
    clusterNames:
      facts.clusterNames.state === 'observed'
        ? { ...facts.clusterNames, value: facts.clusterNames.value.filter((name) => clusters.has(name)) }
        : facts.clusterNames,
    clusters,
  };
}

/** Returns whose VPC a slice is of: by its subnets, the VPC itself, what was known `before`, or else the viewer's. */
export function vpcIdOf(vpcId: string, { target, subnets, vpcs }: RegionFacts, before: readonly VpcId[]): VpcId {
  const ofSubnets = subnets.state === 'observed' ? subnets.value[0]?.ownerId : undefined;
  const ofVpc = vpcs.state === 'observed' ? vpcs.value.find((vpc) => vpc.vpcId === vpcId)?.ownerId : undefined;
  const known = before.find((vpc) => vpc.vpcId === vpcId)?.ownerId;
  return { ownerId: ofSubnets ?? ofVpc ?? known ?? target.accountId, region: target.region, vpcId };
}
