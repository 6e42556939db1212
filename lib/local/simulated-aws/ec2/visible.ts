import type { Instance, NetworkInterface, OperatorResponse, RouteTable, Subnet, Vpc } from '@aws-sdk/client-ec2';
import type { RegionalCall } from '../call.ts';
import type { SimulatedRegion } from '../state.ts';

/**
 * What a caller sees of a region: its own resources, and of a VPC shared with it what AWS RAM lets a participant see.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html
 */

interface Shared {
  readonly owner: SimulatedRegion;
  readonly subnet: Subnet;
}

/** Own subnets, then shared ones without tags and with the caller's own names for their zones. */
export function visibleSubnets(call: RegionalCall): readonly Subnet[] {
  return [
    ...call.region.subnets,
    ...sharedWith(call).map(({ subnet }) => ({
      ...subnet,
      AvailabilityZone: ownZoneName(call.region, subnet),
      Tags: [],
    })),
  ];
}

/** Own VPCs, then those of shared subnets, without tags. */
export function visibleVpcs(call: RegionalCall): readonly Vpc[] {
  const shared = sharedWith(call);
  const vpcs = new Set(shared.flatMap(({ owner, subnet }) => owner.vpcs.filter((vpc) => vpc.VpcId === subnet.VpcId)));
  return [...call.region.vpcs, ...[...vpcs].map((vpc) => ({ ...vpc, Tags: [] }))];
}

/** Own route tables, then those that shared subnets use, without tags. */
export function visibleRouteTables(call: RegionalCall): readonly RouteTable[] {
  const used = new Set(sharedWith(call).flatMap(({ owner, subnet }) => routeTableOf(owner, subnet)));
  return [...call.region.routeTables, ...[...used].map((table) => ({ ...table, Tags: [] }))];
}

/**
 * Every network interface in own subnets, and the caller's own in shared ones.
 * Participants' interfaces come without their tags: whether EC2 shows those to the owner is not documented, and without is
 * what a reader must be able to live with.
 */
export function visibleNetworkInterfaces(call: RegionalCall, includeManaged: boolean): readonly NetworkInterface[] {
  const callerId = call.account.id;
  const own = call.region.networkInterfaces.map((each) =>
    each.OwnerId === undefined || each.OwnerId === callerId ? each : { ...each, TagSet: [] },
  );
  const shared = sharedWith(call).flatMap(({ owner, subnet }) =>
    owner.networkInterfaces
      .filter((each) => each.SubnetId === subnet.SubnetId && each.OwnerId === callerId)
      .map((each) => ({ ...each, AvailabilityZone: ownZoneName(call.region, subnet) })),
  );
  return [...own, ...shared].filter((each) => includeManaged || !isHidden(call, each.Operator));
}

export function visibleInstances(call: RegionalCall, includeManaged: boolean): readonly Instance[] {
  return call.region.instances.filter((each) => includeManaged || !isHidden(call, each.Operator));
}

/**
 * EC2 leaves out what an AWS service manages, unless it says otherwise or the account chose to see it.
 * https://aws.amazon.com/about-aws/whats-new/2026/04/ec2-managed-resource-visibility/
 */
function isHidden(call: RegionalCall, operator: OperatorResponse | undefined): boolean {
  return (
    operator?.Managed === true &&
    operator.HiddenByDefault !== false &&
    call.account.managedResourceVisibility === 'hidden'
  );
}

function sharedWith(call: RegionalCall): readonly Shared[] {
  return call.region.sharedSubnets.flatMap(({ ownerId, subnetId }) => {
    const owner = call.aws.accounts.get(ownerId)?.regions.get(call.regionName);
    const subnet = owner?.subnets.find((each) => each.SubnetId === subnetId);
    return owner === undefined || subnet === undefined ? [] : [{ owner, subnet }];
  });
}

/** Zone names differ between accounts; zone ids do not. */
function ownZoneName(region: SimulatedRegion, subnet: Subnet): string | undefined {
  const zone = region.availabilityZones.find((each) => each.ZoneId === subnet.AvailabilityZoneId);
  return zone?.ZoneName ?? subnet.AvailabilityZone;
}

/** The table associated with a subnet, else the main table of its VPC. */
function routeTableOf(owner: SimulatedRegion, subnet: Subnet): RouteTable[] {
  const tables = owner.routeTables.filter((table) => table.VpcId === subnet.VpcId);
  const explicit = tables.filter((table) => table.Associations?.some((each) => each.SubnetId === subnet.SubnetId));
  return explicit.length > 0 ? explicit : tables.filter((table) => table.Associations?.some((each) => each.Main));
}
