import type {
  AvailabilityZone,
  FlowLog,
  Instance,
  InstanceTypeInfo,
  NetworkInterface,
  Region,
  RouteTable,
  Subnet,
  SubnetCidrReservation,
  Vpc,
  VpcEndpoint,
} from '@aws-sdk/client-ec2';
import type { Listing } from './listing.ts';

/** Page sizes and filters of EC2's listings, by the API reference of each action. Filters nobody needs yet are left out. */
const PAGE_SIZE_MAX = 1000;
const SMALL_PAGE_SIZE_MAX = 100;

export const subnetListing: Listing<Subnet> = {
  filters: {
    values: new Map([
      ['subnet-id', (subnet) => [subnet.SubnetId]],
      ['vpc-id', (subnet) => [subnet.VpcId]],
      ['availability-zone', (subnet) => [subnet.AvailabilityZone]],
      ['availability-zone-id', (subnet) => [subnet.AvailabilityZoneId]],
      ['owner-id', (subnet) => [subnet.OwnerId]],
      ['state', (subnet) => [subnet.State]],
    ]),
    tags: (subnet) => subnet.Tags,
  },
  idOf: (subnet) => subnet.SubnetId,
  notFoundCode: 'InvalidSubnetID.NotFound',
  idNoun: 'subnet ID',
  pageSizeMax: PAGE_SIZE_MAX,
};

export const vpcListing: Listing<Vpc> = {
  filters: {
    values: new Map([
      ['vpc-id', (vpc) => [vpc.VpcId]],
      ['owner-id', (vpc) => [vpc.OwnerId]],
      ['state', (vpc) => [vpc.State]],
    ]),
    tags: (vpc) => vpc.Tags,
  },
  idOf: (vpc) => vpc.VpcId,
  notFoundCode: 'InvalidVpcID.NotFound',
  idNoun: 'vpc ID',
  pageSizeMax: PAGE_SIZE_MAX,
};

export const networkInterfaceListing: Listing<NetworkInterface> = {
  filters: {
    values: new Map([
      ['network-interface-id', (eni) => [eni.NetworkInterfaceId]],
      ['subnet-id', (eni) => [eni.SubnetId]],
      ['vpc-id', (eni) => [eni.VpcId]],
      ['availability-zone', (eni) => [eni.AvailabilityZone]],
      ['owner-id', (eni) => [eni.OwnerId]],
      ['status', (eni) => [eni.Status]],
      ['interface-type', (eni) => [eni.InterfaceType]],
      ['description', (eni) => [eni.Description]],
      ['attachment.instance-id', (eni) => [eni.Attachment?.InstanceId]],
    ]),
    tags: (eni) => eni.TagSet,
  },
  idOf: (eni) => eni.NetworkInterfaceId,
  notFoundCode: 'InvalidNetworkInterfaceID.NotFound',
  idNoun: 'networkInterface ID',
  pageSizeMax: PAGE_SIZE_MAX,
};

export const instanceListing: Listing<Instance> = {
  filters: {
    values: new Map([
      ['instance-id', (instance) => [instance.InstanceId]],
      ['subnet-id', (instance) => [instance.SubnetId]],
      ['vpc-id', (instance) => [instance.VpcId]],
      ['availability-zone', (instance) => [instance.Placement?.AvailabilityZone]],
      ['instance-state-name', (instance) => [instance.State?.Name]],
      ['instance-type', (instance) => [instance.InstanceType]],
    ]),
    tags: (instance) => instance.Tags,
  },
  idOf: (instance) => instance.InstanceId,
  notFoundCode: 'InvalidInstanceID.NotFound',
  idNoun: 'instance ID',
  pageSizeMax: PAGE_SIZE_MAX,
};

export const instanceTypeListing: Listing<InstanceTypeInfo> = {
  filters: { values: new Map([['instance-type', (type) => [type.InstanceType]]]), tags: undefined },
  idOf: (type) => type.InstanceType,
  notFoundCode: 'InvalidInstanceType',
  idNoun: 'instance type',
  pageSizeMax: SMALL_PAGE_SIZE_MAX,
};

export const routeTableListing: Listing<RouteTable> = {
  filters: {
    values: new Map([
      ['route-table-id', (table) => [table.RouteTableId]],
      ['vpc-id', (table) => [table.VpcId]],
      ['owner-id', (table) => [table.OwnerId]],
      // A table without associations has none that could match.
      ['association.subnet-id', (table) => (table.Associations ?? []).map((each) => each.SubnetId)],
    ]),
    tags: (table) => table.Tags,
  },
  idOf: (table) => table.RouteTableId,
  notFoundCode: 'InvalidRouteTableID.NotFound',
  idNoun: 'routeTable ID',
  pageSizeMax: SMALL_PAGE_SIZE_MAX,
};

export const vpcEndpointListing: Listing<VpcEndpoint> = {
  filters: {
    values: new Map([
      ['vpc-endpoint-id', (endpoint) => [endpoint.VpcEndpointId]],
      ['vpc-id', (endpoint) => [endpoint.VpcId]],
      ['service-name', (endpoint) => [endpoint.ServiceName]],
      ['vpc-endpoint-type', (endpoint) => [endpoint.VpcEndpointType]],
    ]),
    tags: (endpoint) => endpoint.Tags,
  },
  idOf: (endpoint) => endpoint.VpcEndpointId,
  notFoundCode: 'InvalidVpcEndpointId.NotFound',
  idNoun: 'Vpc Endpoint Id',
  pageSizeMax: PAGE_SIZE_MAX,
};

export const flowLogListing: Listing<FlowLog> = {
  filters: {
    values: new Map([
      ['flow-log-id', (flowLog) => [flowLog.FlowLogId]],
      ['resource-id', (flowLog) => [flowLog.ResourceId]],
      ['traffic-type', (flowLog) => [flowLog.TrafficType]],
      ['deliver-log-status', (flowLog) => [flowLog.DeliverLogsStatus]],
    ]),
    tags: (flowLog) => flowLog.Tags,
  },
  idOf: (flowLog) => flowLog.FlowLogId,
  notFoundCode: 'InvalidFlowLogId.NotFound',
  idNoun: 'flow log ID',
  pageSizeMax: PAGE_SIZE_MAX,
};

export const subnetCidrReservationListing: Listing<SubnetCidrReservation> = {
  filters: {
    values: new Map([
      ['subnet-id', (reservation) => [reservation.SubnetId]],
      ['reservationType', (reservation) => [reservation.ReservationType]],
    ]),
    tags: (reservation) => reservation.Tags,
  },
  idOf: (reservation) => reservation.SubnetCidrReservationId,
  notFoundCode: 'InvalidSubnetCidrReservationID.NotFound',
  idNoun: 'subnet CIDR reservation ID',
  pageSizeMax: PAGE_SIZE_MAX,
};

/** Not paged, so without a page size. */
export const regionListing: Omit<Listing<Region>, 'pageSizeMax'> = {
  filters: {
    values: new Map([
      ['region-name', (region) => [region.RegionName]],
      ['opt-in-status', (region) => [region.OptInStatus]],
    ]),
    tags: undefined,
  },
  idOf: (region) => region.RegionName,
  notFoundCode: 'InvalidParameterValue',
  idNoun: 'region',
};

/** Not paged, so without a page size. */
export const availabilityZoneListing: Omit<Listing<AvailabilityZone>, 'pageSizeMax'> = {
  filters: {
    values: new Map([
      ['zone-name', (zone) => [zone.ZoneName]],
      ['zone-id', (zone) => [zone.ZoneId]],
      ['zone-type', (zone) => [zone.ZoneType]],
      ['state', (zone) => [zone.State]],
      ['opt-in-status', (zone) => [zone.OptInStatus]],
    ]),
    tags: undefined,
  },
  idOf: (zone) => zone.ZoneName,
  notFoundCode: 'InvalidParameterValue',
  idNoun: 'availability zone',
};
