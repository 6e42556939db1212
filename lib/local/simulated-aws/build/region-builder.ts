import type { Subnet, Tag } from '@aws-sdk/client-ec2';
import type { SimulatedAccount, SimulatedAws, SimulatedRegion } from '../state.ts';
import { addressesAwsKeeps, addressesOfCidr, addressText, PREFIX_ADDRESSES, rangeOfCidr } from './cidr-addresses.ts';
import type { IdSource } from './ids.ts';
import { addressesInUse } from './settle-counts.ts';

/** Where resources are put while a region is built. */
export interface RegionBuilder {
  readonly aws: SimulatedAws;
  readonly account: SimulatedAccount;
  readonly region: SimulatedRegion;
  readonly regionName: string;
  readonly ids: IdSource;
  /** When the resources were made. */
  readonly now: Date;
  /** Addresses given away so far, by subnet id. */
  readonly taken: Map<string, Set<number>>;
}

/** A subnet with the fields that the builder always sets. */
export type BuiltSubnet = Subnet & {
  readonly SubnetId: string;
  readonly VpcId: string;
  readonly AvailabilityZone: string;
  readonly AvailabilityZoneId: string;
};

export type TagValues = Readonly<Record<string, string>>;

/** Returns a builder of one region of one account. */
export function regionBuilder(
  aws: SimulatedAws,
  account: SimulatedAccount,
  regionName: string,
  ids: IdSource,
  now: Date,
): RegionBuilder {
  const region = account.regions.get(regionName);
  if (region === undefined) {
    throw new Error(`Cannot build in region "${regionName}": account ${account.id} does not have it`);
  }
  return { aws, account, region, regionName, ids, now, taken: new Map() };
}

export function tagList(tags: TagValues): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** `arn:<partition>:ec2:<region>:<account>:<resource>` */
export function arnOf(builder: RegionBuilder, service: string, resource: string): string {
  return `arn:${builder.aws.partition}:${service}:${builder.regionName}:${builder.account.id}:${resource}`;
}

/** Takes the lowest free address outside reservations, or the given one, and returns its text. */
export function takeAddress(builder: RegionBuilder, subnet: BuiltSubnet, wanted?: number): string {
  const taken = takenIn(builder, subnet);
  const reserved = new Set(reservedCidrs(builder, subnet).flatMap(({ cidr }) => addressesOfCidr(cidr)));
  const isFree = (address: number): boolean => !taken.has(address);
  const address =
    wanted ?? addressesOfCidr(ipv4CidrOf(subnet)).find((candidate) => isFree(candidate) && !reserved.has(candidate));
  if (address === undefined || !isFree(address)) {
    const what = address === undefined ? 'no address is free' : `${addressText(address)} is taken`;
    throw new Error(`Cannot take an address in "${subnet.SubnetId}": ${what}`);
  }
  taken.add(address);
  return addressText(address);
}

/** Takes the lowest wholly free /28, first inside `prefix` reservations, and returns its CIDR. */
export function takePrefix(builder: RegionBuilder, subnet: BuiltSubnet): string {
  const taken = takenIn(builder, subnet);
  const reservations = reservedCidrs(builder, subnet);
  const reserved = new Set(reservations.flatMap(({ cidr }) => addressesOfCidr(cidr)));
  const starts = (cidr: string): number[] => addressesOfCidr(cidr).filter((each) => each % PREFIX_ADDRESSES === 0);
  const inside = reservations.filter(({ type }) => type === 'prefix').flatMap(({ cidr }) => starts(cidr));
  const outside = starts(ipv4CidrOf(subnet)).filter((start) => blockAt(start).every((each) => !reserved.has(each)));
  const start = [...inside, ...outside].find((candidate) => blockAt(candidate).every((each) => !taken.has(each)));
  if (start === undefined) {
    throw new Error(`Cannot take a /28 in "${subnet.SubnetId}": no block is wholly free`);
  }
  for (const address of blockAt(start)) {
    taken.add(address);
  }
  return `${addressText(start)}/28`;
}

/** The IPv4 CIDR of a subnet; throws for an IPv6-only one. */
export function ipv4CidrOf(subnet: BuiltSubnet): string {
  if (subnet.CidrBlock === undefined) {
    throw new Error(`Cannot use IPv4 in "${subnet.SubnetId}": it has no IPv4 CIDR`);
  }
  return subnet.CidrBlock;
}

function takenIn(builder: RegionBuilder, subnet: BuiltSubnet): Set<number> {
  const known = builder.taken.get(subnet.SubnetId);
  if (known !== undefined) {
    return known;
  }
  const taken = new Set([
    ...addressesAwsKeeps(rangeOfCidr(ipv4CidrOf(subnet))),
    ...addressesInUse(builder.region, subnet),
  ]);
  builder.taken.set(subnet.SubnetId, taken);
  return taken;
}

function reservedCidrs(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
): { readonly cidr: string; readonly type: string | undefined }[] {
  return builder.region.subnetCidrReservations
    .filter((each) => each.SubnetId === subnet.SubnetId)
    .flatMap(({ Cidr: cidr, ReservationType: type }) =>
      cidr === undefined || cidr.includes(':') ? [] : [{ cidr, type }],
    );
}

function blockAt(start: number): number[] {
  return Array.from({ length: PREFIX_ADDRESSES }, (_, offset) => start + offset);
}
