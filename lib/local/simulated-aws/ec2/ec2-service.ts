import {
  type DescribeAvailabilityZonesRequest,
  type DescribeAvailabilityZonesResult,
  type DescribeFlowLogsRequest,
  type DescribeFlowLogsResult,
  type DescribeInstancesRequest,
  type DescribeInstancesResult,
  type DescribeInstanceTypesRequest,
  type DescribeInstanceTypesResult,
  type DescribeNetworkInterfacesRequest,
  type DescribeNetworkInterfacesResult,
  type DescribeRegionsRequest,
  type DescribeRegionsResult,
  type DescribeRouteTablesRequest,
  type DescribeRouteTablesResult,
  type DescribeSubnetsRequest,
  type DescribeSubnetsResult,
  type DescribeVpcAttributeRequest,
  type DescribeVpcAttributeResult,
  type DescribeVpcEndpointsRequest,
  type DescribeVpcEndpointsResult,
  type DescribeVpcsRequest,
  type DescribeVpcsResult,
  DescribeAvailabilityZones$ as describeAvailabilityZonesSchema,
  DescribeFlowLogs$ as describeFlowLogsSchema,
  DescribeInstances$ as describeInstancesSchema,
  DescribeInstanceTypes$ as describeInstanceTypesSchema,
  DescribeNetworkInterfaces$ as describeNetworkInterfacesSchema,
  DescribeRegions$ as describeRegionsSchema,
  DescribeRouteTables$ as describeRouteTablesSchema,
  DescribeSubnets$ as describeSubnetsSchema,
  DescribeVpcAttribute$ as describeVpcAttributeSchema,
  DescribeVpcEndpoints$ as describeVpcEndpointsSchema,
  DescribeVpcs$ as describeVpcsSchema,
  type Filter,
  type GetManagedResourceVisibilityRequest,
  type GetManagedResourceVisibilityResult,
  type GetSubnetCidrReservationsRequest,
  type GetSubnetCidrReservationsResult,
  GetManagedResourceVisibility$ as getManagedResourceVisibilitySchema,
  GetSubnetCidrReservations$ as getSubnetCidrReservationsSchema,
  type Instance,
  type Reservation,
} from '@aws-sdk/client-ec2';
import { type Call, deniedMessage, type RegionalCall } from '../call.ts';
import { dnsSuffix } from '../dns-suffix.ts';
import { type Failure, failure, isFailure } from '../failure.ts';
import type { Page } from '../page.ts';
import { queryProtocol } from '../protocol/query-protocol.ts';
import type { OperationSchema } from '../protocol/schema.ts';
import { type Operation, operationsOf, regionalOperation, type Service } from '../service.ts';
import type { VpcAttributes } from '../state.ts';
import { type ListingInput, listPage, selectItems } from './listing.ts';
import {
  availabilityZoneListing,
  flowLogListing,
  instanceListing,
  instanceTypeListing,
  networkInterfaceListing,
  regionListing,
  routeTableListing,
  subnetCidrReservationListing,
  subnetListing,
  vpcEndpointListing,
  vpcListing,
} from './listings.ts';
import {
  visibleInstances,
  visibleNetworkInterfaces,
  visibleRouteTables,
  visibleSubnets,
  visibleVpcs,
} from './visible.ts';

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
const invalidCredentials = failure(401, 'AuthFailure', 'AWS was not able to validate the provided access credentials');

// What a VPC has until someone changes it.
// https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html#vpc-dns-support
const DEFAULT_VPC_ATTRIBUTES: VpcAttributes = {
  enableDnsSupport: true,
  enableDnsHostnames: false,
  enableNetworkAddressUsageMetrics: false,
};

const describeRegions = regional<DescribeRegionsRequest, DescribeRegionsResult>(
  describeRegionsSchema,
  (call, input) => {
    const regions = [...call.account.regions].map(([name, { optInStatus }]) => ({
      OptInStatus: optInStatus,
      RegionName: name,
      Endpoint: `ec2.${name}.${dnsSuffix(call.aws.partition)}`,
    }));
    const listed = regions.filter((region) => input.AllRegions === true || region.OptInStatus !== 'not-opted-in');
    const selected = selectItems(regionListing, listed, { ids: input.RegionNames, filters: input.Filters });
    return isFailure(selected) ? selected : { Regions: [...selected] };
  },
);

const describeAvailabilityZones = regional<DescribeAvailabilityZonesRequest, DescribeAvailabilityZonesResult>(
  describeAvailabilityZonesSchema,
  ({ region }, input) => {
    const listed = region.availabilityZones.filter(
      (zone) => input.AllAvailabilityZones === true || zone.OptInStatus !== 'not-opted-in',
    );
    const byId = input.ZoneIds === undefined ? [] : [{ Name: 'zone-id', Values: input.ZoneIds }];
    const selected = selectItems(availabilityZoneListing, listed, {
      ids: input.ZoneNames,
      filters: [...(input.Filters ?? []), ...byId],
    });
    return isFailure(selected) ? selected : { AvailabilityZones: [...selected] };
  },
);

const describeVpcs = regional<DescribeVpcsRequest, DescribeVpcsResult>(describeVpcsSchema, (call, input) =>
  toOutput(listPage(call, vpcListing, visibleVpcs(call), listingInput(input, input.VpcIds)), 'Vpcs'),
);

const describeVpcAttribute = regional<DescribeVpcAttributeRequest, DescribeVpcAttributeResult>(
  describeVpcAttributeSchema,
  (call, { VpcId, Attribute }) => {
    if (VpcId === undefined || Attribute === undefined) {
      return failure(400, 'MissingParameter', 'The request must contain the parameters vpcId and attribute');
    }
    const found = selectItems(vpcListing, visibleVpcs(call), { ids: [VpcId], filters: undefined });
    if (isFailure(found)) {
      return found;
    }
    const attributes = call.region.vpcAttributes.get(VpcId) ?? DEFAULT_VPC_ATTRIBUTES;
    switch (Attribute) {
      case 'enableDnsSupport':
        return { VpcId, EnableDnsSupport: { Value: attributes.enableDnsSupport } };
      case 'enableDnsHostnames':
        return { VpcId, EnableDnsHostnames: { Value: attributes.enableDnsHostnames } };
      case 'enableNetworkAddressUsageMetrics':
        return { VpcId, EnableNetworkAddressUsageMetrics: { Value: attributes.enableNetworkAddressUsageMetrics } };
      default:
        return failure(
          400,
          'InvalidParameterValue',
          `Value (${String(Attribute)}) for parameter attribute is invalid.`,
        );
    }
  },
);

const describeSubnets = regional<DescribeSubnetsRequest, DescribeSubnetsResult>(describeSubnetsSchema, (call, input) =>
  toOutput(listPage(call, subnetListing, visibleSubnets(call), listingInput(input, input.SubnetIds)), 'Subnets'),
);

const getSubnetCidrReservations = regional<GetSubnetCidrReservationsRequest, GetSubnetCidrReservationsResult>(
  getSubnetCidrReservationsSchema,
  (call, input) => {
    if (input.SubnetId === undefined) {
      return failure(400, 'MissingParameter', 'The request must contain the parameter SubnetId');
    }
    const found = selectItems(subnetListing, visibleSubnets(call), { ids: [input.SubnetId], filters: undefined });
    if (isFailure(found)) {
      return found;
    }
    // What a participant of a shared subnet is answered is not documented; a refusal is the answer that hides nothing.
    if (!call.region.subnets.some((subnet) => subnet.SubnetId === input.SubnetId)) {
      return accessDenied(call, 'ec2:GetSubnetCidrReservations');
    }
    const inSubnet = call.region.subnetCidrReservations.filter((each) => each.SubnetId === input.SubnetId);
    const page = listPage(call, subnetCidrReservationListing, inSubnet, listingInput(input, undefined));
    if (isFailure(page)) {
      return page;
    }
    return {
      SubnetIpv4CidrReservations: page.items.filter((each) => !isIpv6(each.Cidr)),
      SubnetIpv6CidrReservations: page.items.filter((each) => isIpv6(each.Cidr)),
      NextToken: page.nextToken,
    };
  },
);

const describeNetworkInterfaces = regional<DescribeNetworkInterfacesRequest, DescribeNetworkInterfacesResult>(
  describeNetworkInterfacesSchema,
  (call, input) => {
    const visible = visibleNetworkInterfaces(call, input.IncludeManagedResources === true);
    const page = listPage(call, networkInterfaceListing, visible, listingInput(input, input.NetworkInterfaceIds));
    return toOutput(page, 'NetworkInterfaces');
  },
);

const describeInstances = regional<DescribeInstancesRequest, DescribeInstancesResult>(
  describeInstancesSchema,
  (call, input) => {
    const visible = visibleInstances(call, input.IncludeManagedResources === true);
    const page = listPage(call, instanceListing, visible, listingInput(input, input.InstanceIds));
    return isFailure(page)
      ? page
      : { Reservations: page.items.map((each) => reservationOf(call, each)), NextToken: page.nextToken };
  },
);

const describeInstanceTypes = regional<DescribeInstanceTypesRequest, DescribeInstanceTypesResult>(
  describeInstanceTypesSchema,
  (call, input) =>
    toOutput(
      listPage(call, instanceTypeListing, call.region.instanceTypes, listingInput(input, input.InstanceTypes)),
      'InstanceTypes',
    ),
);

const describeRouteTables = regional<DescribeRouteTablesRequest, DescribeRouteTablesResult>(
  describeRouteTablesSchema,
  (call, input) =>
    toOutput(
      listPage(call, routeTableListing, visibleRouteTables(call), listingInput(input, input.RouteTableIds)),
      'RouteTables',
    ),
);

const describeVpcEndpoints = regional<DescribeVpcEndpointsRequest, DescribeVpcEndpointsResult>(
  describeVpcEndpointsSchema,
  (call, input) =>
    toOutput(
      listPage(call, vpcEndpointListing, call.region.vpcEndpoints, listingInput(input, input.VpcEndpointIds)),
      'VpcEndpoints',
    ),
);

const describeFlowLogs = regional<DescribeFlowLogsRequest, DescribeFlowLogsResult>(
  describeFlowLogsSchema,
  (call, input) =>
    toOutput(
      listPage(call, flowLogListing, call.region.flowLogs, {
        ...listingInput(input, input.FlowLogIds),
        filters: input.Filter,
      }),
      'FlowLogs',
    ),
);

const getManagedResourceVisibility = regional<GetManagedResourceVisibilityRequest, GetManagedResourceVisibilityResult>(
  getManagedResourceVisibilitySchema,
  (call) => ({ Visibility: { DefaultVisibility: call.account.managedResourceVisibility } }),
);

/** The part of EC2 that a scan reads. */
export const ec2Service: Service = {
  name: 'ec2',
  protocol: queryProtocol('ec2', 'http://ec2.amazonaws.com/doc/2016-11-15/'),
  operations: operationsOf(
    describeAvailabilityZones,
    describeFlowLogs,
    describeInstances,
    describeInstanceTypes,
    describeNetworkInterfaces,
    describeRegions,
    describeRouteTables,
    describeSubnets,
    describeVpcAttribute,
    describeVpcEndpoints,
    describeVpcs,
    getManagedResourceVisibility,
    getSubnetCidrReservations,
  ),
  invalidCredentials,
  expiredCredentials: failure(400, 'RequestExpired', 'Request has expired.'),
  accessDenied,
  throttled: failure(503, 'RequestLimitExceeded', 'Request limit exceeded.'),
};

/** An action answered only where the account has opted in to the region; elsewhere EC2 knows no credentials. */
function regional<Input extends object, Output extends object>(
  schema: OperationSchema,
  run: (call: RegionalCall, input: Input) => Output | Failure,
): Operation {
  return regionalOperation<Input, Output>(schema, invalidCredentials, run);
}

function accessDenied(call: Call, iamAction: string): Failure {
  return failure(
    403,
    'UnauthorizedOperation',
    `You are not authorized to perform this operation. ${deniedMessage(call, iamAction)}`,
  );
}

function listingInput(
  input: {
    readonly Filters?: Filter[] | undefined;
    readonly MaxResults?: number | undefined;
    readonly NextToken?: string | undefined;
  },
  ids: readonly string[] | undefined,
): ListingInput {
  return { ids, filters: input.Filters, maxResults: input.MaxResults, nextToken: input.NextToken };
}

function toOutput<Item, Name extends string>(
  page: Page<Item> | Failure,
  name: Name,
): ({ readonly [key in Name]: Item[] } & { NextToken: string | undefined }) | Failure {
  if (isFailure(page)) {
    return page;
  }
  // A computed key widens to `string`; the object has exactly this one key.
  const items = { [name]: [...page.items] } as { readonly [key in Name]: Item[] };
  return { ...items, NextToken: page.nextToken };
}

/** Each instance in a reservation of its own, whose id is the instance's. */
function reservationOf(call: Call, instance: Instance): Reservation {
  return {
    ReservationId: instance.InstanceId?.replace(/^i-/, 'r-'),
    OwnerId: call.account.id,
    Instances: [instance],
  };
}

function isIpv6(cidr: string | undefined): boolean {
  return cidr?.includes(':') === true;
}
