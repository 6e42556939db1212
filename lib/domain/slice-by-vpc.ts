import type { Fact } from './fact.ts';
import type { Instance } from './network/network.ts';
import { networkInterfaceOwner } from './network/network-interface-owner.ts';
import type { ClusterFacts, RegionFacts } from './region-facts.ts';

export interface SlicedRegionFacts {
  /** What was observed of each VPC, as if nothing else were in the region. */
  readonly byVpcId: ReadonlyMap<string, RegionFacts>;
  /** Clusters that nothing places: neither EKS nor anything tagged for them names a VPC or a subnet that is known. */
  readonly clustersWithoutVpc: ReadonlyMap<string, ClusterFacts>;
}

/**
 * Cuts the facts of a region by VPC. A fact that is unavailable is so in every slice, since any VPC may miss it. What belongs to
 * no VPC known here (zones, flow logs of what another account lists) stands in every slice; instance types go where they run.
 *
 * Joining and judging the slices of one VPC gives what the whole region gives for it, as long as what names a cluster lies in
 * the cluster's own VPC. EKS wants that: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
export function sliceByVpc(facts: RegionFacts): SlicedRegionFacts {
  const places = placesOf(facts);
  const clusterVpcs = new Map([...facts.clusters].map(([name, cluster]) => [name, clusterVpc(name, cluster, places)]));
  const vpcIds = new Set([...places.vpcIds, ...clusterVpcs.values()]);
  const slicers = slicersOf(facts, places, clusterVpcs);
  const byVpcId = new Map<string, RegionFacts>();
  for (const vpcId of vpcIds) {
    if (vpcId !== undefined) {
      byVpcId.set(vpcId, sliceOf(facts, slicers, vpcId));
    }
  }
  const clustersWithoutVpc = new Map([...facts.clusters].filter(([name]) => clusterVpcs.get(name) === undefined));
  return { byVpcId, clustersWithoutVpc };
}

interface Places {
  /** Every VPC that something observed lies in. */
  readonly vpcIds: ReadonlySet<string>;
  readonly vpcBySubnetId: ReadonlyMap<string, string>;
  readonly vpcByNetworkInterfaceId: ReadonlyMap<string, string>;
  /** Where interfaces and instances are tagged for a cluster: the VPC of the first. */
  readonly vpcByTaggedCluster: ReadonlyMap<string, string>;
}

function placesOf(facts: RegionFacts): Places {
  const networkInterfaces = valuesOf(facts.networkInterfaces);
  const instances = valuesOf(facts.instances);
  const vpcBySubnetId = new Map(valuesOf(facts.subnets).map(({ subnetId, vpcId }) => [subnetId, vpcId]));
  const inVpcs = [
    facts.vpcs,
    facts.subnets,
    facts.networkInterfaces,
    facts.routeTables,
    facts.vpcEndpoints,
  ] as const satisfies readonly Fact<readonly { readonly vpcId: string }[]>[];
  const vpcIds = new Set(
    inVpcs.flatMap((fact) => valuesOf<{ readonly vpcId: string }>(fact).map(({ vpcId }) => vpcId)),
  );
  for (const { vpcId } of instances) {
    if (vpcId !== undefined) {
      vpcIds.add(vpcId);
    }
  }
  return {
    vpcIds,
    vpcBySubnetId,
    vpcByNetworkInterfaceId: new Map(networkInterfaces.map((one) => [one.networkInterfaceId, one.vpcId])),
    vpcByTaggedCluster: vpcByTaggedCluster(facts),
  };
}

/** A cluster's name is unique in its account only, so other accounts' interfaces in a shared subnet say nothing. */
function vpcByTaggedCluster(facts: RegionFacts): ReadonlyMap<string, string> {
  const byName = new Map<string, string>();
  const isDescribed = [...facts.clusters.values()].every(({ cluster }) => describedVpc(cluster) !== undefined);
  if (isDescribed) {
    return byName;
  }
  const instanceById = new Map(valuesOf(facts.instances).map((one) => [one.instanceId, one]));
  for (const networkInterface of valuesOf(facts.networkInterfaces)) {
    const { clusterName } = networkInterfaceOwner(networkInterface, instanceById);
    const isOwn = networkInterface.ownerId === facts.target.accountId;
    if (isOwn && clusterName !== undefined && !byName.has(clusterName)) {
      byName.set(clusterName, networkInterface.vpcId);
    }
  }
  return byName;
}

function describedVpc(cluster: ClusterFacts['cluster']): string | undefined {
  return cluster.state === 'observed' ? cluster.value.vpcId : undefined;
}

function clusterVpc(name: string, facts: ClusterFacts, places: Places): string | undefined {
  const { cluster, nodegroups, fargateProfiles } = facts;
  const describedIn = describedVpc(cluster);
  if (describedIn !== undefined) {
    return describedIn;
  }
  // A cluster that could not be described names no subnets; its node groups and profiles may.
  const named = cluster.state === 'observed' ? cluster.value.subnetIds : [];
  const ofParts = [...nodegroups.items.values(), ...fargateProfiles.items.values()].flatMap((part) =>
    part.state === 'observed' ? part.value.subnetIds : [],
  );
  const [first] = [...named, ...ofParts].flatMap((subnetId) => places.vpcBySubnetId.get(subnetId) ?? []);
  return first ?? places.vpcByTaggedCluster.get(name);
}

type Slicer<T> = (vpcId: string) => T;

/** Each fact grouped once, so that many VPCs do not read it many times. */
function slicersOf(facts: RegionFacts, places: Places, clusterVpcs: ReadonlyMap<string, string | undefined>) {
  const { vpcBySubnetId } = places;
  const byVpc = ({ vpcId }: { readonly vpcId: string }) => vpcId;
  return {
    vpcs: slicer(facts.vpcs, byVpc),
    subnets: slicer(facts.subnets, byVpc),
    subnetCounters: mapFactSlicer(facts.subnetCounters, ([subnetId]) => vpcBySubnetId.get(subnetId)),
    networkInterfaces: slicer(facts.networkInterfaces, byVpc),
    reservations: mapSlicer(facts.reservations, ([subnetId]) => vpcBySubnetId.get(subnetId)),
    instances: slicer(facts.instances, (instance) => instanceVpc(instance, places)),
    routeTables: slicer(facts.routeTables, byVpc),
    vpcEndpoints: slicer(facts.vpcEndpoints, byVpc),
    flowLogs: slicer(facts.flowLogs, ({ resourceId }) => resourceVpc(resourceId, places)),
    clusters: mapSlicer(
      new Map([...facts.clusters].filter(([name]) => clusterVpcs.get(name) !== undefined)),
      ([name]) => clusterVpcs.get(name),
    ),
  };
}

function instanceVpc({ vpcId, subnetId }: Instance, { vpcBySubnetId }: Places): string | undefined {
  return vpcId ?? (subnetId === undefined ? undefined : vpcBySubnetId.get(subnetId));
}

function resourceVpc(resourceId: string, places: Places): string | undefined {
  return places.vpcIds.has(resourceId)
    ? resourceId
    : (places.vpcBySubnetId.get(resourceId) ?? places.vpcByNetworkInterfaceId.get(resourceId));
}

function sliceOf(facts: RegionFacts, slicers: ReturnType<typeof slicersOf>, vpcId: string): RegionFacts {
  const clusters = slicers.clusters(vpcId);
  const instances = slicers.instances(vpcId);
  return {
    target: facts.target,
    startedAt: facts.startedAt,
    availabilityZones: facts.availabilityZones,
    managedResourceVisibility: facts.managedResourceVisibility,
    vpcs: slicers.vpcs(vpcId),
    subnets: slicers.subnets(vpcId),
    subnetCounters: slicers.subnetCounters(vpcId),
    networkInterfaces: slicers.networkInterfaces(vpcId),
    reservations: slicers.reservations(vpcId),
    instances,
    instanceTypes: usedInstanceTypes(facts.instanceTypes, instances, clusters),
    routeTables: slicers.routeTables(vpcId),
    vpcEndpoints: slicers.vpcEndpoints(vpcId),
    flowLogs: slicers.flowLogs(vpcId),
    clusterNames: filtered(facts.clusterNames, (name) => clusters.has(name)),
    clusters,
  };
}

/** Without the instances nobody can say which types run here, so all of them stay. */
function usedInstanceTypes(
  instanceTypes: RegionFacts['instanceTypes'],
  instances: RegionFacts['instances'],
  clusters: RegionFacts['clusters'],
): RegionFacts['instanceTypes'] {
  if (instances.state === 'unavailable') {
    return instanceTypes;
  }
  const ofNodegroups = [...clusters.values()].flatMap(({ nodegroups }) =>
    [...nodegroups.items.values()].flatMap((one) => (one.state === 'observed' ? one.value.instanceTypes : [])),
  );
  const used = new Set([...instances.value.map(({ instanceType }) => instanceType), ...ofNodegroups]);
  return filtered(instanceTypes, ({ instanceType }) => used.has(instanceType));
}

function slicer<T>(fact: Fact<readonly T[]>, vpcIdOf: (item: T) => string | undefined): Slicer<Fact<readonly T[]>> {
  if (fact.state === 'unavailable') {
    return () => fact;
  }
  const slices = listSlicer(fact.value, vpcIdOf);
  return (vpcId) => ({ ...fact, value: slices(vpcId) });
}

function mapFactSlicer<V>(
  fact: Fact<ReadonlyMap<string, V>> | undefined,
  vpcIdOf: (entry: readonly [string, V]) => string | undefined,
): Slicer<Fact<ReadonlyMap<string, V>> | undefined> {
  if (fact === undefined || fact.state === 'unavailable') {
    return () => fact;
  }
  const slices = mapSlicer(fact.value, vpcIdOf);
  return (vpcId) => ({ ...fact, value: slices(vpcId) });
}

function mapSlicer<V>(
  map: ReadonlyMap<string, V>,
  vpcIdOf: (entry: readonly [string, V]) => string | undefined,
): Slicer<ReadonlyMap<string, V>> {
  const slices = listSlicer([...map], vpcIdOf);
  return (vpcId) => new Map(slices(vpcId));
}

/** Slices keep the order of the whole: a judgement lists flow logs as they came. */
function listSlicer<T>(items: readonly T[], vpcIdOf: (item: T) => string | undefined): Slicer<readonly T[]> {
  const byVpcId = Map.groupBy(items, vpcIdOf);
  const everywhere = new Set(byVpcId.get(undefined));
  return (vpcId) => {
    const own = byVpcId.get(vpcId) ?? [];
    if (everywhere.size === 0) {
      return own;
    }
    const kept = new Set([...own, ...everywhere]);
    return items.filter((item) => kept.has(item));
  };
}

function filtered<T>(fact: Fact<readonly T[]>, isKept: (item: T) => boolean): Fact<readonly T[]> {
  return fact.state === 'unavailable' ? fact : { ...fact, value: fact.value.filter(isKept) };
}

/** What could not be read places nothing. */
function valuesOf<T>(fact: Fact<readonly T[]>): readonly T[] {
  return fact.state === 'observed' ? fact.value : [];
}
