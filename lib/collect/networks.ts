import {
  DescribeAvailabilityZonesCommand,
  DescribeVpcsCommand,
  type EC2Client,
  GetManagedResourceVisibilityCommand,
  type AvailabilityZone as SdkAvailabilityZone,
  type Vpc as SdkVpc,
} from '@aws-sdk/client-ec2';
import { UnexpectedResponseError } from '../aws/errors.ts';
import type { Fact } from '../domain/fact.ts';
import type { AvailabilityZone, Vpc } from '../domain/network/network.ts';
import { ok, type Result } from '../domain/result.ts';
import { accepted, type Collection, collectFact, collectListing } from './collection.ts';
import { FACT_TABLE } from './fact-table.ts';
import { absentFields, parseTagList } from './parsing.ts';

/** Reads the zones of the region as this account names them. */
export function collectAvailabilityZones(
  ec2: EC2Client,
  collection: Collection,
): Promise<Fact<readonly AvailabilityZone[]>> {
  return collectFact(FACT_TABLE.availabilityZones.action, collection, async () => {
    const answer = await ec2.send(new DescribeAvailabilityZonesCommand({}), { abortSignal: collection.signal });
    // EC2 leaves an empty list out, so here absent does mean none.
    return (answer.AvailabilityZones ?? []).map((raw) => accepted(parseAvailabilityZone(raw)));
  });
}

export function parseAvailabilityZone(raw: SdkAvailabilityZone): Result<AvailabilityZone> {
  const { ZoneName, ZoneId } = raw;
  if (ZoneName === undefined || ZoneId === undefined) {
    return absentFields('availability zone', ZoneName, { ZoneName, ZoneId });
  }
  return ok({
    zoneName: ZoneName,
    zoneId: ZoneId,
    zoneType: raw.ZoneType,
    state: raw.State,
    optInStatus: raw.OptInStatus,
  });
}

/** Reads whether EC2 hides resources managed by AWS services by default: `hidden` or `visible`. */
export function collectManagedResourceVisibility(ec2: EC2Client, collection: Collection): Promise<Fact<string>> {
  return collectFact(FACT_TABLE.managedResourceVisibility.action, collection, async () => {
    const answer = await ec2.send(new GetManagedResourceVisibilityCommand({}), { abortSignal: collection.signal });
    const visibility = answer.Visibility?.DefaultVisibility;
    if (visibility === undefined) {
      throw new UnexpectedResponseError('Cannot read managed resource visibility: DefaultVisibility is absent');
    }
    return visibility;
  });
}

/** Reads every VPC of the region, shared ones included. */
export function collectVpcs(ec2: EC2Client, collection: Collection): Promise<Fact<readonly Vpc[]>> {
  const { action, pageSize } = FACT_TABLE.vpcs;
  return collectListing(collection, {
    action,
    fetch: (NextToken) =>
      ec2.send(new DescribeVpcsCommand({ MaxResults: pageSize, NextToken }), { abortSignal: collection.signal }),
    nextToken: (page) => page.NextToken,
    // EC2 leaves an empty list out, so here absent does mean none.
    items: (page) => page.Vpcs ?? [],
    parse: parseVpc,
  });
}

export function parseVpc(raw: SdkVpc): Result<Vpc> {
  const { VpcId } = raw;
  if (VpcId === undefined) {
    return absentFields('VPC', VpcId, { VpcId });
  }
  const associated = raw.CidrBlockAssociationSet?.filter(
    ({ CidrBlockState }) => CidrBlockState?.State === 'associated',
  );
  const cidrBlocks = associated?.map(({ CidrBlock }) => CidrBlock) ?? [raw.CidrBlock];
  return ok({
    vpcId: VpcId,
    ownerId: raw.OwnerId,
    cidrBlocks: cidrBlocks.filter((cidrBlock) => cidrBlock !== undefined),
    isDefault: raw.IsDefault,
    tags: parseTagList(raw.Tags),
  });
}
