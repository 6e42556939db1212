import { formatIpv4, type Ipv4Address, parseIpv4 } from './ipv4.ts';

/** An IPv4 CIDR block. `base` is its first address: host bits are zero. */
export interface Cidr {
  readonly base: Ipv4Address;
  readonly prefixLength: number;
}

/** EC2 hands prefixes to network interfaces as /28 blocks. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html */
export const PREFIX_LENGTH = 28;
export const ADDRESSES_PER_PREFIX = 16;

/**
 * AWS keeps the first four addresses and the last one of every subnet.
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 */
export const AWS_RESERVED_FIRST = 4;
export const AWS_RESERVED_LAST = 1;
export const AWS_RESERVED_ADDRESS_COUNT = AWS_RESERVED_FIRST + AWS_RESERVED_LAST;

/** A subnet spans a /16 at most and a /28 at least. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
export const SUBNET_PREFIX_LENGTH_SHORTEST = 16;
export const SUBNET_PREFIX_LENGTH_LONGEST = 28;

/** Parses `10.0.0.0/24`. Returns `undefined` where the text is malformed or host bits are set. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) {
    return undefined;
  }
  const base = parseIpv4(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (base === undefined || !/^(?:[1-9]?\d)$/.test(length)) {
    return undefined;
  }
  const prefixLength = Number(length);
  if (prefixLength > 32) {
    return undefined;
  }
  const cidr = { base, prefixLength };
  return base % cidrSize(cidr) === 0 ? cidr : undefined;
}

/** Returns the text of a CIDR block, `10.0.0.0/24`. */
export function formatCidr(cidr: Cidr): string {
  return `${formatIpv4(cidr.base)}/${cidr.prefixLength}`;
}

/** Returns how many addresses the block spans, AWS's own included. */
export function cidrSize(cidr: Cidr): number {
  return 2 ** (32 - cidr.prefixLength);
}

/** Returns whether two blocks share an address. */
export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + cidrSize(b) && b.base < a.base + cidrSize(a);
}

/** Returns whether `inner` lies wholly in `outer`. */
export function cidrContains(outer: Cidr, inner: Cidr): boolean {
  return outer.base <= inner.base && inner.base + cidrSize(inner) <= outer.base + cidrSize(outer);
}

/** Returns how many addresses a subnet of this size can give out: all but the five AWS keeps. */
export function usableAddressCount(cidr: Cidr): number {
  return Math.max(0, cidrSize(cidr) - AWS_RESERVED_ADDRESS_COUNT);
}

/** Returns the subnet that begins at an address and can give out so many: the reverse of `usableAddressCount`. */
export function usableBlock(base: Ipv4Address, usableCount: number): Cidr {
  return { base, prefixLength: 32 - Math.log2(usableCount + AWS_RESERVED_ADDRESS_COUNT) };
}

/**
 * Returns how many /28 blocks an empty subnet of this size has. The first and the last hold addresses AWS keeps, so they
 * never count: an empty /24 has 14, a /28 and a /27 have none.
 */
export function maxPrefixCount(cidr: Cidr): number {
  return Math.max(0, 2 ** (PREFIX_LENGTH - cidr.prefixLength) - 2);
}

/** Returns whether a block can be the CIDR of a subnet: /16 to /28, host bits zero. */
export function isSubnetCidr(cidr: Cidr): boolean {
  return (
    Number.isInteger(cidr.prefixLength) &&
    cidr.prefixLength >= SUBNET_PREFIX_LENGTH_SHORTEST &&
    cidr.prefixLength <= SUBNET_PREFIX_LENGTH_LONGEST &&
    cidr.base >= 0 &&
    cidr.base + cidrSize(cidr) <= 2 ** 32 &&
    cidr.base % cidrSize(cidr) === 0
  );
}
