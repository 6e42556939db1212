import {
  DescribeNetworkInterfacesCommand,
  type EC2Client,
  type NetworkInterfacePrivateIpAddress,
  type NetworkInterface as SdkNetworkInterface,
} from '@aws-sdk/client-ec2';
import { type Cidr, parseCidr } from '../domain/address/cidr.ts';
import { type Ipv4Address, parseIpv4 } from '../domain/address/ipv4.ts';
import type { Fact } from '../domain/fact.ts';
import type { NetworkInterface } from '../domain/network/network.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Tags } from '../domain/tags.ts';
import { type Collection, collectListing } from './collection.ts';
import { FACT_TABLE } from './fact-table.ts';
import { absentFields, createInterner, parseTagList } from './parsing.ts';

type Intern = (text: string) => string;

/**
 * Reads every network interface of the region in one listing, managed ones included: EC2 leaves those of EKS Auto Mode out
 * unless it is asked for them. https://aws.amazon.com/about-aws/whats-new/2026/04/ec2-managed-resource-visibility/
 */
export function collectNetworkInterfaces(
  ec2: EC2Client,
  collection: Collection,
): Promise<Fact<readonly NetworkInterface[]>> {
  const { action, pageSize } = FACT_TABLE.networkInterfaces;
  const intern = createInterner();
  return collectListing(collection, {
    action,
    fetch: (NextToken) =>
      ec2.send(
        new DescribeNetworkInterfacesCommand({ MaxResults: pageSize, NextToken, IncludeManagedResources: true }),
        {
          abortSignal: collection.signal,
        },
      ),
    nextToken: (page) => page.NextToken,
    // EC2 leaves an empty list out, so here absent does mean none.
    items: (page) => page.NetworkInterfaces ?? [],
    parse: (raw) => parseNetworkInterface(raw, intern),
  });
}

/** Turns EC2's answer into the compact form that is kept: addresses as integers, repeated texts shared through `intern`. */
export function parseNetworkInterface(
  raw: SdkNetworkInterface,
  intern: Intern = (text) => text,
): Result<NetworkInterface> {
  const { NetworkInterfaceId, SubnetId, VpcId, OwnerId } = raw;
  if (NetworkInterfaceId === undefined || SubnetId === undefined || VpcId === undefined || OwnerId === undefined) {
    const fields = { NetworkInterfaceId, SubnetId, VpcId, OwnerId };
    return absentFields('network interface', NetworkInterfaceId, fields);
  }
  const malformedAddresses: string[] = [];
  const shared = (text: string | undefined) => (text === undefined ? undefined : intern(text));
  return ok({
    networkInterfaceId: NetworkInterfaceId,
    subnetId: intern(SubnetId),
    vpcId: intern(VpcId),
    ownerId: intern(OwnerId),
    interfaceType: shared(raw.InterfaceType),
    // EC2 sends an empty description for an interface without one, and some encoders leave it out.
    description: intern(raw.Description ?? ''),
    requesterId: shared(raw.RequesterId),
    requesterManaged: raw.RequesterManaged,
    status: shared(raw.Status),
    attachment: parseAttachment(raw.Attachment, shared),
    operator: parseOperator(raw.Operator),
    privateIpAddresses: parseAddresses(addressTexts(raw), malformedAddresses),
    ipv4Prefixes: parsePrefixes(raw, malformedAddresses),
    malformedAddresses,
    tags: sharedTags(parseTagList(raw.TagSet), intern),
  });
}

function parseAttachment(
  raw: SdkNetworkInterface['Attachment'],
  shared: (text: string | undefined) => string | undefined,
): NetworkInterface['attachment'] {
  if (raw === undefined) {
    return undefined;
  }
  return {
    instanceId: shared(raw.InstanceId),
    instanceOwnerId: shared(raw.InstanceOwnerId),
    deviceIndex: raw.DeviceIndex,
    networkCardIndex: raw.NetworkCardIndex,
    status: shared(raw.Status),
  };
}

/** Says who operates the resource, where EC2 says anything of it. */
export function parseOperator(raw: SdkNetworkInterface['Operator']): NetworkInterface['operator'] {
  if (raw === undefined) {
    return undefined;
  }
  return { managed: raw.Managed, principal: raw.Principal, hiddenByDefault: raw.HiddenByDefault };
}

/** The list names the primary address too. Where an old answer lacks the list, the primary one is all there is. */
function addressTexts(raw: SdkNetworkInterface): readonly string[] {
  const listed = raw.PrivateIpAddresses;
  if (listed === undefined || listed.length === 0) {
    return raw.PrivateIpAddress === undefined ? [] : [raw.PrivateIpAddress];
  }
  return primaryFirst(listed).flatMap(({ PrivateIpAddress }) =>
    PrivateIpAddress === undefined ? [] : [PrivateIpAddress],
  );
}

function primaryFirst(
  listed: readonly NetworkInterfacePrivateIpAddress[],
): readonly NetworkInterfacePrivateIpAddress[] {
  const primaryIndex = listed.findIndex(({ Primary }) => Primary === true);
  if (primaryIndex <= 0) {
    return listed;
  }
  const primary = listed.slice(primaryIndex, primaryIndex + 1);
  return [...primary, ...listed.slice(0, primaryIndex), ...listed.slice(primaryIndex + 1)];
}

function parseAddresses(texts: readonly string[], malformed: string[]): Ipv4Address[] {
  const addresses: Ipv4Address[] = [];
  for (const text of texts) {
    const address = parseIpv4(text);
    if (address === undefined) {
      malformed.push(text);
    } else {
      addresses.push(address);
    }
  }
  return addresses;
}

const NO_PREFIXES: readonly Cidr[] = [];

function parsePrefixes(raw: SdkNetworkInterface, malformed: string[]): readonly Cidr[] {
  // EC2 leaves the list out of an interface that has no prefixes.
  const listed = raw.Ipv4Prefixes ?? [];
  if (listed.length === 0) {
    return NO_PREFIXES;
  }
  const prefixes: Cidr[] = [];
  for (const { Ipv4Prefix } of listed) {
    const cidr = Ipv4Prefix === undefined ? undefined : parseCidr(Ipv4Prefix);
    if (cidr === undefined) {
      malformed.push(Ipv4Prefix ?? '');
    } else {
      prefixes.push(cidr);
    }
  }
  return prefixes;
}

function sharedTags(tags: Tags, intern: Intern): Tags {
  return tags.length === 0 ? tags : tags.map(([key, value]) => [intern(key), intern(value)]);
}
