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
  return joinedFacts(facts, (lists) => merged(lists, idOf));
}

/** A second reading that one VPC did not need says nothing about another's. */
function joinedCounters(slices: readonly RegionFacts[]): RegionFacts['subnetCounters'] {
  const counters = slices.map(({ subnetCounters }) => subnetCounters).filter((fact) => fact !== undefined);
  return counters.length === 0 ? undefined : joinedFacts(counters, joinedMaps);
}

function joinedMaps<V>(maps: readonly ReadonlyMap<string, V>[]): ReadonlyMap<string, V> {
  const entries = maps.map((map) => [...map]);
  return new Map(merged(entries, ([key]) => key));
}

function joinedFacts<T>(facts: readonly Fact<T>[], join: (values: readonly T[]) => T): Fact<T> {
  const seen = facts.filter((fact) => fact.state === 'observed');
  const [first] = seen;
  if (first === undefined) {
    return facts.reduce(newerFact);
  }
  return {
    ...first,
    value: join(seen.map(({ value }) => value)),
    observedAt: seen.map(({ observedAt }) => observedAt).reduce(older),
  };
}

/**
 * Merges lists so that all keep their order and what several have stands once, as the first of them has it. Where they disagree
 * about the order of what they share, none is bound to keep its own.
 */
function merged<T>(lists: readonly (readonly T[])[], idOf: (item: T) => string): readonly T[] {
  const all = lists.flat();
  const itemById = new Map(all.toReversed().map((item) => [idOf(item), item]));
  if (itemById.size === all.length) {
    return all;
  }
  const idsBefore = idsBeforeEach(lists.map((list) => list.map(idOf)));
  const met = new Set<string>();
  const items: T[] = [];
  for (const id of all.map(idOf)) {
    // What stands before an item in any list has its place first. A path instead of recursion: lists are long.
    const path = met.has(id) ? [] : [id];
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      met.add(last);
      const before = idsBefore.get(last)?.find((each) => !met.has(each));
      if (before !== undefined) {
        path.push(before);
        continue;
      }
      path.pop();
      const item = itemById.get(last);
      if (item !== undefined) {
        items.push(item);
      }
    }
  }
  return items;
}

/** Returns, for each id, those that stand right before it in any list. */
function idsBeforeEach(lists: readonly (readonly string[])[]): ReadonlyMap<string, readonly string[]> {
  const idsBefore = new Map<string, string[]>();
  for (const list of lists) {
    for (const [index, id] of list.entries()) {
      const before = list[index - 1];
      if (before !== undefined) {
        idsBefore.set(id, [...(idsBefore.get(id) ?? []), before]);
      }
    }
  }
  return idsBefore;
}
