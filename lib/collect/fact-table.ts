import type { ActionCadence } from '../audit/ports.ts';

/**
 * The one place that decides what is asked of AWS: which actions, in which pages, how often, and how many requests a region
 * of a given shape costs. The collectors read their page sizes here, `docs/permissions.md` is printed from here, and a test
 * counts that a scan sends these requests and no others.
 *
 * Page sizes are the largest each action allows (the EC2 and EKS API references, `MaxResults` of each action).
 */

/** How many of everything a region holds, as far as the number of requests depends on it. */
export interface RegionShape {
  readonly vpcs: number;
  readonly subnets: number;
  readonly networkInterfaces: number;
  readonly instances: number;
  /** Distinct types of the region's instances. */
  readonly instanceTypes: number;
  readonly routeTables: number;
  readonly vpcEndpoints: number;
  readonly flowLogs: number;
  /** Whether the counters were read again because they and the network interfaces disagreed. */
  readonly areSubnetsReadAgain: boolean;
  /** For each subnet whose reservations are asked for: how many it has. */
  readonly reservations: readonly number[];
  readonly clusters: readonly ClusterShape[];
}

export interface ClusterShape {
  readonly nodegroups: number;
  readonly fargateProfiles: number;
  readonly addons: number;
}

export interface FactRow extends ActionCadence {
  /** `MaxResults` sent with each page; `undefined` where the action has no pages. */
  readonly pageSize: number | undefined;
  /** `core` answers how much room is left, and every role allows it; the others are for each account to allow. */
  readonly group: 'core' | OptionalGroup;
  /** What is not known without this permission, for `docs/permissions.md`. */
  readonly lostWithoutIt: string;
  readonly requests: (shape: RegionShape) => number;
}

export type OptionalGroup = keyof typeof OPTIONAL_GROUPS;

/**
 * What a role allows only where its account wants it, by a parameter of `infra/member-role.yaml`. A group is here as soon as something
 * of it is asked for, and what may show secrets is in a group of its own.
 */
export const OPTIONAL_GROUPS = {
  'network-posture': { parameter: 'NetworkPosture', purpose: 'read which way its subnets route' },
} as const;

/** A listing costs one request even when it is empty. */
function pages(items: number, pageSize: number): number {
  return Math.max(1, Math.ceil(items / pageSize));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const EC2_PAGE = 1000;
/** `DescribeRouteTables` and `DescribeInstanceTypes` stop at 100; the latter takes at most 100 types by name. */
const EC2_SHORT_PAGE = 100;
const EKS_PAGE = 100;

export const FACT_TABLE = {
  availabilityZones: {
    fact: 'availability-zones',
    action: 'ec2:DescribeAvailabilityZones',
    pageSize: undefined,
    cadence: 'daily',
    group: 'core',
    lostWithoutIt: 'Which zones are Local Zones; zone ids of subnets that do not carry one',
    requests: () => 1,
  },
  managedResourceVisibility: {
    fact: 'managed-resource-visibility',
    action: 'ec2:GetManagedResourceVisibility',
    pageSize: undefined,
    cadence: 'daily',
    group: 'core',
    lostWithoutIt: 'Whether other tools in the account see EKS Auto Mode nodes; Elbowroom sees them either way',
    requests: () => 1,
  },
  vpcs: {
    fact: 'vpcs',
    action: 'ec2:DescribeVpcs',
    pageSize: EC2_PAGE,
    cadence: 'daily',
    group: 'core',
    lostWithoutIt: 'Names and CIDR blocks of VPCs',
    requests: ({ vpcs }) => pages(vpcs, EC2_PAGE),
  },
  subnets: {
    fact: 'subnets',
    action: 'ec2:DescribeSubnets',
    pageSize: EC2_PAGE,
    cadence: 'each-scan',
    group: 'core',
    lostWithoutIt: 'Everything: there is nothing to audit',
    requests: ({ subnets, areSubnetsReadAgain }) => pages(subnets, EC2_PAGE) * (areSubnetsReadAgain ? 2 : 1),
  },
  networkInterfaces: {
    fact: 'network-interfaces',
    action: 'ec2:DescribeNetworkInterfaces',
    pageSize: EC2_PAGE,
    cadence: 'each-scan',
    group: 'core',
    lostWithoutIt:
      "Free /28 blocks, fragmentation and who holds the addresses; only EC2's own count of free addresses is left",
    requests: ({ networkInterfaces }) => pages(networkInterfaces, EC2_PAGE),
  },
  reservations: {
    fact: 'reservations',
    action: 'ec2:GetSubnetCidrReservations',
    pageSize: EC2_PAGE,
    cadence: 'daily',
    group: 'core',
    lostWithoutIt: 'Space kept by CIDR reservations: it reads as used by something unknown',
    requests: ({ reservations }) => sum(reservations.map((count) => pages(count, EC2_PAGE))),
  },
  instances: {
    fact: 'instances',
    action: 'ec2:DescribeInstances',
    pageSize: EC2_PAGE,
    cadence: 'six-hourly',
    group: 'core',
    lostWithoutIt: 'Which cluster a node belongs to, where its network interfaces carry no cluster tag',
    requests: ({ instances }) => pages(instances, EC2_PAGE),
  },
  instanceTypes: {
    fact: 'instance-types',
    action: 'ec2:DescribeInstanceTypes',
    pageSize: EC2_SHORT_PAGE,
    cadence: 'daily',
    group: 'core',
    lostWithoutIt: 'Limits of instance types newer than this release of Elbowroom',
    requests: ({ instanceTypes }) => (instanceTypes === 0 ? 0 : pages(instanceTypes, EC2_SHORT_PAGE)),
  },
  routeTables: {
    fact: 'route-tables',
    action: 'ec2:DescribeRouteTables',
    pageSize: EC2_SHORT_PAGE,
    cadence: 'six-hourly',
    group: 'network-posture',
    lostWithoutIt: 'Which subnets are public; it is kept, and nothing shows it yet',
    requests: ({ routeTables }) => pages(routeTables, EC2_SHORT_PAGE),
  },
  vpcEndpoints: {
    fact: 'vpc-endpoints',
    action: 'ec2:DescribeVpcEndpoints',
    pageSize: EC2_PAGE,
    cadence: 'daily',
    group: 'core',
    lostWithoutIt: 'The /28 blocks that service-network endpoints take',
    requests: ({ vpcEndpoints }) => pages(vpcEndpoints, EC2_PAGE),
  },
  flowLogs: {
    fact: 'flow-logs',
    action: 'ec2:DescribeFlowLogs',
    pageSize: EC2_PAGE,
    cadence: 'six-hourly',
    group: 'core',
    lostWithoutIt: 'Flow-log coverage of subnets',
    requests: ({ flowLogs }) => pages(flowLogs, EC2_PAGE),
  },
  clusterNames: {
    fact: 'clusters',
    action: 'eks:ListClusters',
    pageSize: EKS_PAGE,
    cadence: 'each-scan',
    group: 'core',
    lostWithoutIt: 'Which subnets serve a cluster',
    requests: ({ clusters }) => pages(clusters.length, EKS_PAGE),
  },
  clusters: {
    fact: 'clusters',
    action: 'eks:DescribeCluster',
    pageSize: undefined,
    cadence: 'six-hourly',
    group: 'core',
    lostWithoutIt: 'The subnets of a cluster, its version, address family and whether it runs Auto Mode',
    requests: ({ clusters }) => clusters.length,
  },
  nodegroupNames: {
    fact: 'nodegroups',
    action: 'eks:ListNodegroups',
    pageSize: EKS_PAGE,
    cadence: 'six-hourly',
    group: 'core',
    lostWithoutIt: 'Subnets in which managed node groups may start nodes',
    requests: ({ clusters }) => sum(clusters.map(({ nodegroups }) => pages(nodegroups, EKS_PAGE))),
  },
  nodegroups: {
    fact: 'nodegroups',
    action: 'eks:DescribeNodegroup',
    pageSize: undefined,
    cadence: 'daily',
    group: 'core',
    lostWithoutIt: 'Subnets and sizes of managed node groups',
    requests: ({ clusters }) => sum(clusters.map(({ nodegroups }) => nodegroups)),
  },
  fargateProfileNames: {
    fact: 'fargate-profiles',
    action: 'eks:ListFargateProfiles',
    pageSize: EKS_PAGE,
    cadence: 'daily',
    group: 'core',
    lostWithoutIt: 'Subnets in which Fargate starts pods',
    requests: ({ clusters }) => sum(clusters.map(({ fargateProfiles }) => pages(fargateProfiles, EKS_PAGE))),
  },
  fargateProfiles: {
    fact: 'fargate-profiles',
    action: 'eks:DescribeFargateProfile',
    pageSize: undefined,
    cadence: 'daily',
    group: 'core',
    lostWithoutIt: 'Subnets in which Fargate starts pods',
    requests: ({ clusters }) => sum(clusters.map(({ fargateProfiles }) => fargateProfiles)),
  },
  addonNames: {
    fact: 'addons',
    action: 'eks:ListAddons',
    pageSize: EKS_PAGE,
    cadence: 'daily',
    group: 'core',
    lostWithoutIt: 'Whether the VPC CNI is an EKS add-on',
    requests: ({ clusters }) => sum(clusters.map(({ addons }) => pages(addons, EKS_PAGE))),
  },
  addons: {
    fact: 'addons',
    action: 'eks:DescribeAddon',
    pageSize: undefined,
    cadence: 'daily',
    group: 'core',
    lostWithoutIt: 'Settings of the VPC CNI: prefix delegation, warm pools, custom networking',
    requests: ({ clusters }) => sum(clusters.map(({ addons }) => addons)),
  },
} as const satisfies Record<string, FactRow>;

/** What is asked once for a run or an account, before its regions are known. */
export const DISCOVERY_TABLE = {
  callerIdentity: {
    action: 'sts:GetCallerIdentity',
    why: 'The account and partition of the credentials; needs no permission',
    where: 'hub',
  },
  accounts: {
    action: 'organizations:ListAccounts',
    pageSize: 20,
    why: 'The accounts of the organisation, from its management account or a delegated administrator',
    where: 'hub',
  },
  assumeRole: { action: 'sts:AssumeRole', why: 'Enters each account by its read-only role', where: 'hub' },
  regions: { action: 'ec2:DescribeRegions', why: 'The regions an account has opted in to', where: 'member' },
} as const;
