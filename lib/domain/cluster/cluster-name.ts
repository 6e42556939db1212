import { type Tags, tagValue } from '../tags.ts';

/** `kubernetes.io/cluster/<name>` marks what belongs to a cluster. https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
export const CLUSTER_TAG_PREFIX = 'kubernetes.io/cluster/';
export const CLUSTER_TAG_OWNED = 'owned';
export const CLUSTER_TAG_SHARED = 'shared';

/**
 * Tags whose value is a cluster's name. EKS and EC2 set the first three themselves, so they come first.
 * https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html
 * The last is the VPC CNI's. https://github.com/aws/amazon-vpc-cni-k8s#cni_cluster_name
 */
const CLUSTER_NAME_TAGS = [
  'aws:eks:cluster-name',
  'eks:cluster-name',
  'eks:eks-cluster-name',
  'cluster.k8s.amazonaws.com/name',
];

/** What EKS accepts as a name. https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html */
const CLUSTER_NAME = /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/;

/** Returns whether EKS would accept the text as the name of a cluster. */
export function isClusterName(text: string): boolean {
  return CLUSTER_NAME.test(text);
}

/**
 * Takes the tags of an instance or a network interface and returns the name of the cluster they attribute it to, or
 * `undefined` where they name none. Where several `kubernetes.io/cluster/<name>` tags stand side by side, the only one
 * with the value `owned` decides; if there is no such one, the tags attribute nothing.
 */
export function clusterNameOf(tags: Tags): string | undefined {
  for (const key of CLUSTER_NAME_TAGS) {
    const name = tagValue(tags, key);
    if (name !== undefined && isClusterName(name)) {
      return name;
    }
  }
  return clusterNameOfClusterTags(tags);
}

function clusterNameOfClusterTags(tags: Tags): string | undefined {
  const named: string[] = [];
  const owned: string[] = [];
  for (const [key, value] of tags) {
    const name = key.startsWith(CLUSTER_TAG_PREFIX) ? key.slice(CLUSTER_TAG_PREFIX.length) : '';
    if (isClusterName(name)) {
      named.push(name);
      if (value === CLUSTER_TAG_OWNED) {
        owned.push(name);
      }
    }
  }
  const candidates = named.length > 1 ? owned : named;
  return candidates.length === 1 ? candidates[0] : undefined;
}
