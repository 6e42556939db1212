import type { Fact, Instant } from './fact.ts';
import type { RegionFacts } from './region-facts.ts';

/**
 * Joins what is known of the VPCs of one target into facts of its region: the inverse of `sliceByVpc`, but for clusters that no
 * VPC has. Returns `undefined` for no slices.
 *
 * What stands in several slices stands once, and every slice keeps its order. A fact that one slice has observed and another
 * has not is observed, as far as it goes, at the time of the oldest observation: so slices of different scans join, and what is
 * as old as its oldest part is asked for again soonest.
 */
export function joinSlices(slices: readonly RegionFacts[]): RegionFacts | undefined {
  const [first] = slices;
  if (first === undefined) {
    return undefined;
  }
  return {
    target: first.target,
    startedAt: slices.map(({ startedAt }) => startedAt).reduce(older),
    availabilityZones: joinedLists(
      slices.map(({ availabilityZones }) => availabilityZones),
      ({ zoneId }) => zoneId,
    ),
    managedResourceVisibility: slices.map((slice) => slice.managedResourceVisibility).reduce(newerFact),
    vpcs: joinedLists(
      slices.map(({ vpcs }) => vpcs),
      ({ vpcId }) => vpcId,
    ),
    subnets: joinedLists(
      slices.map(({ subnets }) => subnets),
      ({ subnetId }) => subnetId,
    ),
    subnetCounters: joinedCounters(slices),
    networkInterfaces: joinedLists(
      slices.map(({ networkInterfaces }) => networkInterfaces),
      ({ networkInterfaceId }) => networkInterfaceId,
    ),
    reservations: joinedMaps(slices.map(({ reservations }) => reservations)),
    instances: joinedLists(
      slices.map(({ instances }) => instances),
      ({ instanceId }) => instanceId,
    ),
    instanceTypes: joinedLists(
      slices.map(({ instanceTypes }) => instanceTypes),
      ({ instanceType }) => instanceType,
    ),
    routeTables: joinedLists(
      slices.map(({ routeTables }) => routeTables),
      ({ routeTableId }) => routeTableId,
    ),
    vpcEndpoints: joinedLists(
      slices.map(({ vpcEndpoints }) => vpcEndpoints),
      ({ vpcEndpointId }) => vpcEndpointId,
    ),
    flowLogs: joinedLists(
      slices.map(({ flowLogs }) => flowLogs),
      ({ flowLogId }) => flowLogId,
    ),
    clusterNames: joinedLists(
      slices.map(({ clusterNames }) => clusterNames),
      (name) => name,
    ),
    clusters: joinedMaps(slices.map(({ clusters }) => clusters)),
  };
}

function older(one: Instant, other: Instant): Instant {
  return other < one ? other : one;
}

function newerFact<T>(one: Fact<T>, other: Fact<T>): Fact<T> {
  if (one.state === 'unavailable' || other.state === 'unavailable') {
    return one.state === 'unavailable' ? other : one;
  }
  return other.observedAt > one.observedAt ? other : one;
}

function joinedLists<T>(facts: readonly Fact<readonly T[]>[], idOf: (item: T) => string): Fact<readonly T[]> {
  return facts.reduce(joinedFacts((one, other) => merged(one, other, idOf)));
}

/** A second reading that one VPC did not need says nothing about another's. */
function joinedCounters(slices: readonly RegionFacts[]): RegionFacts['subnetCounters'] {
  const [first, ...others] = slices.flatMap(({ subnetCounters }) => subnetCounters ?? []);
  return first === undefined ? undefined : others.reduce(joinedFacts(joinedMap), first);
}

function joinedMaps<V>(maps: readonly ReadonlyMap<string, V>[]): ReadonlyMap<string, V> {
  return maps.reduce(joinedMap, new Map<string, V>());
}

function joinedMap<V>(one: ReadonlyMap<string, V>, other: ReadonlyMap<string, V>): ReadonlyMap<string, V> {
  return new Map(merged([...one], [...other], ([key]) => key));
}

function joinedFacts<T>(join: (one: T, other: T) => T): (one: Fact<T>, other: Fact<T>) => Fact<T> {
  return (one, other) => {
    if (one.state === 'unavailable' || other.state === 'unavailable') {
      return one.state === 'unavailable' ? other : one;
    }
    return { ...one, value: join(one.value, other.value), observedAt: older(one.observedAt, other.observedAt) };
  };
}

/**
 * Merges two lists so that both keep their order and what both have stands once, as the first has it. Where they disagree
 * about the order of what they share, the first wins.
 */
function merged<T>(one: readonly T[], other: readonly T[], idOf: (item: T) => string): readonly T[] {
  const indexById = new Map(other.map((item, index) => [idOf(item), index]));
  const shared = new Set(one.map(idOf).filter((id) => indexById.has(id)));
  const isNew = (item: T) => !shared.has(idOf(item));
  const items: T[] = [];
  let taken = 0;
  for (const item of one) {
    const index = indexById.get(idOf(item));
    if (index !== undefined && index >= taken) {
      for (const before of other.slice(taken, index).filter(isNew)) {
        items.push(before);
      }
      taken = index + 1;
    }
    items.push(item);
  }
  return [...items, ...other.slice(taken).filter(isNew)];
}
