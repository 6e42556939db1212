import type { Cidr } from '../address/cidr.ts';
import type { Ipv4Address } from '../address/ipv4.ts';
import type { Instant } from '../fact.ts';
import type { Tags } from '../tags.ts';

/**
 * What EC2 says of a network, in EC2's words. A field that EC2 left out is `undefined`, never zero or false.
 * Enumerations stay open strings: answers carry values that the SDK does not list (`nat_gateway`, `efs`).
 */

export interface AvailabilityZone {
  readonly zoneName: string;
  readonly zoneId: string;
  /** `availability-zone`, `local-zone` or `wavelength-zone`. */
  readonly zoneType: string | undefined;
  readonly state: string | undefined;
  readonly optInStatus: string | undefined;
}

export interface Vpc {
  readonly vpcId: string;
  /** `undefined` in answers from before VPCs could be shared. */
  readonly ownerId: string | undefined;
  /** Associated IPv4 CIDR blocks, the primary one first. */
  readonly cidrBlocks: readonly string[];
  readonly isDefault: boolean | undefined;
  readonly tags: Tags;
}

export interface Subnet {
  readonly subnetId: string;
  readonly subnetArn: string | undefined;
  readonly vpcId: string;
  /** The account that owns the subnet; another account sees it when it is shared by AWS RAM. */
  readonly ownerId: string;
  readonly availabilityZone: string;
  /** The same zone has other names in other accounts: join on this. */
  readonly availabilityZoneId: string | undefined;
  /** `undefined` for an IPv6-only subnet. */
  readonly cidrBlock: string | undefined;
  /** Unused IPv4 addresses by EC2's own live counter, without those inside CIDR reservations. */
  readonly availableIpAddressCount: number;
  readonly ipv6Native: boolean | undefined;
  readonly mapPublicIpOnLaunch: boolean | undefined;
  readonly state: string | undefined;
  readonly tags: Tags;
}

export interface SubnetCidrReservation {
  readonly subnetCidrReservationId: string;
  readonly subnetId: string;
  readonly cidr: string;
  /** `prefix`: EC2 draws prefixes from it. `explicit`: only addresses named by the caller. */
  readonly reservationType: string;
  readonly ownerId: string | undefined;
  readonly description: string | undefined;
  readonly tags: Tags;
}

export interface NetworkInterfaceAttachment {
  readonly instanceId: string | undefined;
  readonly instanceOwnerId: string | undefined;
  readonly deviceIndex: number | undefined;
  readonly networkCardIndex: number | undefined;
  readonly status: string | undefined;
}

/** Who operates a resource on the account's behalf, for example EKS Auto Mode. */
export interface Operator {
  readonly managed: boolean | undefined;
  readonly principal: string | undefined;
  readonly hiddenByDefault: boolean | undefined;
}

export interface NetworkInterface {
  readonly networkInterfaceId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly ownerId: string;
  /** An open string: real answers carry values outside the SDK's enumeration. `undefined` in old recordings. */
  readonly interfaceType: string | undefined;
  readonly description: string;
  readonly requesterId: string | undefined;
  readonly requesterManaged: boolean | undefined;
  readonly status: string | undefined;
  readonly attachment: NetworkInterfaceAttachment | undefined;
  readonly operator: Operator | undefined;
  /** Every private IPv4 address, the primary one first. */
  readonly privateIpAddresses: readonly Ipv4Address[];
  readonly ipv4Prefixes: readonly Cidr[];
  /** Address and prefix texts that do not parse, kept to be reported. */
  readonly malformedAddresses: readonly string[];
  readonly tags: Tags;
}

export interface Instance {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly state: string | undefined;
  readonly subnetId: string | undefined;
  readonly vpcId: string | undefined;
  readonly operator: Operator | undefined;
  readonly tags: Tags;
}

/** The limits of an instance type that decide how many pods it can address. */
export interface InstanceType {
  readonly instanceType: string;
  /** `MaximumNetworkInterfaces` of the default network card: the one the VPC CNI uses. */
  readonly defaultCardNetworkInterfacesMax: number | undefined;
  readonly ipv4AddressesPerInterface: number | undefined;
  readonly hypervisor: string | undefined;
  readonly bareMetal: boolean | undefined;
  readonly vcpuCount: number | undefined;
}

export interface Route {
  readonly destination: string;
  /** The first target field EC2 filled, with its name: `natGatewayId`, `gatewayId`, … */
  readonly targetField: string | undefined;
  readonly targetId: string | undefined;
  readonly state: string | undefined;
  readonly origin: string | undefined;
}

export interface RouteTable {
  readonly routeTableId: string;
  readonly vpcId: string;
  readonly ownerId: string | undefined;
  /** Subnets that name this table. Others use the VPC's main table, and EC2 lists no association for them. */
  readonly subnetIds: readonly string[];
  readonly isMain: boolean;
  readonly routes: readonly Route[];
  readonly tags: Tags;
}

export interface VpcEndpoint {
  readonly vpcEndpointId: string;
  readonly vpcEndpointType: string | undefined;
  readonly vpcId: string;
  readonly serviceName: string | undefined;
  readonly state: string | undefined;
  readonly ownerId: string | undefined;
  readonly subnetIds: readonly string[];
  readonly networkInterfaceIds: readonly string[];
  /** The contiguous /28 that a service-network endpoint takes in each zone. */
  readonly ipv4Prefixes: readonly EndpointPrefix[];
  readonly tags: Tags;
}

export interface EndpointPrefix {
  readonly subnetId: string;
  readonly cidrs: readonly string[];
}

export interface FlowLog {
  readonly flowLogId: string;
  /** A VPC, a subnet, a network interface or a transit gateway. */
  readonly resourceId: string;
  /** `ACCEPT`, `REJECT` or `ALL`. */
  readonly trafficType: string | undefined;
  readonly flowLogStatus: string | undefined;
  /** `SUCCESS` or `FAILED`; left out until the first delivery. */
  readonly deliverLogsStatus: string | undefined;
  readonly deliverLogsErrorMessage: string | undefined;
  readonly logDestinationType: string | undefined;
  readonly logDestination: string | undefined;
  readonly logGroupName: string | undefined;
  readonly logFormat: string | undefined;
  /** Seconds. */
  readonly maxAggregationInterval: number | undefined;
  readonly createdAt: Instant | undefined;
  readonly tags: Tags;
}
