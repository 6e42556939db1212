import { ADDRESSES_PER_PREFIX } from '../domain/address/cidr.ts';
import { addressesLeft } from '../domain/capacity/addresses-left.ts';
import {
  type ClusterState,
  type ClusterZoneState,
  clusterIdOf,
  type HolderSummary,
  type RegionState,
  type SubnetCapacityState,
  type SubnetState,
} from '../domain/capacity/region-state.ts';
import { type AgingFact, isStale } from '../domain/capacity/staleness.ts';
import {
  type Floor,
  type Status,
  type SubnetCapacity,
  subnetStatus,
  type Thresholds,
  type Unseen,
  urgency,
} from '../domain/capacity/subnet-status.ts';
import { type PrefixUse, prefixUse } from '../domain/cni/prefix-use.ts';
import { type Fact, type Instant, observed } from '../domain/fact.ts';
import { flowLogCoverage } from '../domain/network/flow-log-coverage.ts';
import { leakCandidacy } from '../domain/network/leaked-network-interface.ts';
import type { FlowLog } from '../domain/network/network.ts';
import { subnetCidr } from '../domain/network/subnet-address-map.ts';
import type { RegionFacts } from '../domain/region-facts.ts';
import { tagValue } from '../domain/tags.ts';
import { type Exhaustion, NO_HISTORY } from '../domain/trend/exhaustion.ts';
import type { JoinedCluster, JoinedRegion, JoinedSubnet } from './join-region.ts';
import { measureCapacity } from './measure-capacity.ts';
import type { Policy } from './policy.ts';
import { type AccountsById, clusterSubject, subnetSubject } from './subjects.ts';

export interface Judgement {
  /** The moment of the judgement. */
  readonly now: Instant;
  readonly policy: Policy;
  readonly accounts: AccountsById;
  /** What was forecast, by subnet id; absent where there is no history to forecast from, as in an audit. */
  readonly exhaustions?: ReadonlyMap<string, Exhaustion> | undefined;
}

/** Judges every subnet and cluster of a region from the joined facts. Pure. */
export function judgeRegion(joined: JoinedRegion, judgement: Judgement): RegionState {
  const subnets = joined.subnets.map((subnet) => judgeSubnet(subnet, joined.region, judgement));
  const subnetById = new Map(subnets.map((state) => [state.subnet.subnetId, state]));
  const clusters = joined.clusters.map((cluster) => judgeCluster(cluster, subnetById, judgement));
  return { subnets, clusters };
}

function judgeSubnet(joined: JoinedSubnet, region: string, judgement: Judgement): SubnetState {
  const { now, policy, accounts, exhaustions } = judgement;
  const { subnet, owner, viewers } = joined;
  const subject = subnetSubject(accounts, joined);
  const thresholds = policy.thresholdsOf(subject);
  const use = prefixUse(joined);
  const measured = measureCapacity(joined);
  const floor = floorOf(joined, thresholds);
  const exhaustion = exhaustions?.get(subnet.subnetId) ?? NO_HISTORY;
  const status = subnetStatus({
    ipv4: measured.capacity === undefined ? undefined : capacityFor(measured.capacity, use, floor),
    unseen: [...unseenOf(joined), ...staleFactsOf(joined, now)],
    exhaustion,
    thresholds,
  });
  return {
    subnet,
    region,
    team: policy.teamOf(subject),
    availabilityZoneId: subnet.availabilityZoneId ?? zoneIdOf(joined),
    viewerAccountIds: viewers.map(({ target }) => target.accountId),
    observedAt: observedAtOf(owner ?? viewers[0], now),
    networkInterfacesObservedAt:
      owner?.networkInterfaces.state === 'observed' ? owner.networkInterfaces.observedAt : undefined,
    capacity: measured.capacity,
    floor,
    exhaustion,
    prefixUse: use,
    holders: holdersOf(joined),
    leakedNetworkInterfaceIds: joined.networkInterfaces
      .filter(({ networkInterface }) => leakCandidacy(networkInterface, now) === 'leaked')
      .map(({ networkInterface }) => networkInterface.networkInterfaceId),
    clusters: joined.clusters,
    flowLogs: flowLogCoverage({
      subnetId: subnet.subnetId,
      vpcId: subnet.vpcId,
      networkInterfaceIds: joined.networkInterfaces.map(({ networkInterface }) => networkInterface.networkInterfaceId),
      flowLogs: joinedFlowLogs(joined),
      ownerSeen: owner !== undefined,
      now,
    }),
    problems: measured.problems,
    status,
  };
}

function capacityFor(capacity: SubnetCapacityState, use: PrefixUse, floor: Floor): SubnetCapacity {
  switch (capacity.source) {
    case 'network-interfaces':
      return {
        usableAddressCount: capacity.counts.usableAddressCount,
        addressesLeft: addressesLeft(capacity),
        freePrefixCount: capacity.freePrefixCount,
        maxPrefixCount: capacity.counts.maxPrefixCount,
        prefixUse: use,
        floor,
      };
    case 'available-ip-address-count':
      return {
        usableAddressCount: capacity.usableAddressCount,
        addressesLeft: addressesLeft(capacity),
        freePrefixCount: undefined,
        maxPrefixCount: capacity.maxPrefixCount,
        prefixUse: use,
        floor,
      };
  }
}

const LOAD_BALANCER_ROLE_TAGS = ['kubernetes.io/role/elb', 'kubernetes.io/role/internal-elb'];

/** What must stay free: for updates of the control planes that sit here, and for load balancers where they are served. */
function floorOf(joined: JoinedSubnet, thresholds: Thresholds): Floor {
  const { subnet, clusters, networkInterfaces } = joined;
  const servesLoadBalancers =
    networkInterfaces.some(({ owner }) => owner.kind.startsWith('elb-')) ||
    (clusters.length > 0 && LOAD_BALANCER_ROLE_TAGS.some((key) => tagValue(subnet.tags, key) !== undefined));
  return {
    controlPlaneUpdateAddresses: servesControlPlane(joined) ? thresholds.controlPlaneUpdateAddresses : 0,
    loadBalancerAddresses: servesLoadBalancers ? thresholds.loadBalancerAddresses : 0,
  };
}

function servesControlPlane({ clusters }: JoinedSubnet): boolean {
  return clusters.some(({ sources }) => sources.includes('control-plane'));
}

/** What the status needs and nobody saw. */
function unseenOf(joined: JoinedSubnet): Unseen[] {
  const { subnet, owner, viewers, clusters } = joined;
  const unseen: Unseen[] = [];
  if (subnet.cidrBlock !== undefined && subnetCidr(subnet) === undefined) {
    unseen.push({ code: 'cidr-unreadable', cidrBlock: subnet.cidrBlock });
  }
  if (owner === undefined) {
    unseen.push({ code: 'owner-not-seen', ownerId: subnet.ownerId });
  } else if (owner.networkInterfaces.state === 'unavailable') {
    unseen.push({ code: 'fact-not-seen', fact: 'network-interfaces', error: owner.networkInterfaces.error });
  }
  const reservations = owner?.reservations.get(subnet.subnetId);
  if (reservations?.state === 'unavailable') {
    unseen.push({ code: 'fact-not-seen', fact: 'reservations', error: reservations.error });
  }
  // Which subnets serve a control plane decides the floor; one that is known to has its floor already.
  if (!servesControlPlane(joined)) {
    unseen.push(...viewers.flatMap((viewer) => unseenClusters(viewer, clusters)));
  }
  return unseen;
}

/** What the status needs and was seen too long ago. A scan that failed leaves the facts of an earlier one standing. */
function staleFactsOf({ subnet, owner, viewers, servedClusters }: JoinedSubnet, now: Instant): Unseen[] {
  const needed: readonly (readonly [AgingFact, Fact<unknown> | undefined])[] = [
    ['subnets', (owner ?? viewers[0])?.subnets],
    ['network-interfaces', owner?.networkInterfaces],
    ['reservations', owner?.reservations.get(subnet.subnetId)],
    ...servedClusters.map(({ facts }) => ['clusters', facts.cluster] as const),
  ];
  return needed.flatMap(([fact, value]) =>
    value?.state === 'observed' && isStale(fact, value.observedAt, now)
      ? [{ code: 'fact-stale', fact, observedAt: value.observedAt }]
      : [],
  );
}

/** Of a cluster that could not be described only the subnets that something else names are known. */
function unseenClusters({ target, clusterNames, clusters }: RegionFacts, serving: JoinedSubnet['clusters']): Unseen[] {
  if (clusterNames.state === 'unavailable') {
    return [{ code: 'fact-not-seen', fact: 'clusters', error: clusterNames.error }];
  }
  return [...clusters].flatMap(([clusterName, { cluster }]) => {
    const isServing = serving.some(({ clusterId }) => clusterId === clusterIdOf(target, clusterName));
    return cluster.state === 'unavailable' && isServing
      ? [{ code: 'fact-not-seen', fact: 'clusters', error: cluster.error }]
      : [];
  });
}

function zoneIdOf({ subnet, viewers }: JoinedSubnet): string | undefined {
  // Zone names differ between accounts, so only the account whose word the subnet is can translate its zone.
  const speaker = viewers[0]?.availabilityZones;
  return speaker?.state === 'observed'
    ? speaker.value.find(({ zoneName }) => zoneName === subnet.availabilityZone)?.zoneId
    : undefined;
}

function observedAtOf(speaker: RegionFacts | undefined, now: Instant): Instant {
  return speaker?.subnets.state === 'observed' ? speaker.subnets.observedAt : now;
}

function joinedFlowLogs({ owner, viewers }: JoinedSubnet): Fact<readonly FlowLog[]> {
  const speaker = owner ?? viewers[0];
  if (speaker === undefined || speaker.flowLogs.state === 'unavailable') {
    return speaker?.flowLogs ?? observed([], '');
  }
  const logs = viewers.flatMap(({ flowLogs }) => (flowLogs.state === 'observed' ? flowLogs.value : []));
  return observed(logs, speaker.flowLogs.observedAt);
}

function holdersOf({ networkInterfaces }: JoinedSubnet): HolderSummary[] {
  const summaries = new Map<string, HolderSummary>();
  for (const { networkInterface, owner } of networkInterfaces) {
    const key = JSON.stringify([owner.kind, owner.service, owner.clusterName]);
    const known = summaries.get(key);
    const prefixCount = networkInterface.ipv4Prefixes.length;
    const addressCount = networkInterface.privateIpAddresses.length + ADDRESSES_PER_PREFIX * prefixCount;
    summaries.set(key, {
      kind: owner.kind,
      service: owner.service,
      clusterName: owner.clusterName,
      networkInterfaceCount: (known?.networkInterfaceCount ?? 0) + 1,
      addressCount: (known?.addressCount ?? 0) + addressCount,
      prefixCount: (known?.prefixCount ?? 0) + prefixCount,
    });
  }
  return [...summaries.values()].sort((a, b) => b.addressCount - a.addressCount || (a.kind < b.kind ? -1 : 1));
}

function judgeCluster(
  joined: JoinedCluster,
  subnetById: ReadonlyMap<string, SubnetState>,
  { policy, accounts }: Judgement,
): ClusterState {
  const { viewer, clusterName, facts } = joined;
  const subnets = joined.subnets.map(({ subnetId, sources }) => ({
    subnetId,
    sources,
    isSeen: subnetById.has(subnetId),
  }));
  const seen = subnets.flatMap(({ subnetId }) => subnetById.get(subnetId) ?? []);
  const [binding] = seen.toSorted(
    (a, b) => urgency(a.status.status) - urgency(b.status.status) || leftIn(a) - leftIn(b),
  );
  return {
    clusterId: clusterIdOf(viewer.target, clusterName),
    target: viewer.target,
    clusterName,
    team: policy.teamOf(clusterSubject(accounts, joined)),
    observedAt: oldestOf(seen) ?? (facts.cluster.state === 'observed' ? facts.cluster.observedAt : viewer.startedAt),
    cluster: facts.cluster,
    nodegroups: facts.nodegroups,
    fargateProfiles: facts.fargateProfiles,
    addons: facts.addons,
    subnets,
    zones: zonesOf(seen),
    status: clusterStatus(joined, seen.length === subnets.length, binding?.status.status),
    bindingSubnetId: binding?.subnet.subnetId,
    statusReasons: binding?.status.reasons ?? [],
  };
}

function oldestOf(subnets: readonly SubnetState[]): Instant | undefined {
  const [oldest] = subnets.map(({ observedAt }) => observedAt).sort();
  return oldest;
}

/** A cluster is as well as its worst subnet; with something unseen it is never better than unknown. */
function clusterStatus({ facts }: JoinedCluster, areSubnetsSeen: boolean, worst: Status | undefined): Status {
  const parts = [facts.cluster, facts.nodegroups.names, ...facts.nodegroups.items.values()];
  const isSeen = areSubnetsSeen && worst !== undefined && parts.every(({ state }) => state === 'observed');
  if (worst === undefined) {
    return 'unknown';
  }
  return isSeen || urgency(worst) < urgency('unknown') ? worst : 'unknown';
}

function zonesOf(subnets: readonly SubnetState[]): ClusterZoneState[] {
  const zones = new Map<string, SubnetState[]>();
  for (const subnet of subnets) {
    if (subnet.capacity !== undefined) {
      const zone = subnet.availabilityZoneId ?? subnet.subnet.availabilityZone;
      zones.set(zone, [...(zones.get(zone) ?? []), subnet]);
    }
  }
  return [...zones]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([zone, members]) => ({
      zone,
      subnetIds: members.map(({ subnet }) => subnet.subnetId),
      addressesLeft: members.reduce((total, subnet) => total + leftIn(subnet), 0),
      freePrefixCount: sumOrUndefined(
        members.map(({ capacity }) =>
          capacity?.source === 'network-interfaces' ? capacity.freePrefixCount : undefined,
        ),
      ),
    }));
}

function leftIn({ capacity }: SubnetState): number {
  // A subnet without IPv4 is never the one that runs out of it.
  return capacity === undefined ? Number.POSITIVE_INFINITY : addressesLeft(capacity);
}

function sumOrUndefined(values: readonly (number | undefined)[]): number | undefined {
  let total = 0;
  for (const value of values) {
    if (value === undefined) {
      return undefined;
    }
    total += value;
  }
  return total;
}
