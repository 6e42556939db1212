import { DescribeVpcEndpointsCommand, type EC2Client, type VpcEndpoint as SdkVpcEndpoint } from '@aws-sdk/client-ec2';
import type { Fact } from '../domain/fact.ts';
import type { VpcEndpoint } from '../domain/network/network.ts';
import { ok, type Result } from '../domain/result.ts';
import { type Collection, collectListing } from './collection.ts';
import { FACT_TABLE } from './fact-table.ts';
import { absentFields, parseTagList } from './parsing.ts';

/** Reads every VPC endpoint of the region. */
export function collectVpcEndpoints(ec2: EC2Client, collection: Collection): Promise<Fact<readonly VpcEndpoint[]>> {
  const { action, pageSize } = FACT_TABLE.vpcEndpoints;
  return collectListing(collection, {
    action,
    fetch: (NextToken) =>
      ec2.send(new DescribeVpcEndpointsCommand({ MaxResults: pageSize, NextToken }), {
        abortSignal: collection.signal,
      }),
    nextToken: (page) => page.NextToken,
    // EC2 leaves an empty list out, so here absent does mean none.
    items: (page) => page.VpcEndpoints ?? [],
    parse: parseVpcEndpoint,
  });
}

export function parseVpcEndpoint(raw: SdkVpcEndpoint): Result<VpcEndpoint> {
  const { VpcEndpointId, VpcId } = raw;
  if (VpcEndpointId === undefined || VpcId === undefined) {
    return absentFields('VPC endpoint', VpcEndpointId, { VpcEndpointId, VpcId });
  }
  return ok({
    vpcEndpointId: VpcEndpointId,
    vpcEndpointType: raw.VpcEndpointType,
    vpcId: VpcId,
    serviceName: raw.ServiceName,
    state: raw.State,
    ownerId: raw.OwnerId,
    // Lists that do not apply to the endpoint's type are empty or left out.
    subnetIds: raw.SubnetIds ?? [],
    networkInterfaceIds: raw.NetworkInterfaceIds ?? [],
    ipv4Prefixes: (raw.Ipv4Prefixes ?? []).flatMap(({ SubnetId, IpPrefixes }) =>
      SubnetId === undefined ? [] : [{ subnetId: SubnetId, cidrs: IpPrefixes ?? [] }],
    ),
    tags: parseTagList(raw.Tags),
  });
}
