import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { Fact } from '../domain/fact.ts';
import type { ClusterFacts, RegionFacts } from '../domain/region-facts.ts';
import { sliceByVpc } from '../domain/slice-by-vpc.ts';
import { ownSlice } from './own-slice.ts';

/** Stands for the VPC of clusters that nothing places in one, so that they are kept and shown like any other. */
export const UNKNOWN_VPC_ID = 'vpc-unknown';

/**
 * Cuts by VPC what is known of a region after an observation: `facts` is what `carryOver` made of the slices `known` before and
 * of what is `fresh`. Clusters without a VPC get a slice of their own, with no network in it.
 */
export function slicesOf(
  facts: RegionFacts,
  known: ReadonlyMap<string, RegionFacts>,
  fresh: RegionFacts,
): ReadonlyMap<string, RegionFacts> {
  const { byVpcId, clustersWithoutVpc } = sliceByVpc(facts);
  const slices = new Map([...byVpcId].map(([vpcId, slice]) => [vpcId, ownSlice(slice, known.get(vpcId), fresh)]));
  if (clustersWithoutVpc.size > 0) {
    slices.set(UNKNOWN_VPC_ID, networkless(facts, clustersWithoutVpc));
  }
  return slices;
}

function networkless(facts: RegionFacts, clusters: ReadonlyMap<string, ClusterFacts>): RegionFacts {
  return {
    ...facts,
    vpcs: emptied(facts.vpcs),
    subnets: emptied(facts.subnets),
    subnetCounters: undefined,
    networkInterfaces: emptied(facts.networkInterfaces),
    reservations: new Map(),
    instances: emptied(facts.instances),
    routeTables: emptied(facts.routeTables),
    vpcEndpoints: emptied(facts.vpcEndpoints),
    flowLogs: emptied(facts.flowLogs),
    clusterNames:
      facts.clusterNames.state === 'observed'
        ? { ...facts.clusterNames, value: facts.clusterNames.value.filter((name) => clusters.has(name)) }
        : facts.clusterNames,
    clusters,
  };
}

/** Nothing of what was observed is in no VPC; what was not observed stays so. */
function emptied<T>(fact: Fact<readonly T[]>): Fact<readonly T[]> {
  return fact.state === 'observed' ? { ...fact, value: [] } : fact;
}

/** Returns whose VPC a slice is of: by its subnets, the VPC itself, what was known `before`, or else the viewer's. */
export function vpcIdOf(vpcId: string, { target, subnets, vpcs }: RegionFacts, before: readonly VpcId[]): VpcId {
  const ofSubnets = subnets.state === 'observed' ? subnets.value[0]?.ownerId : undefined;
  const ofVpc = vpcs.state === 'observed' ? vpcs.value.find((vpc) => vpc.vpcId === vpcId)?.ownerId : undefined;
  const known = before.find((vpc) => vpc.vpcId === vpcId)?.ownerId;
  return { ownerId: ofSubnets ?? ofVpc ?? known ?? target.accountId, region: target.region, vpcId };
}
