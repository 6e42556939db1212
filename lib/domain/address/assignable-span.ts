import { AWS_RESERVED_FIRST, AWS_RESERVED_LAST, type Cidr, cidrSize } from './cidr.ts';
import type { Ipv4Address } from './ipv4.ts';

/** The addresses of a subnet that something can hold, all but AWS's five, as offsets from the subnet's base. Both ends belong. */
export interface AssignableSpan {
  readonly base: Ipv4Address;
  readonly firstOffset: number;
  readonly lastOffset: number;
}

/** Offsets from a subnet's base. Both ends belong. */
export interface OffsetRange {
  readonly first: number;
  readonly last: number;
}

const ADDRESS_BITS = 32;

/** Returns the assignable addresses of a subnet. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
export function assignableSpan(subnet: Cidr): AssignableSpan {
  return {
    base: subnet.base,
    firstOffset: AWS_RESERVED_FIRST,
    lastOffset: cidrSize(subnet) - 1 - AWS_RESERVED_LAST,
  };
}

/** Returns the offset of an address, or -1 where it is outside the subnet, one of AWS's five, or no integer. */
export function assignableOffset(span: AssignableSpan, address: Ipv4Address): number {
  const distance = address - span.base;
  // An integer from here on: comparing and shifting a float is what costs most in the loops that call this.
  const offset = distance | 0;
  return offset === distance && offset >= span.firstOffset && offset <= span.lastOffset ? offset : -1;
}

/** Returns whether the numbers are those of an IPv4 block. Host bits may be set: it then counts from its base. */
export function isBlock(cidr: Cidr): boolean {
  return (
    Number.isInteger(cidr.base) &&
    Number.isInteger(cidr.prefixLength) &&
    cidr.prefixLength >= 0 &&
    cidr.prefixLength <= ADDRESS_BITS
  );
}

/** Returns the part of a block that is assignable, or `undefined` where there is none. */
export function assignableRange(span: AssignableSpan, block: Cidr): OffsetRange | undefined {
  if (!isBlock(block)) {
    return undefined;
  }
  const offset = block.base - span.base;
  const first = Math.max(span.firstOffset, offset);
  const last = Math.min(span.lastOffset, offset + cidrSize(block) - 1);
  return first <= last ? { first, last } : undefined;
}
