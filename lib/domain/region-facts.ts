import type { Addon, Cluster, FargateProfile, Nodegroup } from './cluster/cluster.ts';
import type { Fact, Instant } from './fact.ts';
import type {
  AvailabilityZone,
  FlowLog,
  Instance,
  InstanceType,
  NetworkInterface,
  RouteTable,
  Subnet,
  SubnetCidrReservation,
  Vpc,
  VpcEndpoint,
} from './network/network.ts';

/** What can be observed of one account in one region, by the names that `--require` and the coverage ledger use. */
export const FACT_NAMES = [
  'availability-zones',
  'managed-resource-visibility',
  'vpcs',
  'subnets',
  'network-interfaces',
  'reservations',
  'instances',
  'instance-types',
  'route-tables',
  'vpc-endpoints',
  'flow-logs',
  'clusters',
  'nodegroups',
  'fargate-profiles',
  'addons',
] as const;

export type FactName = (typeof FACT_NAMES)[number];

/** One account in one region: the unit of a scan. */
export interface Target {
  readonly accountId: string;
  readonly region: string;
}

/** EC2's live counters of available addresses by subnet id, read a second time after the network interfaces were listed. */
export type SubnetCounters = ReadonlyMap<string, number>;

/** A listing whose items are described one by one: some can be seen while others cannot. */
export interface Described<T> {
  readonly names: Fact<readonly string[]>;
  readonly items: ReadonlyMap<string, Fact<T>>;
}

export interface ClusterFacts {
  readonly cluster: Fact<Cluster>;
  readonly nodegroups: Described<Nodegroup>;
  readonly fargateProfiles: Described<FargateProfile>;
  readonly addons: Described<Addon>;
}

/** Everything one scan observed of a target. Facts only: nothing in it is a judgement. */
export interface RegionFacts {
  readonly target: Target;
  readonly startedAt: Instant;
  readonly availabilityZones: Fact<readonly AvailabilityZone[]>;
  /** Whether EC2 hides resources that AWS services manage from this account's listings by default. */
  readonly managedResourceVisibility: Fact<string>;
  readonly vpcs: Fact<readonly Vpc[]>;
  readonly subnets: Fact<readonly Subnet[]>;
  /** `undefined` where the first reading agreed with the network interfaces and no second one was asked for. */
  readonly subnetCounters: Fact<SubnetCounters> | undefined;
  readonly networkInterfaces: Fact<readonly NetworkInterface[]>;
  /** By subnet id, for the subnets that were asked about: EC2 has no bulk form. */
  readonly reservations: ReadonlyMap<string, Fact<readonly SubnetCidrReservation[]>>;
  readonly instances: Fact<readonly Instance[]>;
  readonly instanceTypes: Fact<readonly InstanceType[]>;
  readonly routeTables: Fact<readonly RouteTable[]>;
  readonly vpcEndpoints: Fact<readonly VpcEndpoint[]>;
  readonly flowLogs: Fact<readonly FlowLog[]>;
  readonly clusterNames: Fact<readonly string[]>;
  readonly clusters: ReadonlyMap<string, ClusterFacts>;
}
