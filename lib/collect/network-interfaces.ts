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
import { type Collection, collectListing } from './collection.ts';
import { FACT_TABLE } from './fact-table.ts';
import { absentFields, createInterner, type Interner, parseTagList } from './parsing.ts';

/**
 * Reads every network interface of the region in one listing, managed ones included: EC2 leaves those of EKS Auto Mode out
 * unless it is asked for them. https://aws.amazon.com/about-aws/whats-new/2026/04/ec2-managed-resource-visibility/
 */
export function collectNetworkInterfaces(
  ec2: EC2Client,
  collection: Collection,
): Promise<Fact<readonly NetworkInterface[]>> {
  const { action, pageSize } = FACT_TABLE.networkInterfaces;
  const interner = createInterner();
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
    parse: (raw) => parseNetworkInterface(raw, interner),
  });
}

/** Turns EC2's answer into the compact form that is kept: addresses as integers, what repeats shared through `interner`. */
export function parseNetworkInterface(
  raw: SdkNetworkInterface,
  interner: Interner = createInterner(),
): Result<NetworkInterface> {
  const { NetworkInterfaceId, SubnetId, VpcId, OwnerId } = raw;
  if (NetworkInterfaceId === undefined || SubnetId === undefined || VpcId === undefined || OwnerId === undefined) {
    const fields = { NetworkInterfaceId, SubnetId, VpcId, OwnerId };
    return absentFields('network interface', NetworkInterfaceId, fields);
  }
  const malformed: string[] = [];
  return ok({
    networkInterfaceId: NetworkInterfaceId,
    subnetId: interner.text(SubnetId),
    vpcId: interner.text(VpcId),
    ownerId: interner.text(OwnerId),
    interfaceType: interner.optionalText(raw.InterfaceType),
    // EC2 sends an empty description for an interface without one, and some encoders leave it out.
    description: interner.text(raw.Description ?? ''),
    requesterId: interner.optionalText(raw.RequesterId),
    requesterManaged: raw.RequesterManaged,
    status: interner.optionalText(raw.Status),
    attachment: parseAttachment(raw.Attachment, interner),
    operator: parseOperator(raw.Operator),
    privateIpAddresses: parseAddresses(addressTexts(raw), malformed),
    ipv4Prefixes: parsePrefixes(raw, malformed),
    malformedAddresses: malformed.length === 0 ? NONE_MALFORMED : malformed,
    tags: interner.tags(parseTagList(raw.TagSet)),
  });
}

function parseAttachment(raw: SdkNetworkInterface['Attachment'], interner: Interner): NetworkInterface['attachment'] {
  if (raw === undefined) {
    return undefined;
  }
  return {
    instanceId: interner.optionalText(raw.InstanceId),
    instanceOwnerId: interner.optionalText(raw.InstanceOwnerId),
    deviceIndex: raw.DeviceIndex,
    networkCardIndex: raw.NetworkCardIndex,
    status: interner.optionalText(raw.Status),
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
  // An array that grew holds room for more; a hundred thousand of them are worth the copy.
  return addresses.slice();
}

const NONE_MALFORMED: readonly string[] = [];
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
