import type { Instance, NetworkInterface, Subnet } from '../network/network.ts';
import type { NetworkInterfaceOwner } from '../network/network-interface-owner.ts';
import { type Tags, tagValue } from '../tags.ts';
import type { Cluster, FargateProfile, Nodegroup } from './cluster.ts';
import { CLUSTER_TAG_OWNED, CLUSTER_TAG_PREFIX, CLUSTER_TAG_SHARED, clusterNameOf } from './cluster-name.ts';

/** Where it is written that a subnet serves a cluster, in the order in which sources are listed. */
export const SUBNET_SOURCES = [
  'control-plane',
  'nodegroup',
  'fargate-profile',
  'instance',
  'cni-network-interface',
  'control-plane-network-interface',
  'cluster-tag',
  'karpenter-discovery-tag',
  'cni-role-tag',
  'cni-cluster-tag',
] as const;

export type SubnetSource = (typeof SUBNET_SOURCES)[number];

export interface ClusterSubnet {
  readonly subnetId: string;
  /** Every source that names the subnet, none twice. */
  readonly sources: readonly SubnetSource[];
}

export interface OwnedNetworkInterface {
  readonly networkInterface: Pick<NetworkInterface, 'subnetId'>;
  readonly owner: Pick<NetworkInterfaceOwner, 'kind' | 'clusterName'>;
}

/**
 * What is known of one account and Region, or of one VPC in them. A cluster's name is unique there and nowhere else: facts
 * of several accounts in one call would mix clusters that share a name. In a shared VPC, leave other accounts' interfaces out.
 */
export interface ClusterSubnetEvidence {
  readonly nodegroups: readonly Pick<Nodegroup, 'clusterName' | 'subnetIds'>[];
  readonly fargateProfiles: readonly Pick<FargateProfile, 'clusterName' | 'subnetIds'>[];
  readonly subnets: readonly Pick<Subnet, 'subnetId' | 'vpcId' | 'tags'>[];
  readonly networkInterfaces: readonly OwnedNetworkInterface[];
  readonly instances: readonly Pick<Instance, 'state' | 'subnetId' | 'tags'>[];
}

export type ClusterWithSubnets = Pick<Cluster, 'name' | 'vpcId' | 'subnetIds'>;

/** The evidence in the order in which clusters ask for it. Made by `clusterSubnetIndex`. */
export interface ClusterSubnetIndex {
  readonly byClusterName: ReadonlyMap<string, SourcesBySubnet>;
  readonly tagsByVpcId: ReadonlyMap<string, VpcTagIndex>;
}

type SourcesBySubnet = Map<string, Set<SubnetSource>>;

interface VpcTagIndex {
  readonly byClusterName: Map<string, SourcesBySubnet>;
  /** Subnets that the VPC CNI of any cluster in the VPC may use. */
  readonly sharedSubnetIds: string[];
}

/** Karpenter finds subnets by this tag. https://karpenter.sh/docs/getting-started/getting-started-with-karpenter/ */
const KARPENTER_DISCOVERY_TAG = 'karpenter.sh/discovery';

/**
 * The VPC CNI takes pod addresses from subnets with the first tag, unless its value is "0"; the second limits a subnet to
 * the clusters it names. https://github.com/aws/amazon-vpc-cni-k8s#enable_subnet_discovery-v1180
 */
const CNI_ROLE_TAG = 'kubernetes.io/role/cni';
const CNI_ROLE_EXCLUDED = '0';
const CNI_CLUSTER_TAG_PREFIX = 'cni.networking.k8s.aws/cluster/';

/**
 * Returns the subnets that serve a cluster, each with every source that says so, sorted by subnet id. Tags count only in the
 * cluster's own VPC. To ask for many clusters of one account and Region, index the evidence once and use `indexedClusterSubnets`.
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
export function clusterSubnets(
  input: ClusterSubnetEvidence & { readonly cluster: ClusterWithSubnets },
): readonly ClusterSubnet[] {
  return indexedClusterSubnets(input.cluster, clusterSubnetIndex(input));
}

/** Returns the evidence indexed by cluster, in one pass over it. */
export function clusterSubnetIndex(evidence: ClusterSubnetEvidence): ClusterSubnetIndex {
  const byClusterName = new Map<string, SourcesBySubnet>();
  for (const { clusterName, subnetIds } of evidence.nodegroups) {
    addSources(sourcesOf(byClusterName, clusterName), subnetIds, 'nodegroup');
  }
  for (const { clusterName, subnetIds } of evidence.fargateProfiles) {
    addSources(sourcesOf(byClusterName, clusterName), subnetIds, 'fargate-profile');
  }
  for (const { state, subnetId, tags } of evidence.instances) {
    const clusterName = state === 'running' ? clusterNameOf(tags) : undefined;
    if (clusterName !== undefined && subnetId !== undefined) {
      addSource(sourcesOf(byClusterName, clusterName), subnetId, 'instance');
    }
  }
  for (const { networkInterface, owner } of evidence.networkInterfaces) {
    const source = sourceOfInterface(owner.kind);
    if (source !== undefined && owner.clusterName !== undefined) {
      addSource(sourcesOf(byClusterName, owner.clusterName), networkInterface.subnetId, source);
    }
  }
  return { byClusterName, tagsByVpcId: tagsByVpcId(evidence.subnets) };
}

/** Returns the same as `clusterSubnets`, from evidence that is indexed already. */
export function indexedClusterSubnets(
  cluster: ClusterWithSubnets,
  index: ClusterSubnetIndex,
): readonly ClusterSubnet[] {
  const sources: SourcesBySubnet = new Map();
  addSources(sources, cluster.subnetIds, 'control-plane');
  addAll(sources, index.byClusterName.get(cluster.name));
  const vpcTags = cluster.vpcId === undefined ? undefined : index.tagsByVpcId.get(cluster.vpcId);
  if (vpcTags !== undefined) {
    addAll(sources, vpcTags.byClusterName.get(cluster.name));
    addSources(sources, vpcTags.sharedSubnetIds, 'cni-role-tag');
  }
  return [...sources]
    .map(([subnetId, found]) => ({ subnetId, sources: SUBNET_SOURCES.filter((source) => found.has(source)) }))
    .sort((a, b) => (a.subnetId < b.subnetId ? -1 : 1));
}

function sourceOfInterface(kind: NetworkInterfaceOwner['kind']): SubnetSource | undefined {
  if (kind === 'cni-secondary' || kind === 'pod-branch' || kind === 'auto-mode-node') {
    return 'cni-network-interface';
  }
  return kind === 'eks-control-plane' ? 'control-plane-network-interface' : undefined;
}

function tagsByVpcId(subnets: ClusterSubnetEvidence['subnets']): ReadonlyMap<string, VpcTagIndex> {
  const index = new Map<string, VpcTagIndex>();
  for (const { subnetId, vpcId, tags } of subnets) {
    const vpcTags = index.get(vpcId) ?? { byClusterName: new Map(), sharedSubnetIds: [] };
    index.set(vpcId, vpcTags);
    addClusterTags(vpcTags, subnetId, tags);
    addCniTags(vpcTags, subnetId, tags);
  }
  return index;
}

function addClusterTags(vpcTags: VpcTagIndex, subnetId: string, tags: Tags): void {
  for (const [key, value] of tags) {
    if (key === KARPENTER_DISCOVERY_TAG) {
      addSource(sourcesOf(vpcTags.byClusterName, value), subnetId, 'karpenter-discovery-tag');
    } else if (key.startsWith(CLUSTER_TAG_PREFIX) && (value === CLUSTER_TAG_OWNED || value === CLUSTER_TAG_SHARED)) {
      const clusterName = key.slice(CLUSTER_TAG_PREFIX.length);
      addSource(sourcesOf(vpcTags.byClusterName, clusterName), subnetId, 'cluster-tag');
    }
  }
}

function addCniTags(vpcTags: VpcTagIndex, subnetId: string, tags: Tags): void {
  const role = tagValue(tags, CNI_ROLE_TAG);
  if (role === CNI_ROLE_EXCLUDED) {
    return;
  }
  const clusterNames = tags
    .filter(([key]) => key.startsWith(CNI_CLUSTER_TAG_PREFIX))
    .map(([key]) => key.slice(CNI_CLUSTER_TAG_PREFIX.length));
  for (const clusterName of clusterNames) {
    const sources = sourcesOf(vpcTags.byClusterName, clusterName);
    addSource(sources, subnetId, 'cni-cluster-tag');
    if (role !== undefined) {
      addSource(sources, subnetId, 'cni-role-tag');
    }
  }
  if (role !== undefined && clusterNames.length === 0) {
    vpcTags.sharedSubnetIds.push(subnetId);
  }
}

function sourcesOf(byClusterName: Map<string, SourcesBySubnet>, clusterName: string): SourcesBySubnet {
  const sources: SourcesBySubnet = byClusterName.get(clusterName) ?? new Map();
  byClusterName.set(clusterName, sources);
  return sources;
}

function addSource(sources: SourcesBySubnet, subnetId: string, source: SubnetSource): void {
  const found = sources.get(subnetId);
  if (found === undefined) {
    sources.set(subnetId, new Set([source]));
  } else {
    found.add(source);
  }
}

function addSources(sources: SourcesBySubnet, subnetIds: readonly string[], source: SubnetSource): void {
  for (const subnetId of subnetIds) {
    addSource(sources, subnetId, source);
  }
}

function addAll(sources: SourcesBySubnet, others: SourcesBySubnet | undefined): void {
  for (const [subnetId, found] of others ?? []) {
    for (const source of found) {
      addSource(sources, subnetId, source);
    }
  }
}
