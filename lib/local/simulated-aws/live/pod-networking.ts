import { PREFIX_ADDRESSES } from '../build/cidr-addresses.ts';
import type { InstanceLimits } from '../build/instance-types.ts';

/** How the pods of a node get addresses: the settings of the VPC CNI, or of EKS Auto Mode in its place. */
export interface PodNetworking {
  /** `ipv6` pods take no IPv4 address. */
  readonly mode: 'addresses' | 'prefixes' | 'ipv6';
  readonly warmEniTarget: number;
  readonly warmPrefixTarget: number;
  /** Either of these two takes the place of both targets above. */
  readonly warmIpTarget: number | undefined;
  readonly minimumIpTarget: number | undefined;
  /** Pods' addresses come from other subnets than the nodes'. */
  readonly customNetworking: boolean;
  /** Nodes have a trunk interface, so that pods can have security groups and interfaces of their own. */
  readonly podEni: boolean;
  /** Nodes are EKS Auto Mode's, which take single addresses where no prefix is free. */
  readonly autoMode: boolean;
}

/**
 * The VPC CNI's settings as it is shipped.
 * https://github.com/aws/amazon-vpc-cni-k8s#cni-configuration-variables
 */
export const SHIPPED_NETWORKING: PodNetworking = {
  mode: 'addresses',
  warmEniTarget: 1,
  warmPrefixTarget: 1,
  warmIpTarget: undefined,
  minimumIpTarget: undefined,
  customNetworking: false,
  podEni: false,
  autoMode: false,
};

/** Pods that use the node's own network (aws-node and kube-proxy) and so need no address. */
export const HOST_NETWORK_PODS = 2;
// https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html
const LARGE_NODE_VCPUS = 30;
const PODS_MAX = 110;
const PODS_MAX_LARGE = 250;

/** Interfaces of a node that can carry pods' addresses. */
export function podInterfacesMax(limits: InstanceLimits, { customNetworking, podEni }: PodNetworking): number {
  return limits.networkInterfacesMax - (podEni ? 1 : 0) - (customNetworking ? 1 : 0);
}

/**
 * The kubelet's limit on pods: what the interfaces carry, and at most what EKS recommends.
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses.html
 */
export function podsMax(limits: InstanceLimits, networking: PodNetworking): number {
  const recommended = limits.vcpuCount > LARGE_NODE_VCPUS ? PODS_MAX_LARGE : PODS_MAX;
  if (networking.mode === 'ipv6') {
    return recommended;
  }
  const interfaces = limits.networkInterfacesMax - (networking.customNetworking ? 1 : 0);
  const slots = interfaces * slotsPerInterface(limits);
  const addresses = networking.mode === 'prefixes' ? slots * PREFIX_ADDRESSES : slots;
  return Math.min(addresses + HOST_NETWORK_PODS, recommended);
}

/** What one interface holds beside its primary address: so many addresses, or so many prefixes. */
export function slotsPerInterface(limits: InstanceLimits): number {
  return limits.ipv4AddressesPerInterface - 1;
}

/** The add-on's `configurationValues` that ask for these settings; `undefined` where they are the shipped ones. */
export function configurationOf(networking: PodNetworking): string | undefined {
  const env = Object.fromEntries(
    [
      ['ENABLE_PREFIX_DELEGATION', networking.mode === 'prefixes' ? 'true' : undefined],
      ['WARM_ENI_TARGET', changed(networking.warmEniTarget, SHIPPED_NETWORKING.warmEniTarget)],
      ['WARM_PREFIX_TARGET', changed(networking.warmPrefixTarget, SHIPPED_NETWORKING.warmPrefixTarget)],
      ['WARM_IP_TARGET', changed(networking.warmIpTarget, undefined)],
      ['MINIMUM_IP_TARGET', changed(networking.minimumIpTarget, undefined)],
      ['AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG', networking.customNetworking ? 'true' : undefined],
      ['ENABLE_POD_ENI', networking.podEni ? 'true' : undefined],
    ].filter(([, value]) => value !== undefined),
  );
  return Object.keys(env).length === 0 ? undefined : JSON.stringify({ env });
}

function changed(value: number | undefined, shipped: number | undefined): string | undefined {
  return value === shipped ? undefined : String(value);
}
