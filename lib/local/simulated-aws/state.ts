import type {
  AvailabilityZone,
  FlowLog,
  Instance,
  InstanceTypeInfo,
  NetworkInterface,
  RouteTable,
  Subnet,
  SubnetCidrReservation,
  Vpc,
  VpcEndpoint,
} from '@aws-sdk/client-ec2';
import type { Addon, Cluster, FargateProfile, Nodegroup } from '@aws-sdk/client-eks';
import type { AccountState, AccountStatus } from '@aws-sdk/client-organizations';
import type { Fault } from './fault.ts';

/**
 * The state of a simulated AWS: plain data in the SDK's own output types, so that a recorded answer can be put in as it is.
 * Nothing here is computed when it is read: `AvailableIpAddressCount` is what the stored subnet says.
 */
export interface SimulatedAws {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly organizationId: string;
  readonly managementAccountId: string;
  /** Member accounts that may read the organisation as the management account does. */
  readonly delegatedAdministratorIds: Set<string>;
  readonly accounts: Map<string, SimulatedAccount>;
  /** The clock that sessions expire by. */
  now: () => Date;
  /** Requests answered so far; request ids are made from it. */
  requestCount: number;
  /** Decides, before the request is answered, whether it goes wrong and how. */
  faults: ((request: SimulatedRequest) => Fault | undefined) | undefined;
  /** Refuses requests beyond AWS's rates; nothing is refused where it is `undefined`. */
  limits: ((request: SimulatedRequest) => boolean) | undefined;
  /** Told of each request once its answer is known. */
  onRequest: ((request: AnsweredRequest) => void) | undefined;
  /** Puts an empty page with a token before each page of a paged listing, as EC2 and Organizations sometimes do. */
  emptyPages: boolean;
}

export interface SimulatedRequest {
  readonly accountId: string;
  readonly region: string;
  /** The name in the credential scope: `ec2`, `eks`, `sts` or `organizations`. */
  readonly service: string;
  readonly action: string;
  /** The action's input in the SDK's names. */
  readonly params: object;
}

export interface AnsweredRequest extends SimulatedRequest {
  /** 0 where the connection was dropped. */
  readonly status: number;
  /** Size of the answer's body in UTF-8. */
  readonly bytes: number;
}

export interface SimulatedAccount {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly arn: string;
  /** Left out of ListAccounts where `undefined`. */
  state: AccountState | undefined;
  /** The older field that `state` replaces; left out where `undefined`. */
  status: AccountStatus | undefined;
  /** Roles that may be assumed, by name (with path, without the leading slash). */
  readonly roles: Map<string, SimulatedRole>;
  /** IAM actions such as `eks:ListAddons` that every principal of this account is denied. */
  readonly deniedActions: Set<string>;
  /** The account's setting for resources that an AWS service manages. */
  managedResourceVisibility: 'hidden' | 'visible';
  readonly regions: Map<string, SimulatedRegion>;
}

export interface SimulatedRole {
  /** The external id its trust policy asks for; `undefined` where it asks for none. */
  readonly externalId: string | undefined;
}

/**
 * What one account has in one region. In a shared VPC the subnets and every network interface are kept with the VPC's
 * owner, with the `OwnerId` of whoever made them; instances, endpoints, flow logs and clusters with whoever made them.
 */
export interface SimulatedRegion {
  readonly optInStatus: 'opt-in-not-required' | 'opted-in' | 'not-opted-in';
  readonly availabilityZones: AvailabilityZone[];
  readonly vpcs: Vpc[];
  readonly vpcAttributes: Map<string, VpcAttributes>;
  readonly subnets: Subnet[];
  /** Subnets of other accounts that AWS RAM shares with this one. */
  readonly sharedSubnets: SharedSubnet[];
  readonly subnetCidrReservations: SubnetCidrReservation[];
  readonly networkInterfaces: NetworkInterface[];
  readonly instances: Instance[];
  readonly instanceTypes: InstanceTypeInfo[];
  readonly routeTables: RouteTable[];
  readonly vpcEndpoints: VpcEndpoint[];
  readonly flowLogs: FlowLog[];
  readonly eks: Map<string, SimulatedCluster>;
}

export interface SharedSubnet {
  readonly ownerId: string;
  readonly subnetId: string;
}

export interface VpcAttributes {
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
  readonly enableNetworkAddressUsageMetrics: boolean;
}

export interface SimulatedCluster {
  readonly cluster: Cluster;
  readonly nodegroups: Map<string, Nodegroup>;
  readonly fargateProfiles: Map<string, FargateProfile>;
  readonly addons: Map<string, Addon>;
}
