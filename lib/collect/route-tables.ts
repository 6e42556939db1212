import {
  DescribeRouteTablesCommand,
  type EC2Client,
  type Route as SdkRoute,
  type RouteTable as SdkRouteTable,
} from '@aws-sdk/client-ec2';
import type { Fact } from '../domain/fact.ts';
import type { Route, RouteTable } from '../domain/network/network.ts';
import { ok, type Result } from '../domain/result.ts';
import { type Collection, collectListing } from './collection.ts';
import { FACT_TABLE } from './fact-table.ts';
import { absentFields, parseTagList } from './parsing.ts';

/** Reads every route table of the region. */
export function collectRouteTables(ec2: EC2Client, collection: Collection): Promise<Fact<readonly RouteTable[]>> {
  const { action, pageSize } = FACT_TABLE.routeTables;
  return collectListing(collection, {
    action,
    fetch: (NextToken) =>
      ec2.send(new DescribeRouteTablesCommand({ MaxResults: pageSize, NextToken }), { abortSignal: collection.signal }),
    nextToken: (page) => page.NextToken,
    // EC2 leaves an empty list out, so here absent does mean none.
    items: (page) => page.RouteTables ?? [],
    parse: parseRouteTable,
  });
}

export function parseRouteTable(raw: SdkRouteTable): Result<RouteTable> {
  const { RouteTableId, VpcId } = raw;
  if (RouteTableId === undefined || VpcId === undefined) {
    return absentFields('route table', RouteTableId, { RouteTableId, VpcId });
  }
  // EC2 leaves empty lists out: a table without associations or routes has none.
  const associations = raw.Associations ?? [];
  return ok({
    routeTableId: RouteTableId,
    vpcId: VpcId,
    ownerId: raw.OwnerId,
    subnetIds: associations.flatMap(({ SubnetId }) => (SubnetId === undefined ? [] : [SubnetId])),
    isMain: associations.some(({ Main }) => Main === true),
    routes: (raw.Routes ?? []).map(parseRoute),
    tags: parseTagList(raw.Tags),
  });
}

/** Where a route can point, by EC2's field. The order matters: EC2 fills `InstanceId` beside `NetworkInterfaceId`. */
const TARGET_FIELDS = [
  'NatGatewayId',
  'TransitGatewayId',
  'NetworkInterfaceId',
  'InstanceId',
  'GatewayId',
  'VpcPeeringConnectionId',
  'CoreNetworkArn',
  'EgressOnlyInternetGatewayId',
  'CarrierGatewayId',
  'LocalGatewayId',
] as const satisfies readonly (keyof SdkRoute)[];

function parseRoute(raw: SdkRoute): Route {
  const target = TARGET_FIELDS.find((field) => raw[field] !== undefined);
  return {
    destination: raw.DestinationCidrBlock ?? raw.DestinationIpv6CidrBlock ?? raw.DestinationPrefixListId ?? '',
    targetField: target,
    targetId: target === undefined ? undefined : raw[target],
    state: raw.State,
    origin: raw.Origin,
  };
}
