import { clusterIdOf, type PulseReading, type SubnetCluster } from '../domain/capacity/region-state.ts';
import {
  type ClusterWithSubnets,
  clusterSubnetIndex,
  indexedClusterSubnets,
} from '../domain/cluster/cluster-subnets.ts';
import { type CniSettings, cniSettings } from '../domain/cni/cni-settings.ts';
import type { Fact } from '../domain/fact.ts';
import type { Instance, NetworkInterface, Subnet } from '../domain/network/network.ts';
import { type NetworkInterfaceOwner, networkInterfaceOwner } from '../domain/network/network-interface-owner.ts';
import type { ClusterFacts, RegionFacts } from '../domain/region-facts.ts';

/** The facts of every account that sees into one region, joined: a shared subnet stands here once, whoever looked at it. */
export interface JoinedRegion {
  readonly region: string;
  readonly subnets: readonly JoinedSubnet[];
  readonly clusters: readonly JoinedCluster[];
}

export interface JoinedSubnet {
  /** As its owner sees it, or a participant where the owner was not scanned. */
  readonly subnet: Subnet;
  /** The facts of the owner; `undefined` where that account was not scanned. */
  readonly owner: RegionFacts | undefined;
  /** Every account that lists the subnet, the owner first. */
  readonly viewers: readonly RegionFacts[];
  readonly networkInterfaces: readonly JoinedNetworkInterface[];
  /** `undefined` where no pulse came after the speaker's scan. */
  readonly pulse: PulseReading | undefined;
  readonly clusters: readonly SubnetCluster[];
  /** The clusters it serves, in the order of `clusters`. */
  readonly servedClusters: readonly JoinedCluster[];
  /** The VPC CNI settings of the clusters the subnet serves, as far as their add-ons could be read. */
  readonly cniSettings: readonly CniSettings[];
}

export interface JoinedNetworkInterface {
  readonly networkInterface: NetworkInterface;
  readonly owner: NetworkInterfaceOwner;
}

export interface JoinedCluster {
  readonly viewer: RegionFacts;
  readonly clusterName: string;
  readonly facts: ClusterFacts;
  readonly subnets: readonly { readonly subnetId: string; readonly sources: SubnetCluster['sources'] }[];
}

/**
 * Joins the facts of one region. Every facts object is of another account; their order does not matter. `pulses` are EC2's
 * counters by subnet id where they were read again since.
 */
export function joinRegion(
  region: string,
  facts: readonly RegionFacts[],
  pulses: ReadonlyMap<string, PulseReading> = new Map(),
): JoinedRegion {
  const viewers = facts.toSorted((a, b) => (a.target.accountId < b.target.accountId ? -1 : 1));
  const instanceById = new Map(
    viewers.flatMap(({ instances }) => valuesOf(instances)).map((one) => [one.instanceId, one]),
  );
  const viewersBySubnet = groupViewersBySubnet(viewers);
  const networkInterfaces = joinNetworkInterfaces(viewers, viewersBySubnet, instanceById);
  const seenSubnets = new Map([...viewersBySubnet].map(([subnetId, seen]) => [subnetId, seen.subnet]));
  const clusters = viewers.flatMap((viewer) => joinClusters(viewer, seenSubnets, networkInterfaces, instanceById));
  const clustersBySubnet = groupClustersBySubnet(clusters);
  return {
    region,
    clusters,
    subnets: [...viewersBySubnet.values()].map(({ subnet, viewers: seenBy }) => {
      const serving = clustersBySubnet.get(subnet.subnetId) ?? [];
      return {
        subnet,
        owner: seenBy.find(({ target }) => target.accountId === subnet.ownerId),
        viewers: seenBy,
        networkInterfaces: networkInterfaces.get(subnet.subnetId) ?? [],
        pulse: pulses.get(subnet.subnetId),
        clusters: serving.map(({ cluster, sources }) => ({
          clusterId: clusterIdOf(cluster.viewer.target, cluster.clusterName),
          clusterName: cluster.clusterName,
          sources,
        })),
        servedClusters: serving.map(({ cluster }) => cluster),
        cniSettings: serving.flatMap(({ cluster }) => vpcCniSettings(cluster.facts)),
      };
    }),
  };
}

interface SeenSubnet {
  readonly subnet: Subnet;
  readonly viewers: readonly RegionFacts[];
}

function groupViewersBySubnet(viewers: readonly RegionFacts[]): ReadonlyMap<string, SeenSubnet> {
  const seen = new Map<string, SeenSubnet>();
  for (const viewer of viewers) {
    for (const subnet of valuesOf(viewer.subnets)) {
      if (isGoneByOwner(subnet, viewer, viewers)) {
        continue;
      }
      const known = seen.get(subnet.subnetId);
      const isOwner = viewer.target.accountId === subnet.ownerId;
      const others = known?.viewers ?? [];
      seen.set(subnet.subnetId, {
        // The owner's word wins: EC2 does not show a shared subnet's tags to participants.
        subnet: known === undefined || isOwner ? subnet : known.subnet,
        viewers: isOwner ? [viewer, ...others] : [...others, viewer],
      });
    }
  }
  return seen;
}

/** A subnet that a participant listed before its owner no longer did is gone: where the owner looked later, it alone says. */
function isGoneByOwner(subnet: Subnet, viewer: RegionFacts, viewers: readonly RegionFacts[]): boolean {
  const owner = viewers.find(({ target }) => target.accountId === subnet.ownerId);
  if (owner === undefined || owner === viewer || owner.subnets.state === 'unavailable') {
    return false;
  }
  const isLater = viewer.subnets.state === 'observed' && owner.subnets.observedAt >= viewer.subnets.observedAt;
  return isLater && !owner.subnets.value.some(({ subnetId }) => subnetId === subnet.subnetId);
}

/**
 * Where the subnet's owner lists interfaces, that list alone says which addresses are used; what participants know of their
 * own interfaces (tags, description, operator) is taken from them. Elsewhere the participants' lists are all there is.
 */
function joinNetworkInterfaces(
  viewers: readonly RegionFacts[],
  viewersBySubnet: ReadonlyMap<string, SeenSubnet>,
  instanceById: ReadonlyMap<string, Instance>,
): ReadonlyMap<string, readonly JoinedNetworkInterface[]> {
  const ownWords = wordsOfParticipants(viewers);
  const listsInterfaces = new Set(
    viewers.filter((viewer) => viewer.networkInterfaces.state === 'observed').map(({ target }) => target.accountId),
  );
  const bySubnet = new Map<string, JoinedNetworkInterface[]>();
  for (const viewer of viewers) {
    for (const networkInterface of valuesOf(viewer.networkInterfaces)) {
      const seen = viewersBySubnet.get(networkInterface.subnetId);
      if (seen === undefined || !speaksFor(viewer, seen.subnet, listsInterfaces)) {
        continue;
      }
      const own = ownWords.get(networkInterface.networkInterfaceId);
      const joined = own === undefined ? networkInterface : withAddressesOf(networkInterface, own);
      const listed = bySubnet.get(networkInterface.subnetId);
      const entry = { networkInterface: joined, owner: networkInterfaceOwner(joined, instanceById) };
      if (listed === undefined) {
        bySubnet.set(networkInterface.subnetId, [entry]);
      } else {
        listed.push(entry);
      }
    }
  }
  return bySubnet;
}

/** The owner speaks for a subnet; where it does not list interfaces, every viewer speaks for its own. */
function speaksFor(viewer: RegionFacts, { ownerId }: Subnet, listsInterfaces: ReadonlySet<string>): boolean {
  return viewer.target.accountId === ownerId || !listsInterfaces.has(ownerId);
}

/** Interfaces that participants list in subnets of others, by id. Empty where nothing is shared: the usual case costs nothing. */
function wordsOfParticipants(viewers: readonly RegionFacts[]): ReadonlyMap<string, NetworkInterface> {
  const words = new Map<string, NetworkInterface>();
  for (const viewer of viewers) {
    const { accountId } = viewer.target;
    const foreign = new Set(
      valuesOf(viewer.subnets)
        .filter(({ ownerId }) => ownerId !== accountId)
        .map((subnet) => subnet.subnetId),
    );
    if (foreign.size === 0) {
      continue;
    }
    for (const networkInterface of valuesOf(viewer.networkInterfaces)) {
      if (networkInterface.ownerId === accountId && foreign.has(networkInterface.subnetId)) {
        words.set(networkInterface.networkInterfaceId, networkInterface);
      }
    }
  }
  return words;
}

function withAddressesOf(listed: NetworkInterface, own: NetworkInterface): NetworkInterface {
  const { privateIpAddresses, ipv4Prefixes, malformedAddresses, subnetId, vpcId } = listed;
  return { ...own, privateIpAddresses, ipv4Prefixes, malformedAddresses, subnetId, vpcId };
}

function joinClusters(
  viewer: RegionFacts,
  seenSubnets: ReadonlyMap<string, Subnet>,
  networkInterfaces: ReadonlyMap<string, readonly JoinedNetworkInterface[]>,
  instanceById: ReadonlyMap<string, Instance>,
): JoinedCluster[] {
  if (viewer.clusters.size === 0) {
    return [];
  }
  const { accountId } = viewer.target;
  const subnets = valuesOf(viewer.subnets)
    .map(({ subnetId }) => seenSubnets.get(subnetId))
    .filter((subnet) => subnet !== undefined);
  const index = clusterSubnetIndex({
    subnets,
    instances: valuesOf(viewer.instances).map((instance) => instanceById.get(instance.instanceId) ?? instance),
    nodegroups: [...viewer.clusters.values()].flatMap(({ nodegroups }) =>
      [...nodegroups.items.values()].flatMap(observedOnly),
    ),
    fargateProfiles: [...viewer.clusters.values()].flatMap((cluster) =>
      [...cluster.fargateProfiles.items.values()].flatMap(observedOnly),
    ),
    // A cluster's name is unique in its account only, so other accounts' interfaces in a shared subnet stay out.
    networkInterfaces: subnets.flatMap(({ subnetId }) =>
      (networkInterfaces.get(subnetId) ?? []).filter(({ networkInterface }) => networkInterface.ownerId === accountId),
    ),
  });
  return [...viewer.clusters].map(([clusterName, facts]) => ({
    viewer,
    clusterName,
    facts,
    subnets: indexedClusterSubnets(clusterNetwork(clusterName, facts, seenSubnets), index),
  }));
}

/**
 * Where the cluster could not be described, or its VPC was left out, the VPC is that of the subnets that its control plane or
 * a node group names: all of them lie in one. https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
function clusterNetwork(
  clusterName: string,
  { cluster, nodegroups }: ClusterFacts,
  seenSubnets: ReadonlyMap<string, Subnet>,
): ClusterWithSubnets {
  const described = cluster.state === 'observed' ? cluster.value : undefined;
  // A cluster that could not be described names no subnets here; that it was not seen is judged where it matters.
  const subnetIds = described?.subnetIds ?? [];
  const ofNodegroups = [...nodegroups.items.values()].flatMap(observedOnly).flatMap((nodegroup) => nodegroup.subnetIds);
  const [named] = [...subnetIds, ...ofNodegroups].flatMap((subnetId) => seenSubnets.get(subnetId) ?? []);
  return { name: clusterName, vpcId: described?.vpcId ?? named?.vpcId, subnetIds };
}

function groupClustersBySubnet(clusters: readonly JoinedCluster[]) {
  const bySubnet = new Map<string, { cluster: JoinedCluster; sources: SubnetCluster['sources'] }[]>();
  for (const cluster of clusters) {
    for (const { subnetId, sources } of cluster.subnets) {
      const serving = bySubnet.get(subnetId) ?? [];
      serving.push({ cluster, sources });
      bySubnet.set(subnetId, serving);
    }
  }
  return bySubnet;
}

const VPC_CNI_ADDON = 'vpc-cni';

/** A configuration that cannot be parsed says nothing: its settings are not the defaults. */
function vpcCniSettings({ addons }: ClusterFacts): CniSettings[] {
  const addon = addons.items.get(VPC_CNI_ADDON);
  return addon?.state === 'observed' && addon.value.configuration.problem === undefined
    ? [cniSettings(addon.value.configuration.values)]
    : [];
}

/** What could not be read adds nothing to a join; that it is missing is judged where it matters. */
function valuesOf<T>(fact: Fact<readonly T[]>): readonly T[] {
  return fact.state === 'observed' ? fact.value : [];
}

function observedOnly<T>(fact: Fact<T>): T[] {
  return fact.state === 'observed' ? [fact.value] : [];
}
