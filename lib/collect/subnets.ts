import {
  DescribeSubnetsCommand,
  type EC2Client,
  type Filter,
  GetSubnetCidrReservationsCommand,
  type Subnet as SdkSubnet,
  type SubnetCidrReservation as SdkSubnetCidrReservation,
} from '@aws-sdk/client-ec2';
import { type Fact, observed } from '../domain/fact.ts';
import type { Subnet, SubnetCidrReservation } from '../domain/network/network.ts';
import type { SubnetCounters } from '../domain/region-facts.ts';
import { ok, type Result } from '../domain/result.ts';
import { type Collection, collectListing } from './collection.ts';
import { FACT_TABLE } from './fact-table.ts';
import { absentFields, parseTagList } from './parsing.ts';

/** Reads every subnet of the region, shared ones included. */
export function collectSubnets(ec2: EC2Client, collection: Collection): Promise<Fact<readonly Subnet[]>> {
  return collectListing(collection, { ...subnetPages(ec2, collection), parse: parseSubnet });
}

/** More VPCs are not asked for by name: then every subnet is read. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const FILTER_VALUES_MAX = 200;

/** Reads the subnets of some VPCs, and perhaps others. */
export function collectSubnetsOf(
  ec2: EC2Client,
  vpcIds: readonly string[],
  collection: Collection,
): Promise<Fact<readonly Subnet[]>> {
  const filters = vpcIds.length > FILTER_VALUES_MAX ? [] : [{ Name: 'vpc-id', Values: [...vpcIds] }];
  return collectListing(collection, { ...subnetPages(ec2, collection, filters), parse: parseSubnet });
}

/** Reads EC2's live counter of every subnet once more. */
export async function collectSubnetCounters(ec2: EC2Client, collection: Collection): Promise<Fact<SubnetCounters>> {
  const fact = await collectListing(collection, { ...subnetPages(ec2, collection), parse: parseSubnetCounter });
  return fact.state === 'observed' ? observed(new Map(fact.value), fact.observedAt) : fact;
}

function subnetPages(ec2: EC2Client, { signal }: Collection, filters: readonly Filter[] = []) {
  const { action, pageSize } = FACT_TABLE.subnets;
  return {
    action,
    fetch: (NextToken: string | undefined) =>
      ec2.send(
        new DescribeSubnetsCommand({
          MaxResults: pageSize,
          NextToken,
          ...(filters.length === 0 ? {} : { Filters: [...filters] }),
        }),
        { abortSignal: signal },
      ),
    nextToken: (page: { NextToken?: string | undefined }) => page.NextToken,
    // EC2 leaves an empty list out, so here absent does mean none.
    items: (page: { Subnets?: SdkSubnet[] | undefined }) => page.Subnets ?? [],
  };
}

export function parseSubnet(raw: SdkSubnet): Result<Subnet> {
  const { SubnetId, VpcId, OwnerId, AvailabilityZone, AvailableIpAddressCount } = raw;
  if (
    SubnetId === undefined ||
    VpcId === undefined ||
    OwnerId === undefined ||
    AvailabilityZone === undefined ||
    AvailableIpAddressCount === undefined
  ) {
    return absentFields('subnet', SubnetId, { SubnetId, VpcId, OwnerId, AvailabilityZone, AvailableIpAddressCount });
  }
  return ok({
    subnetId: SubnetId,
    subnetArn: raw.SubnetArn,
    vpcId: VpcId,
    ownerId: OwnerId,
    availabilityZone: AvailabilityZone,
    availabilityZoneId: raw.AvailabilityZoneId,
    cidrBlock: raw.CidrBlock === '' ? undefined : raw.CidrBlock,
    availableIpAddressCount: AvailableIpAddressCount,
    ipv6Native: raw.Ipv6Native,
    mapPublicIpOnLaunch: raw.MapPublicIpOnLaunch,
    state: raw.State,
    tags: parseTagList(raw.Tags),
  });
}

function parseSubnetCounter(raw: SdkSubnet): Result<readonly [subnetId: string, availableIpAddressCount: number]> {
  const { SubnetId, AvailableIpAddressCount } = raw;
  if (SubnetId === undefined || AvailableIpAddressCount === undefined) {
    return absentFields('subnet', SubnetId, { SubnetId, AvailableIpAddressCount });
  }
  return ok([SubnetId, AvailableIpAddressCount] as const);
}

/** Reads the CIDR reservations of one subnet. EC2 has no form for several, and the SDK no paginator. */
export function collectReservations(
  ec2: EC2Client,
  subnetId: string,
  collection: Collection,
): Promise<Fact<readonly SubnetCidrReservation[]>> {
  const { action, pageSize } = FACT_TABLE.reservations;
  return collectListing(collection, {
    action,
    fetch: (NextToken) =>
      ec2.send(new GetSubnetCidrReservationsCommand({ SubnetId: subnetId, MaxResults: pageSize, NextToken }), {
        abortSignal: collection.signal,
      }),
    nextToken: (page) => page.NextToken,
    // EC2 leaves an empty list out, so here absent does mean none.
    items: (page) => page.SubnetIpv4CidrReservations ?? [],
    parse: parseReservation,
  });
}

export function parseReservation(raw: SdkSubnetCidrReservation): Result<SubnetCidrReservation> {
  const { SubnetCidrReservationId, SubnetId, Cidr, ReservationType } = raw;
  if (
    SubnetCidrReservationId === undefined ||
    SubnetId === undefined ||
    Cidr === undefined ||
    ReservationType === undefined
  ) {
    const fields = { SubnetCidrReservationId, SubnetId, Cidr, ReservationType };
    return absentFields('subnet CIDR reservation', SubnetCidrReservationId, fields);
  }
  return ok({
    subnetCidrReservationId: SubnetCidrReservationId,
    subnetId: SubnetId,
    cidr: Cidr,
    reservationType: ReservationType,
    ownerId: raw.OwnerId,
    description: raw.Description,
    tags: parseTagList(raw.Tags),
  });
}
