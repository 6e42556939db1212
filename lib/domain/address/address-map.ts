import type { AddressHolder, CidrReservation } from './address-holder.ts';
import { type AddressProblem, isAlignedPrefix, type ProblemList, reportHolderProblems } from './address-problems.ts';
import { type AssignableSpan, assignableRange, assignableSpan } from './assignable-span.ts';
import {
  ADDRESSES_PER_PREFIX,
  type Cidr,
  cidrSize,
  formatCidr,
  isSubnetCidr,
  maxPrefixCount,
  usableAddressCount,
} from './cidr.ts';
import type { Ipv4Address } from './ipv4.ts';
import {
  addOffset,
  addOffsetRange,
  bitCount,
  blockBits,
  blockOf,
  createOffsetBits,
  fullBlockCount,
  largestAlignedBlockLog2,
  type OffsetBits,
  offsetCount,
  removeOffsets,
  touchedBlockCount,
} from './offset-bits.ts';
import { type ReservationBits, reservationBits } from './reservation-bits.ts';

export interface AddressMapInput {
  /** The subnet's block, /16 to /28. */
  readonly cidr: Cidr;
  readonly holders: readonly AddressHolder[];
  readonly reservations: readonly CidrReservation[];
}

/** The addresses of one subnet as sets of offsets from its base: what the blocks and runs are read from. */
export interface AddressBits {
  readonly used: OffsetBits;
  /** Neither used, nor in a reservation, nor AWS's. */
  readonly free: OffsetBits;
  /** Numbers of the /28 blocks that are one allocated prefix. */
  readonly prefixBlocks: OffsetBits;
  readonly reservations: ReservationBits | undefined;
}

/** How the addresses of one subnet are used, and what of them can still be given out. Counts are addresses or /28 blocks. */
export interface AddressCounts {
  /** All but AWS's five. Equals used + free + reserved, whatever the input. */
  readonly usableAddressCount: number;
  /** Held by a holder, inside a reservation or not. */
  readonly usedAddressCount: number;
  /** Not held and outside every reservation: what EC2's `AvailableIpAddressCount` is expected to say. */
  readonly freeAddressCount: number;
  /** Not held and inside a reservation. */
  readonly reservedAddressCount: number;
  /** /28 blocks that an empty subnet of this size can give as prefixes. */
  readonly maxPrefixCount: number;
  /** Free /28 blocks outside reservations. */
  readonly freePrefixCountGeneral: number;
  /** Free /28 blocks, each wholly in one `prefix` reservation. */
  readonly freePrefixCountReserved: number;
  /** General and reserved. An upper bound: EC2 keeps some ranges for single addresses by its own placement. */
  readonly freePrefixCountMost: number;
  /** Free addresses outside the first and the last /28, which hold AWS's five. */
  readonly alignableFreeAddressCount: number;
  /** Of these, the ones in a block that cannot give a prefix. */
  readonly strandedAddressCount: number;
  /** The stranded share of the alignable free addresses: 0 compact, 1 no free block; null where none is alignable. */
  readonly fragmentation: number | null;
  /**
   * The score of AWS Support's subnet-fragmentation tool, 0 to 100: the share of blocks with a used address among those and
   * the free ones, allocated prefixes left out, rounded up. Where it differs from the tool: it is 100 exactly where no block
   * is free, so 99 at most while one is, and 100 where every block is an allocated prefix (there the tool has no score); an
   * unused block that a reservation keeps from giving a prefix is not counted as free. Null for a /27 and a /28, which have
   * no candidate block. https://github.com/awslabs/aws-support-tools/tree/master/EKS/subnet-fragmentation
   */
  readonly awsFragmentationScore: number | null;
  /** Of the largest aligned block of free addresses: 28 for a /28, 32 where only single ones are left; null where none is. */
  readonly largestFreeBlockPrefixLength: number | null;
}

/** The counts with what they were read from. */
export interface AddressMap extends AddressCounts {
  readonly cidr: Cidr;
  readonly problems: readonly AddressProblem[];
  /** Problems found beyond those listed. */
  readonly unlistedProblemCount: number;
  readonly bits: AddressBits;
}

/**
 * Returns the address map of a subnet.
 *
 * An address counts once, however often it is listed. Addresses outside the subnet and on AWS's five are reported, not
 * counted. `freeAddressCount` is the number that EC2 is expected to report as `AvailableIpAddressCount`: unused addresses in
 * reservations are not available. Free blocks are 16-aligned /28s.
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-cidr-reservation.html
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html
 *
 * @throws RangeError where the block cannot be a subnet's: ask `isSubnetCidr` where it comes from outside.
 */
export function createAddressMap(input: AddressMapInput): AddressMap {
  const { cidr, holders } = input;
  if (!isSubnetCidr(cidr)) {
    throw new RangeError(`Cannot map "${formatCidr(cidr)}": expected the block of a subnet, /16 to /28`);
  }
  const problems: ProblemList = { listed: [], unlistedCount: 0 };
  const { used, prefixBlocks, heldCount, isRegular } = occupy(cidr, holders);
  const usedAddressCount = offsetCount(used);
  if (!isRegular || heldCount !== usedAddressCount) {
    reportHolderProblems(cidr, holders, problems);
  }
  const reservations = reservationBits(cidr, input.reservations, problems);
  const free = freeBits(cidr, used, reservations);
  const freeAddressCount = offsetCount(free);
  const bits: AddressBits = { used, free, prefixBlocks, reservations };

  const freePrefixCountGeneral = fullBlockCount(free);
  const freePrefixCountReserved = reservedFreeBlockCount(used, reservations);
  const freePrefixCountMost = freePrefixCountGeneral + freePrefixCountReserved;
  const alignableFreeAddressCount = freeAddressCount - addressCountOfEdges(cidr, free);
  const strandedAddressCount = alignableFreeAddressCount - ADDRESSES_PER_PREFIX * freePrefixCountGeneral;
  const largestFreeBlockLog2 = largestAlignedBlockLog2(free);
  return {
    cidr,
    usableAddressCount: usableAddressCount(cidr),
    usedAddressCount,
    freeAddressCount,
    reservedAddressCount: usableAddressCount(cidr) - usedAddressCount - freeAddressCount,
    maxPrefixCount: maxPrefixCount(cidr),
    freePrefixCountGeneral,
    freePrefixCountReserved,
    freePrefixCountMost,
    alignableFreeAddressCount,
    strandedAddressCount,
    fragmentation: alignableFreeAddressCount === 0 ? null : strandedAddressCount / alignableFreeAddressCount,
    awsFragmentationScore: awsFragmentationScore(cidr, bits, freePrefixCountMost),
    largestFreeBlockPrefixLength: largestFreeBlockLog2 === undefined ? null : 32 - largestFreeBlockLog2,
    problems: problems.listed,
    unlistedProblemCount: problems.unlistedCount,
    bits,
  };
}

interface Occupation {
  readonly used: OffsetBits;
  readonly prefixBlocks: OffsetBits;
  /** Addresses put into `used`, each as often as it was listed: more than `used` has where something is held twice. */
  heldCount: number;
  /** Every address was assignable and every prefix a whole /28 that can be allocated. */
  isRegular: boolean;
}

function occupy(cidr: Cidr, holders: readonly AddressHolder[]): Occupation {
  const span = assignableSpan(cidr);
  const size = cidrSize(cidr);
  const used = createOffsetBits(size);
  const prefixBlocks = createOffsetBits(size / ADDRESSES_PER_PREFIX);
  const occupation: Occupation = { used, prefixBlocks, heldCount: 0, isRegular: true };
  for (const holder of holders) {
    occupyAddresses(occupation, span, holder.privateIpAddresses);
    for (const prefix of holder.ipv4Prefixes) {
      occupyPrefix(occupation, span, prefix);
    }
  }
  return occupation;
}

/**
 * The innermost loop, with `assignableOffset` written out: 60,000 addresses pass here in a fifth of a millisecond. By index:
 * arrays of small and of large integers both come here, and iterating over them is three times slower.
 */
function occupyAddresses(occupation: Occupation, span: AssignableSpan, addresses: readonly Ipv4Address[]): void {
  const { used } = occupation;
  const { base, firstOffset, lastOffset } = span;
  let unassignableCount = 0;
  for (let index = 0; index < addresses.length; index += 1) {
    // Within the array, so never absent; the compiler cannot know.
    const distance = (addresses[index] ?? Number.NaN) - base;
    const offset = distance | 0;
    if (offset === distance && offset >= firstOffset && offset <= lastOffset) {
      addOffset(used, offset);
    } else {
      unassignableCount += 1;
    }
  }
  occupation.heldCount += addresses.length - unassignableCount;
  if (unassignableCount > 0) {
    occupation.isRegular = false;
  }
}

function occupyPrefix(occupation: Occupation, span: AssignableSpan, prefix: Cidr): void {
  const range = assignableRange(span, prefix);
  if (range === undefined) {
    occupation.isRegular = false;
    return;
  }
  addOffsetRange(occupation.used, range.first, range.last);
  const addressCount = range.last - range.first + 1;
  occupation.heldCount += addressCount;
  if (isAlignedPrefix(prefix) && addressCount === ADDRESSES_PER_PREFIX) {
    addOffset(occupation.prefixBlocks, blockOf(range.first));
  } else {
    occupation.isRegular = false;
  }
}

function freeBits(cidr: Cidr, used: OffsetBits, reservations: ReservationBits | undefined): OffsetBits {
  const { firstOffset, lastOffset } = assignableSpan(cidr);
  const free = createOffsetBits(cidrSize(cidr));
  addOffsetRange(free, firstOffset, lastOffset);
  removeOffsets(free, used);
  if (reservations !== undefined) {
    removeOffsets(free, reservations.reserved);
  }
  return free;
}

/** The sets have no offset of AWS's, so the first and the last block are never full. */
function reservedFreeBlockCount(used: OffsetBits, reservations: ReservationBits | undefined): number {
  if (reservations === undefined) {
    return 0;
  }
  const free = reservations.prefix.slice();
  removeOffsets(free, reservations.explicit);
  removeOffsets(free, used);
  return fullBlockCount(free);
}

/** Returns the numbers of the blocks that hold AWS's five: one block in a /28. */
function edgeBlocks(cidr: Cidr): readonly number[] {
  const lastBlock = cidrSize(cidr) / ADDRESSES_PER_PREFIX - 1;
  return lastBlock === 0 ? [0] : [0, lastBlock];
}

function addressCountOfEdges(cidr: Cidr, bits: OffsetBits): number {
  return edgeBlocks(cidr).reduce((count, block) => count + bitCount(blockBits(bits, block)), 0);
}

const SCORE_NO_FREE_BLOCK = 100;

function awsFragmentationScore(cidr: Cidr, bits: AddressBits, freeBlockCount: number): number | null {
  if (maxPrefixCount(cidr) === 0) {
    return null;
  }
  if (freeBlockCount === 0) {
    return SCORE_NO_FREE_BLOCK;
  }
  const touchedEdgeCount = edgeBlocks(cidr).filter((block) => blockBits(bits.used, block) !== 0).length;
  const unusableCount = touchedBlockCount(bits.used) - touchedEdgeCount - offsetCount(bits.prefixBlocks);
  const score = Math.ceil((SCORE_NO_FREE_BLOCK * unusableCount) / (freeBlockCount + unusableCount));
  return Math.min(score, SCORE_NO_FREE_BLOCK - 1);
}
