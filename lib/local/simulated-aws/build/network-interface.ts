import type {
  NetworkInterface,
  NetworkInterfaceAttachment,
  NetworkInterfacePrivateIpAddress,
  OperatorResponse,
} from '@aws-sdk/client-ec2';
import { addressNumber } from './cidr-addresses.ts';
import { nextId } from './ids.ts';
import {
  type BuiltSubnet,
  ipv4CidrOf,
  type RegionBuilder,
  type TagValues,
  tagList,
  takeAddress,
  takePrefix,
} from './region-builder.ts';

export type BuiltNetworkInterface = NetworkInterface & {
  readonly NetworkInterfaceId: string;
  readonly PrivateIpAddresses: NetworkInterfacePrivateIpAddress[];
};

export interface AddressOptions {
  /** Who made it; the subnet's owner unless told otherwise. */
  readonly ownerId?: string;
  /** Addresses beside the primary one, each the lowest free. */
  readonly secondaryAddressCount?: number;
  /** /28 prefixes, each the lowest free block. */
  readonly prefixCount?: number;
  /** The very addresses to take, the primary one first, as offsets from the subnet's first address. */
  readonly addressOffsets?: readonly [number, ...number[]];
}

export interface NetworkInterfaceOptions extends AddressOptions {
  readonly description: string;
  /** Real answers carry values that the SDK does not list, such as `nat_gateway`. */
  readonly interfaceType: string;
  readonly status: 'available' | 'in-use';
  readonly requesterId?: string;
  readonly requesterManaged: boolean;
  readonly attachment?: NetworkInterfaceAttachment;
  readonly operator?: OperatorResponse;
  readonly tags?: TagValues;
}

// EC2 gives locally administered addresses that begin with this octet.
const MAC_FIRST_OCTET = '02';
const MAC_OTHER_OCTETS = 5;

/** Adds a network interface with believable fields and addresses that no other one in the subnet has. */
export function addNetworkInterface(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
  options: NetworkInterfaceOptions,
): BuiltNetworkInterface {
  const addresses = takeAddresses(builder, subnet, options);
  const prefixes = Array.from({ length: options.prefixCount ?? 0 }, () => takePrefix(builder, subnet));
  const created: BuiltNetworkInterface = {
    ...(options.attachment === undefined ? {} : { Attachment: options.attachment }),
    AvailabilityZone: subnet.AvailabilityZone,
    AvailabilityZoneId: subnet.AvailabilityZoneId,
    Description: options.description,
    Groups: [],
    // The SDK's list of types is shorter than EC2's.
    InterfaceType: options.interfaceType as NonNullable<NetworkInterface['InterfaceType']>,
    Ipv6Addresses: [],
    MacAddress: macAddress(builder),
    NetworkInterfaceId: nextId(builder.ids, 'eni'),
    OwnerId: options.ownerId ?? builder.account.id,
    PrivateIpAddress: addresses[0],
    PrivateIpAddresses: addresses.map((address, index) => ({ Primary: index === 0, PrivateIpAddress: address })),
    ...(prefixes.length === 0 ? {} : { Ipv4Prefixes: prefixes.map((prefix) => ({ Ipv4Prefix: prefix })) }),
    ...(options.requesterId === undefined ? {} : { RequesterId: options.requesterId }),
    RequesterManaged: options.requesterManaged,
    SourceDestCheck: true,
    Status: options.status,
    SubnetId: subnet.SubnetId,
    TagSet: tagList(options.tags ?? {}),
    VpcId: subnet.VpcId,
    ...(options.operator === undefined ? {} : { Operator: options.operator }),
  };
  builder.region.networkInterfaces.push(created);
  return created;
}

function takeAddresses(builder: RegionBuilder, subnet: BuiltSubnet, options: AddressOptions): string[] {
  const { addressOffsets, secondaryAddressCount = 0 } = options;
  const first = addressNumber(ipv4CidrOf(subnet).split('/')[0] ?? '');
  const chosen = (addressOffsets ?? []).map((offset) => takeAddress(builder, subnet, first + offset));
  const lowestCount = secondaryAddressCount + (addressOffsets === undefined ? 1 : 0);
  return [...chosen, ...Array.from({ length: lowestCount }, () => takeAddress(builder, subnet))];
}

function macAddress(builder: RegionBuilder): string {
  const octets = Array.from({ length: MAC_OTHER_OCTETS }, () => builder.ids.hex(2));
  return [MAC_FIRST_OCTET, ...octets].join(':');
}
