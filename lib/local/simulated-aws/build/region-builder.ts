import type { Subnet, Tag } from '@aws-sdk/client-ec2';
import type { SimulatedAccount, SimulatedAws, SimulatedRegion } from '../state.ts';
import {
  type AddressPool,
  addressPool,
  freeBlockOffset,
  freeOffset,
  hold,
  holdBlock,
  reserve,
} from './address-pool.ts';
import { addressText } from './cidr-addresses.ts';
import type { IdSource } from './ids.ts';
import type { Random } from './random.ts';
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
  readonly pools: Map<string, AddressPool>;
  /** Decides which free address or block is taken; without it, it is the lowest. */
  readonly random: Random | undefined;
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
  random?: Random,
): RegionBuilder {
  const region = account.regions.get(regionName);
  if (region === undefined) {
    throw new Error(`Cannot build in region "${regionName}": account ${account.id} does not have it`);
  }
  return { aws, account, region, regionName, ids, now, pools: new Map(), random };
}

export function tagList(tags: TagValues): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** `arn:<partition>:ec2:<region>:<account>:<resource>` */
export function arnOf(builder: RegionBuilder, service: string, resource: string): string {
  return `arn:${builder.aws.partition}:${service}:${builder.regionName}:${builder.account.id}:${resource}`;
}

/** Takes a free address outside reservations (the builder's `random` decides which), or the given one; returns its text. */
export function takeAddress(builder: RegionBuilder, subnet: BuiltSubnet, wanted?: number): string {
  const pool = addressPoolOf(builder, subnet);
  const offset = wanted === undefined ? freeOffset(pool, builder.random) : wanted - pool.first;
  if (offset === undefined || !hold(pool, offset)) {
    const what = offset === undefined ? 'no address is free' : `${addressText(pool.first + offset)} is taken`;
    throw new Error(`Cannot take an address in "${subnet.SubnetId}": ${what}`);
  }
  return addressText(pool.first + offset);
}

/** Takes a wholly free /28, first inside `prefix` reservations, and returns its CIDR. */
export function takePrefix(builder: RegionBuilder, subnet: BuiltSubnet): string {
  const pool = addressPoolOf(builder, subnet);
  const offset = freeBlockOffset(pool, builder.random);
  if (offset === undefined) {
    throw new Error(`Cannot take a /28 in "${subnet.SubnetId}": no block is wholly free`);
  }
  holdBlock(pool, offset);
  return `${addressText(pool.first + offset)}/28`;
}

/** The pool of a subnet's addresses, made from what the region holds when it is first asked for. */
export function addressPoolOf(builder: RegionBuilder, subnet: BuiltSubnet): AddressPool {
  const known = builder.pools.get(subnet.SubnetId);
  if (known !== undefined) {
    return known;
  }
  const pool = addressPool(ipv4CidrOf(subnet));
  for (const address of addressesInUse(builder.region, subnet)) {
    hold(pool, address - pool.first);
  }
  for (const { cidr, type } of reservedCidrs(builder, subnet)) {
    reserve(pool, cidr, type);
  }
  builder.pools.set(subnet.SubnetId, pool);
  return pool;
}

/** The IPv4 CIDR of a subnet; throws for an IPv6-only one. */
export function ipv4CidrOf(subnet: BuiltSubnet): string {
  if (subnet.CidrBlock === undefined) {
    throw new Error(`Cannot use IPv4 in "${subnet.SubnetId}": it has no IPv4 CIDR`);
  }
  return subnet.CidrBlock;
}

function reservedCidrs(
  builder: RegionBuilder,
  subnet: BuiltSubnet,
): { readonly cidr: string; readonly type: string }[] {
  return builder.region.subnetCidrReservations
    .filter((each) => each.SubnetId === subnet.SubnetId)
    .flatMap(({ Cidr: cidr, ReservationType: type }) =>
      cidr === undefined || type === undefined || cidr.includes(':') ? [] : [{ cidr, type }],
    );
}
