import type {
  FlowLog,
  NetworkInterface,
  RouteTable,
  SubnetCidrReservation,
  Vpc,
  VpcEndpoint,
} from '@aws-sdk/client-ec2';
import { reserve } from './address-pool.ts';
import { nextId } from './ids.ts';
import { addEndpointInterface } from './network-interface-kinds.ts';
import { arnOf, type BuiltSubnet, type RegionBuilder, type TagValues, tagList } from './region-builder.ts';

export type BuiltVpc = Vpc & { readonly VpcId: string };

// https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-default
const DEFAULT_LOG_FIELDS = [
  'version',
  'account-id',
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'log-status',
];
const AGGREGATION_INTERVAL_SECONDS = 600;

/** Adds a VPC with its main route table, which routes within the VPC only. */
export function addVpc(
  builder: RegionBuilder,
  {
    cidrBlock,
    secondaryCidrBlocks = [],
    tags = {},
  }: { readonly cidrBlock: string; readonly secondaryCidrBlocks?: readonly string[]; readonly tags?: TagValues },
): BuiltVpc {
  const vpc = {
    VpcId: nextId(builder.ids, 'vpc'),
    OwnerId: builder.account.id,
    CidrBlock: cidrBlock,
    CidrBlockAssociationSet: [cidrBlock, ...secondaryCidrBlocks].map((each) => ({
      AssociationId: nextId(builder.ids, 'vpc-cidr-assoc'),
      CidrBlock: each,
      CidrBlockState: { State: 'associated' as const },
    })),
    Ipv6CidrBlockAssociationSet: [],
    DhcpOptionsId: nextId(builder.ids, 'dopt'),
    InstanceTenancy: 'default' as const,
    IsDefault: false,
    State: 'available' as const,
    Tags: tagList(tags),
  };
  builder.region.vpcs.push(vpc);
  addRouteTable(builder, vpc, { main: true });
  return vpc;
}

/** Adds a subnet; without `cidrBlock` it is IPv6-only. Its count is 0 until `settleCounts`. */
export function addSubnet(
  builder: RegionBuilder,
  vpc: BuiltVpc,
  {
    cidrBlock,
    dualStack = false,
    zoneIndex = 0,
    tags = {},
    mapPublicIpOnLaunch = false,
  }: {
    readonly cidrBlock?: string;
    /** Whether it has an IPv6 CIDR beside its IPv4 one. */
    readonly dualStack?: boolean;
    /** Which of the account's zones, in the order of their names. */
    readonly zoneIndex?: number;
    readonly tags?: TagValues;
    readonly mapPublicIpOnLaunch?: boolean;
  },
): BuiltSubnet {
  const { ZoneName: zoneName, ZoneId: zoneId } = builder.region.availabilityZones[zoneIndex] ?? {};
  if (zoneName === undefined || zoneId === undefined) {
    throw new Error(`Cannot add a subnet in zone ${zoneIndex} of "${builder.regionName}": there is no such zone`);
  }
  const subnetId = nextId(builder.ids, 'subnet');
  const subnet: BuiltSubnet = {
    AvailabilityZone: zoneName,
    AvailabilityZoneId: zoneId,
    AvailableIpAddressCount: 0,
    ...(cidrBlock === undefined ? {} : { CidrBlock: cidrBlock }),
    Ipv6CidrBlockAssociationSet: cidrBlock === undefined || dualStack ? [ipv6Association(builder)] : [],
    AssignIpv6AddressOnCreation: cidrBlock === undefined,
    DefaultForAz: false,
    Ipv6Native: cidrBlock === undefined,
    MapPublicIpOnLaunch: mapPublicIpOnLaunch,
    OwnerId: builder.account.id,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: cidrBlock === undefined ? 'resource-name' : 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    State: 'available',
    SubnetArn: arnOf(builder, 'ec2', `subnet/${subnetId}`),
    SubnetId: subnetId,
    Tags: tagList(tags),
    VpcId: vpc.VpcId,
  };
  builder.region.subnets.push(subnet);
  return subnet;
}

/** Adds a route table, associated with subnets or as the VPC's main one, with an optional default route. */
export function addRouteTable(
  builder: RegionBuilder,
  vpc: BuiltVpc,
  {
    subnets = [],
    main = false,
    defaultRouteTo,
  }: {
    readonly subnets?: readonly BuiltSubnet[];
    readonly main?: boolean;
    /** The id of an internet gateway (`igw-`) or a NAT gateway (`nat-`). */
    readonly defaultRouteTo?: string;
  },
): RouteTable {
  const routeTableId = nextId(builder.ids, 'rtb');
  const association = (subnetId: string | undefined) => ({
    Main: subnetId === undefined,
    RouteTableAssociationId: nextId(builder.ids, 'rtbassoc'),
    RouteTableId: routeTableId,
    ...(subnetId === undefined ? {} : { SubnetId: subnetId }),
    AssociationState: { State: 'associated' as const },
  });
  const table: RouteTable = {
    Associations: [...(main ? [association(undefined)] : []), ...subnets.map((each) => association(each.SubnetId))],
    PropagatingVgws: [],
    RouteTableId: routeTableId,
    Routes: [
      {
        DestinationCidrBlock: vpc.CidrBlock,
        GatewayId: 'local',
        Origin: 'CreateRouteTable',
        State: 'active',
      },
      ...(defaultRouteTo === undefined ? [] : [defaultRoute(defaultRouteTo)]),
    ],
    Tags: [],
    VpcId: vpc.VpcId,
    OwnerId: builder.account.id,
  };
  builder.region.routeTables.push(table);
  return table;
}

/** Adds a subnet CIDR reservation. */
export function addReservation(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  {
    cidr,
    type,
    description = '',
  }: { readonly cidr: string; readonly type: 'prefix' | 'explicit'; readonly description?: string },
): SubnetCidrReservation {
  const reservation: SubnetCidrReservation = {
    SubnetCidrReservationId: nextId(builder.ids, 'scr'),
    SubnetId: subnet.SubnetId,
    Cidr: cidr,
    ReservationType: type,
    OwnerId: builder.account.id,
    Description: description,
    Tags: [],
  };
  const pool = builder.pools.get(subnet.SubnetId);
  if (pool !== undefined) {
    reserve(pool, cidr, type);
  }
  builder.region.subnetCidrReservations.push(reservation);
  return reservation;
}

/** Adds an interface endpoint with one network interface in each subnet. */
export function addInterfaceEndpoint(
  builder: RegionBuilder,
  subnets: readonly [BuiltSubnet, ...BuiltSubnet[]],
  { service }: { readonly service: string },
): VpcEndpoint {
  const vpcEndpointId = nextId(builder.ids, 'vpce');
  const interfaces: NetworkInterface[] = subnets.map((subnet) =>
    addEndpointInterface(builder, subnet, { vpcEndpointId }),
  );
  const endpoint: VpcEndpoint = {
    VpcEndpointId: vpcEndpointId,
    VpcEndpointType: 'Interface',
    VpcId: subnets[0].VpcId,
    ServiceName: endpointServiceName(builder, service),
    // EC2 answers in lower case what the SDK lists as `Available`.
    State: 'available' as NonNullable<VpcEndpoint['State']>,
    RouteTableIds: [],
    SubnetIds: subnets.map((subnet) => subnet.SubnetId),
    Groups: [],
    PrivateDnsEnabled: true,
    RequesterManaged: false,
    NetworkInterfaceIds: interfaces.flatMap(({ NetworkInterfaceId: id }) => (id === undefined ? [] : [id])),
    DnsEntries: [],
    CreationTimestamp: builder.now,
    Tags: [],
    OwnerId: builder.account.id,
  };
  builder.region.vpcEndpoints.push(endpoint);
  return endpoint;
}

/** Adds a flow log of a VPC, a subnet or a network interface that delivers to CloudWatch Logs. */
export function addFlowLog(
  builder: RegionBuilder,
  {
    resourceId,
    trafficType = 'ALL',
    deliverLogsStatus,
    deliverLogsErrorMessage,
  }: {
    readonly resourceId: string;
    readonly trafficType?: 'ACCEPT' | 'REJECT' | 'ALL';
    /** Left out until the first delivery. */
    readonly deliverLogsStatus?: 'SUCCESS' | 'FAILED';
    readonly deliverLogsErrorMessage?: string;
  },
): FlowLog {
  const flowLog: FlowLog = {
    CreationTime: builder.now,
    ...(deliverLogsErrorMessage === undefined ? {} : { DeliverLogsErrorMessage: deliverLogsErrorMessage }),
    DeliverLogsPermissionArn: `arn:${builder.aws.partition}:iam::${builder.account.id}:role/flow-logs`,
    ...(deliverLogsStatus === undefined ? {} : { DeliverLogsStatus: deliverLogsStatus }),
    FlowLogId: nextId(builder.ids, 'fl'),
    FlowLogStatus: 'ACTIVE',
    LogGroupName: `/vpc/${resourceId}`,
    ResourceId: resourceId,
    TrafficType: trafficType,
    LogDestinationType: 'cloud-watch-logs',
    LogFormat: DEFAULT_LOG_FIELDS.map((field) => `\${${field}}`).join(' '),
    Tags: [],
    MaxAggregationInterval: AGGREGATION_INTERVAL_SECONDS,
  };
  builder.region.flowLogs.push(flowLog);
  return flowLog;
}

/** Shares subnets of one account with another, as AWS RAM does. */
export function shareSubnets(owner: RegionBuilder, participant: RegionBuilder, subnets: readonly BuiltSubnet[]): void {
  participant.region.sharedSubnets.push(
    ...subnets.map((subnet) => ({ ownerId: owner.account.id, subnetId: subnet.SubnetId })),
  );
}

// https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
// In China most of these names begin with `cn.`.
function endpointServiceName(builder: RegionBuilder, service: string): string {
  const name = `com.amazonaws.${builder.regionName}.${service}`;
  return builder.aws.partition === 'aws-cn' ? `cn.${name}` : name;
}

function defaultRoute(targetId: string) {
  const target = targetId.startsWith('nat-') ? { NatGatewayId: targetId } : { GatewayId: targetId };
  return {
    DestinationCidrBlock: '0.0.0.0/0',
    ...target,
    Origin: 'CreateRoute' as const,
    State: 'active' as const,
  };
}

function ipv6Association(builder: RegionBuilder) {
  return {
    AssociationId: nextId(builder.ids, 'subnet-cidr-assoc'),
    Ipv6CidrBlock: `2600:1f18:${builder.ids.hex(4)}:${builder.ids.hex(4)}::/64`,
    Ipv6CidrBlockState: { State: 'associated' as const },
  };
}
