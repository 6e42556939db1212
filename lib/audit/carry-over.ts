import type { Fact } from '../domain/fact.ts';
import type { ClusterFacts, Described, RegionFacts } from '../domain/region-facts.ts';

/**
 * Returns what is known of a region after an observation: each fact as it was observed now or, where it was not, as it was
 * known, with the time of its own observation. What a listing that succeeded no longer names is dropped; a listing that failed
 * or was not due keeps everything. Where nothing was ever observed, the newer failure stands. Pure.
 */
export function carryOver(known: RegionFacts | undefined, fresh: RegionFacts): RegionFacts {
  if (known === undefined) {
    return fresh;
  }
  return {
    target: fresh.target,
    startedAt: fresh.startedAt,
    availabilityZones: carriedFact(known.availabilityZones, fresh.availabilityZones),
    managedResourceVisibility: carriedFact(known.managedResourceVisibility, fresh.managedResourceVisibility),
    vpcs: carriedFact(known.vpcs, fresh.vpcs),
    subnets: carriedFact(known.subnets, fresh.subnets),
    subnetCounters: carriedCounters(known, fresh),
    networkInterfaces: carriedFact(known.networkInterfaces, fresh.networkInterfaces),
    reservations: carriedReservations(known, fresh),
    instances: carriedFact(known.instances, fresh.instances),
    instanceTypes: carriedFact(known.instanceTypes, fresh.instanceTypes),
    routeTables: carriedFact(known.routeTables, fresh.routeTables),
    vpcEndpoints: carriedFact(known.vpcEndpoints, fresh.vpcEndpoints),
    flowLogs: carriedFact(known.flowLogs, fresh.flowLogs),
    clusterNames: carriedFact(known.clusterNames, fresh.clusterNames),
    clusters: carriedItems(known.clusters, fresh.clusters, fresh.clusterNames, carriedCluster),
  };
}

function carriedFact<T>(known: Fact<T>, fresh: Fact<T>): Fact<T> {
  if (fresh.state === 'observed') {
    return fresh;
  }
  return known.state === 'observed' || fresh.error.code === 'not-due' ? known : fresh;
}

/** The second reading belongs to the first and to the interfaces listed between them: it stays where both do. */
function carriedCounters(known: RegionFacts, fresh: RegionFacts): RegionFacts['subnetCounters'] {
  const areBothKnown = fresh.subnets.state === 'unavailable' && fresh.networkInterfaces.state === 'unavailable';
  return areBothKnown ? known.subnetCounters : fresh.subnetCounters;
}

function carriedReservations(known: RegionFacts, fresh: RegionFacts): RegionFacts['reservations'] {
  const { subnets } = fresh;
  const subnetIds: Fact<readonly string[]> =
    subnets.state === 'observed' ? { ...subnets, value: subnets.value.map(({ subnetId }) => subnetId) } : subnets;
  return carriedItems(known.reservations, fresh.reservations, subnetIds, carriedFact);
}

function carriedCluster(known: ClusterFacts, fresh: ClusterFacts): ClusterFacts {
  return {
    cluster: carriedFact(known.cluster, fresh.cluster),
    nodegroups: carriedDescribed(known.nodegroups, fresh.nodegroups),
    fargateProfiles: carriedDescribed(known.fargateProfiles, fresh.fargateProfiles),
    addons: carriedDescribed(known.addons, fresh.addons),
  };
}

function carriedDescribed<T>(known: Described<T>, fresh: Described<T>): Described<T> {
  return {
    names: carriedFact(known.names, fresh.names),
    items: carriedItems(known.items, fresh.items, fresh.names, carriedFact),
  };
}

/** Items in the order of the listing that names them; where it was not seen now, those that are known and then new ones. */
function carriedItems<T>(
  known: ReadonlyMap<string, T>,
  fresh: ReadonlyMap<string, T>,
  names: Fact<readonly string[]>,
  carried: (known: T, fresh: T) => T,
): ReadonlyMap<string, T> {
  const kept = names.state === 'observed' ? names.value : [...known.keys(), ...fresh.keys()];
  const items = new Map<string, T>();
  for (const name of kept) {
    const [before, now] = [known.get(name), fresh.get(name)];
    const item = before === undefined || now === undefined ? (now ?? before) : carried(before, now);
    if (item !== undefined) {
      items.set(name, item);
    }
  }
  return items;
}
