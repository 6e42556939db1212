import type { AddressHolder, CidrReservation } from './address-holder.ts';
import { assignableOffset, assignableRange, assignableSpan, isBlock, type OffsetRange } from './assignable-span.ts';
import { ADDRESSES_PER_PREFIX, type Cidr, cidrContains, cidrSize, PREFIX_LENGTH } from './cidr.ts';
import type { Ipv4Address } from './ipv4.ts';

/** Something in a subnet's facts that contradicts EC2's own rules. Holder indexes point into the holders given, ascending. */
export type AddressProblem =
  | {
      /** Outside: the address is not in the subnet. Reserved: it is one of the five AWS keeps. Neither is counted. */
      readonly code: 'address-outside-subnet' | 'address-reserved-by-aws';
      readonly address: Ipv4Address;
      readonly holderIndex: number;
    }
  | {
      /** Listed more than once, by several holders or by one. Counted once. */
      readonly code: 'address-duplicated';
      readonly address: Ipv4Address;
      readonly holderIndexes: readonly number[];
    }
  | {
      /**
       * Misaligned: not a /28 on a multiple of 16, or no block at all. Outside: some or all of it is not in the subnet.
       * Reserved: it covers an address AWS keeps. What lies in the subnet and is not AWS's is counted as used.
       */
      readonly code: 'prefix-misaligned' | 'prefix-outside-subnet' | 'prefix-reserved-by-aws';
      readonly cidr: Cidr;
      readonly holderIndex: number;
    }
  | {
      /** Two prefixes share addresses. Counted once. */
      readonly code: 'prefix-overlap';
      readonly cidr: Cidr;
      readonly otherCidr: Cidr;
      readonly holderIndexes: readonly number[];
    }
  | {
      /** Addresses of a prefix are listed by themselves too. Counted once. */
      readonly code: 'prefix-holds-address';
      readonly cidr: Cidr;
      /** The lowest of them. */
      readonly address: Ipv4Address;
      readonly addressCount: number;
      readonly holderIndexes: readonly number[];
    }
  | {
      /**
       * Malformed: the text is no IPv4 block; it reserves nothing. Outside: some or all of it is not in the subnet; the rest
       * reserves. Unknown type: it reserves like `explicit`.
       */
      readonly code: 'reservation-malformed' | 'reservation-outside-subnet' | 'reservation-type-unknown';
      readonly reservation: CidrReservation;
    }
  | {
      /** EC2 allows no overlap. Addresses are counted once, and none of them is prefix space where either is explicit. */
      readonly code: 'reservation-overlap';
      readonly reservation: CidrReservation;
      readonly otherReservation: CidrReservation;
    };

/** How many problems of one subnet are kept. The rest is counted only: a person needs the kind, not each instance. */
export const PROBLEMS_LISTED_MAX = 100;

/** Problems found so far, bounded. */
export interface ProblemList {
  readonly listed: AddressProblem[];
  unlistedCount: number;
}

/** Adds a problem, or only counts it where the list is full; the problem is then not even built. */
export function reportProblem(problems: ProblemList, problem: () => AddressProblem): void {
  if (problems.listed.length < PROBLEMS_LISTED_MAX) {
    problems.listed.push(problem());
  } else {
    problems.unlistedCount += 1;
  }
}

/** Returns whether a block has the shape of a prefix that EC2 hands out: a /28 on a multiple of 16. */
export function isAlignedPrefix(prefix: Cidr): boolean {
  return prefix.prefixLength === PREFIX_LENGTH && prefix.base % ADDRESSES_PER_PREFIX === 0;
}

/** Calls `report` for each range that shares an offset with one that begins no later, naming the one that reaches furthest. */
export function reportOverlaps<Range extends OffsetRange>(
  ranges: readonly Range[],
  report: (range: Range, other: Range) => void,
): void {
  let furthest: Range | undefined;
  for (const range of ranges.toSorted((a, b) => a.first - b.first || b.last - a.last)) {
    if (furthest !== undefined && range.first <= furthest.last) {
      report(range, furthest);
    }
    if (furthest === undefined || range.last > furthest.last) {
      furthest = range;
    }
  }
}

const NO_HOLDER = -1;

interface HeldPrefix extends OffsetRange {
  readonly cidr: Cidr;
  readonly holderIndex: number;
}

/**
 * Reports every problem in what holders hold. This is the slow path: it finds out who, and need only run where the
 * bitmap shows that something is wrong. Its memory is bounded by the size of the subnet and of the input.
 */
export function reportHolderProblems(subnet: Cidr, holders: readonly AddressHolder[], problems: ProblemList): void {
  const firstHolders = reportAddressProblems(subnet, holders, problems);
  const prefixes = reportPrefixShapes(subnet, holders, problems);
  reportOverlaps(prefixes, (prefix, other) =>
    reportProblem(problems, () => ({
      code: 'prefix-overlap',
      cidr: prefix.cidr,
      otherCidr: other.cidr,
      holderIndexes: ascending([prefix.holderIndex, other.holderIndex]),
    })),
  );
  reportPrefixedAddresses(subnet, prefixes, firstHolders, problems);
}

/** Returns the first holder of each offset, NO_HOLDER where none. */
function reportAddressProblems(subnet: Cidr, holders: readonly AddressHolder[], problems: ProblemList): Int32Array {
  const span = assignableSpan(subnet);
  const firstHolders = new Int32Array(cidrSize(subnet)).fill(NO_HOLDER);
  const duplicates = new Map<number, number[]>();
  for (const [holderIndex, holder] of holders.entries()) {
    for (const address of holder.privateIpAddresses) {
      const offset = assignableOffset(span, address);
      if (offset < 0) {
        reportUnassignable(subnet, address, holderIndex, problems);
      } else if (firstHolders[offset] === NO_HOLDER) {
        firstHolders[offset] = holderIndex;
      } else {
        addDuplicate(duplicates, offset, firstHolders[offset] ?? NO_HOLDER, holderIndex);
      }
    }
  }
  for (const [offset, holderIndexes] of duplicates) {
    reportProblem(problems, () => ({ code: 'address-duplicated', address: subnet.base + offset, holderIndexes }));
  }
  return firstHolders;
}

function reportUnassignable(subnet: Cidr, address: Ipv4Address, holderIndex: number, problems: ProblemList): void {
  const isInside = Number.isInteger(address) && cidrContains(subnet, { base: address, prefixLength: 32 });
  const code = isInside ? 'address-reserved-by-aws' : 'address-outside-subnet';
  reportProblem(problems, () => ({ code, address, holderIndex }));
}

/** Holders come in ascending order, so the list stays ascending and distinct by looking at its end. */
function addDuplicate(
  duplicates: Map<number, number[]>,
  offset: number,
  firstHolder: number,
  holderIndex: number,
): void {
  const holderIndexes = duplicates.get(offset) ?? [firstHolder];
  if (holderIndexes.at(-1) !== holderIndex) {
    holderIndexes.push(holderIndex);
  }
  duplicates.set(offset, holderIndexes);
}

/** Returns every prefix that holds at least one assignable address, with the part that does. */
function reportPrefixShapes(subnet: Cidr, holders: readonly AddressHolder[], problems: ProblemList): HeldPrefix[] {
  const span = assignableSpan(subnet);
  const held: HeldPrefix[] = [];
  for (const [holderIndex, holder] of holders.entries()) {
    for (const cidr of holder.ipv4Prefixes) {
      const range = assignableRange(span, cidr);
      for (const code of prefixShapeProblems(subnet, cidr, range)) {
        reportProblem(problems, () => ({ code, cidr, holderIndex }));
      }
      if (range !== undefined) {
        held.push({ ...range, cidr, holderIndex });
      }
    }
  }
  return held;
}

type PrefixShapeCode = 'prefix-misaligned' | 'prefix-outside-subnet' | 'prefix-reserved-by-aws';

/** `range` is the assignable part of the prefix. */
function prefixShapeProblems(subnet: Cidr, prefix: Cidr, range: OffsetRange | undefined): readonly PrefixShapeCode[] {
  const codes: PrefixShapeCode[] = [];
  if (!isAlignedPrefix(prefix)) {
    codes.push('prefix-misaligned');
  }
  if (isBlock(prefix) && !cidrContains(subnet, prefix)) {
    codes.push('prefix-outside-subnet');
  }
  const wholeSubnet = { base: subnet.base, firstOffset: 0, lastOffset: cidrSize(subnet) - 1 };
  const inside = assignableRange(wholeSubnet, prefix);
  if (inside?.first !== range?.first || inside?.last !== range?.last) {
    codes.push('prefix-reserved-by-aws');
  }
  return codes;
}

function reportPrefixedAddresses(
  subnet: Cidr,
  prefixes: readonly HeldPrefix[],
  firstHolders: Int32Array,
  problems: ProblemList,
): void {
  if (prefixes.length === 0) {
    return;
  }
  const heldBefore = new Int32Array(firstHolders.length + 1);
  for (const [offset, holder] of firstHolders.entries()) {
    heldBefore[offset + 1] = (heldBefore[offset] ?? 0) + (holder === NO_HOLDER ? 0 : 1);
  }
  for (const { first, last, cidr, holderIndex } of prefixes) {
    const addressCount = (heldBefore[last + 1] ?? 0) - (heldBefore[first] ?? 0);
    if (addressCount > 0) {
      reportProblem(problems, () => {
        const holdersInside = firstHolders.subarray(first, last + 1);
        const address = subnet.base + first + holdersInside.findIndex((holder) => holder !== NO_HOLDER);
        const owners = holdersInside.filter((holder) => holder !== NO_HOLDER);
        const holderIndexes = ascending([holderIndex, ...owners]);
        return { code: 'prefix-holds-address', cidr, address, addressCount, holderIndexes };
      });
    }
  }
}

function ascending(holderIndexes: readonly number[]): number[] {
  return [...new Set(holderIndexes)].sort((a, b) => a - b);
}
