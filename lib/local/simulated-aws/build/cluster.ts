import type { Addon, AMITypes, Cluster, FargateProfile, Nodegroup } from '@aws-sdk/client-eks';
import { dnsSuffix } from '../dns-suffix.ts';
import type { SimulatedCluster } from '../state.ts';
import { nextId } from './ids.ts';
import { arnOf, type BuiltSubnet, type RegionBuilder, type TagValues } from './region-builder.ts';

const KUBERNETES_VERSION = '1.33';

// EKS takes it from the unique local addresses. https://docs.aws.amazon.com/eks/latest/userguide/cni-ipv6.html
const SERVICE_IPV6_CIDR = 'fd30:087e:77b4::/108';

type Subnets = readonly [BuiltSubnet, ...BuiltSubnet[]];

/** Adds a cluster whose control plane has interfaces in these subnets (added apart). */
export function addEksCluster(
  builder: RegionBuilder,
  subnets: Subnets,
  {
    name,
    autoMode = false,
    ipFamily = 'ipv4',
    tags = {},
  }: {
    readonly name: string;
    readonly autoMode?: boolean;
    readonly ipFamily?: 'ipv4' | 'ipv6';
    readonly tags?: TagValues;
  },
): SimulatedCluster {
  const cluster: Cluster = {
    name,
    arn: arnOf(builder, 'eks', `cluster/${name}`),
    createdAt: builder.now,
    version: KUBERNETES_VERSION,
    endpoint: `https://${builder.ids.hex(32).toUpperCase()}.gr7.${builder.regionName}.eks.${dnsSuffix(builder.aws.partition)}`,
    roleArn: roleArn(builder, 'eks-cluster'),
    resourcesVpcConfig: {
      subnetIds: subnets.map((subnet) => subnet.SubnetId),
      securityGroupIds: [],
      clusterSecurityGroupId: nextId(builder.ids, 'sg'),
      vpcId: subnets[0].VpcId,
      endpointPublicAccess: true,
      endpointPrivateAccess: true,
      publicAccessCidrs: ['0.0.0.0/0'],
    },
    kubernetesNetworkConfig: {
      ...(ipFamily === 'ipv4' ? { serviceIpv4Cidr: '172.20.0.0/16' } : { serviceIpv6Cidr: SERVICE_IPV6_CIDR }),
      ipFamily,
      elasticLoadBalancing: { enabled: autoMode },
    },
    status: 'ACTIVE',
    platformVersion: 'eks.8',
    tags,
    accessConfig: { authenticationMode: 'API' },
    upgradePolicy: { supportType: 'STANDARD' },
    computeConfig: autoMode
      ? { enabled: true, nodePools: ['general-purpose', 'system'], nodeRoleArn: roleArn(builder, 'eks-auto-node') }
      : { enabled: false },
  };
  const simulated = { cluster, nodegroups: new Map(), fargateProfiles: new Map(), addons: new Map() };
  builder.region.eks.set(name, simulated);
  return simulated;
}

/** Adds a managed node group. */
export function addNodegroup(
  builder: RegionBuilder,
  { cluster, nodegroups }: SimulatedCluster,
  subnets: Subnets,
  {
    name,
    instanceTypes,
    desiredSize,
    maxSize,
    minSize = 1,
    amiType = 'AL2023_x86_64_STANDARD',
    tags = {},
  }: {
    readonly name: string;
    readonly instanceTypes: readonly string[];
    readonly desiredSize: number;
    readonly maxSize: number;
    readonly minSize?: number;
    readonly amiType?: AMITypes;
    readonly tags?: TagValues;
  },
): Nodegroup {
  const nodegroup: Nodegroup = {
    nodegroupName: name,
    nodegroupArn: arnOf(builder, 'eks', `nodegroup/${cluster.name}/${name}/${builder.ids.hex(8)}`),
    clusterName: cluster.name,
    version: KUBERNETES_VERSION,
    releaseVersion: `${KUBERNETES_VERSION}.5-20261101`,
    createdAt: builder.now,
    modifiedAt: builder.now,
    status: 'ACTIVE',
    capacityType: 'ON_DEMAND',
    scalingConfig: { minSize, maxSize, desiredSize },
    instanceTypes: [...instanceTypes],
    subnets: subnets.map((subnet) => subnet.SubnetId),
    amiType,
    nodeRole: roleArn(builder, 'eks-node'),
    labels: {},
    resources: { autoScalingGroups: [{ name: `eks-${name}-${builder.ids.hex(8)}` }] },
    health: { issues: [] },
    updateConfig: { maxUnavailable: 1 },
    tags,
  };
  nodegroups.set(name, nodegroup);
  return nodegroup;
}

/** Adds a Fargate profile for one namespace. */
export function addFargateProfile(
  builder: RegionBuilder,
  { cluster, fargateProfiles }: SimulatedCluster,
  subnets: Subnets,
  { name, namespace }: { readonly name: string; readonly namespace: string },
): FargateProfile {
  const profile: FargateProfile = {
    fargateProfileName: name,
    fargateProfileArn: arnOf(builder, 'eks', `fargateprofile/${cluster.name}/${name}/${builder.ids.hex(8)}`),
    clusterName: cluster.name,
    createdAt: builder.now,
    podExecutionRoleArn: roleArn(builder, 'eks-fargate'),
    subnets: subnets.map((subnet) => subnet.SubnetId),
    selectors: [{ namespace, labels: {} }],
    status: 'ACTIVE',
    tags: {},
  };
  fargateProfiles.set(name, profile);
  return profile;
}

/** Adds an add-on; `configurationValues` is the user's own JSON or YAML, left out for the defaults. */
export function addAddon(
  builder: RegionBuilder,
  { cluster, addons }: SimulatedCluster,
  {
    name,
    version,
    configurationValues,
  }: { readonly name: string; readonly version: string; readonly configurationValues?: string },
): Addon {
  const addon: Addon = {
    addonName: name,
    clusterName: cluster.name,
    status: 'ACTIVE',
    addonVersion: version,
    health: { issues: [] },
    addonArn: arnOf(builder, 'eks', `addon/${cluster.name}/${name}/${builder.ids.hex(8)}`),
    createdAt: builder.now,
    modifiedAt: builder.now,
    tags: {},
    ...(configurationValues === undefined ? {} : { configurationValues }),
  };
  addons.set(name, addon);
  return addon;
}

function roleArn(builder: RegionBuilder, name: string): string {
  return `arn:${builder.aws.partition}:iam::${builder.account.id}:role/${name}`;
}
