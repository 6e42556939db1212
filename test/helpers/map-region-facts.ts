import type { Fact } from '../../lib/domain/fact.ts';
import type { Described, RegionFacts } from '../../lib/domain/region-facts.ts';

type Change = <T>(fact: Fact<T>, path: string) => Fact<T>;

/** Changes every fact of a region, down to the items of its listings. Paths are like `clusters/one/addons/vpc-cni`. */
export function mapRegionFacts(facts: RegionFacts, change: Change): RegionFacts {
  return {
    target: facts.target,
    startedAt: facts.startedAt,
    availabilityZones: change(facts.availabilityZones, 'availabilityZones'),
    managedResourceVisibility: change(facts.managedResourceVisibility, 'managedResourceVisibility'),
    vpcs: change(facts.vpcs, 'vpcs'),
    subnets: change(facts.subnets, 'subnets'),
    subnetCounters: facts.subnetCounters && change(facts.subnetCounters, 'subnetCounters'),
    networkInterfaces: change(facts.networkInterfaces, 'networkInterfaces'),
    reservations: mapItems(facts.reservations, (fact, id) => change(fact, `reservations/${id}`)),
    instances: change(facts.instances, 'instances'),
    instanceTypes: change(facts.instanceTypes, 'instanceTypes'),
    routeTables: change(facts.routeTables, 'routeTables'),
    vpcEndpoints: change(facts.vpcEndpoints, 'vpcEndpoints'),
    flowLogs: change(facts.flowLogs, 'flowLogs'),
    clusterNames: change(facts.clusterNames, 'clusterNames'),
    clusters: mapItems(facts.clusters, (cluster, name) => ({
      cluster: change(cluster.cluster, `clusters/${name}/cluster`),
      nodegroups: mapDescribed(cluster.nodegroups, `clusters/${name}/nodegroups`, change),
      fargateProfiles: mapDescribed(cluster.fargateProfiles, `clusters/${name}/fargateProfiles`, change),
      addons: mapDescribed(cluster.addons, `clusters/${name}/addons`, change),
    })),
  };
}

function mapDescribed<T>({ names, items }: Described<T>, path: string, change: Change): Described<T> {
  return { names: change(names, path), items: mapItems(items, (fact, name) => change(fact, `${path}/${name}`)) };
}

function mapItems<T>(items: ReadonlyMap<string, T>, change: (item: T, id: string) => T): ReadonlyMap<string, T> {
  return new Map([...items].map(([id, item]) => [id, change(item, id)]));
}

/** Returns every fact of a region by its path. */
export function factsByPath(facts: RegionFacts): ReadonlyMap<string, Fact<unknown>> {
  const byPath = new Map<string, Fact<unknown>>();
  mapRegionFacts(facts, (fact, path) => {
    byPath.set(path, fact);
    return fact;
  });
  return byPath;
}
