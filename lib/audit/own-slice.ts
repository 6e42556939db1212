import type { Fact } from '../domain/fact.ts';
import type { RegionFacts } from '../domain/region-facts.ts';

/**
 * Takes a VPC's slice of what `carryOver` returned, what was known of this VPC before, and what was observed now of the region.
 * Returns the slice with what is known of this VPC only: a fact that was not observed now, and never of this VPC, is unavailable,
 * since what other VPCs are known to hold does not say that a new one holds nothing. A fact that was keeps the time of its own
 * observation. Zones and instance types are the same for every VPC, and clusters are carried one by one: they stay. Pure.
 */
export function ownSlice(slice: RegionFacts, known: RegionFacts | undefined, fresh: RegionFacts): RegionFacts {
  return {
    ...slice,
    vpcs: ownFact(slice.vpcs, known?.vpcs, fresh.vpcs),
    subnets: ownFact(slice.subnets, known?.subnets, fresh.subnets),
    networkInterfaces: ownFact(slice.networkInterfaces, known?.networkInterfaces, fresh.networkInterfaces),
    instances: ownFact(slice.instances, known?.instances, fresh.instances),
    routeTables: ownFact(slice.routeTables, known?.routeTables, fresh.routeTables),
    vpcEndpoints: ownFact(slice.vpcEndpoints, known?.vpcEndpoints, fresh.vpcEndpoints),
    flowLogs: ownFact(slice.flowLogs, known?.flowLogs, fresh.flowLogs),
    clusterNames: ownFact(slice.clusterNames, known?.clusterNames, fresh.clusterNames),
  };
}

function ownFact<T>(slice: Fact<T>, known: Fact<T> | undefined, fresh: Fact<T>): Fact<T> {
  if (fresh.state === 'observed' || slice.state === 'unavailable') {
    return slice;
  }
  if (known?.state === 'observed') {
    return { ...slice, observedAt: known.observedAt };
  }
  return known !== undefined && fresh.error.code === 'not-due' ? known : fresh;
}
