import type { AddressHolder } from './address-holder.ts';
import type { AddressMap } from './address-map.ts';
import {
  type AssignableSpan,
  assignableOffset,
  assignableRange,
  assignableSpan,
  type OffsetRange,
} from './assignable-span.ts';
import { ADDRESSES_PER_PREFIX, type Cidr, cidrSize, PREFIX_LENGTH } from './cidr.ts';
import type { Ipv4Address } from './ipv4.ts';
import { bitCount, blockBits, blockOf, hasOffset } from './offset-bits.ts';
import type { ReservationBits } from './reservation-bits.ts';

/**
 * `aws-reserved`: the first and the last block, which hold AWS's five. `prefix`: one allocated prefix. `full`: all 16
 * addresses used otherwise. `fragmented`: some used. `free`: none used.
 */
export type AddressBlockState = 'aws-reserved' | 'prefix' | 'full' | 'fragmented' | 'free';

/**
 * Of the block's assignable addresses: `none` in a reservation; all in one `prefix` reservation; all in reservations that
 * give no prefix (`explicit`, or a type not known); otherwise `mixed`: an edge crosses the block, two kinds meet in it, or
 * `prefix` reservations smaller than a block share it.
 */
export type AddressBlockReservation = 'none' | 'prefix' | 'explicit' | 'mixed';

/** One 16-aligned /28 of a subnet. */
export interface AddressBlock {
  readonly cidr: Cidr;
  readonly state: AddressBlockState;
  readonly reservation: AddressBlockReservation;
  readonly usedAddressCount: number;
  /** Neither used nor in a reservation. */
  readonly freeAddressCount: number;
  /** Not used and in a reservation. */
  readonly reservedAddressCount: number;
  readonly canGivePrefix: boolean;
  /** Who holds an address of it: distinct indexes into the holders given, ascending. */
  readonly holderIndexes: readonly number[];
}

/** Returns every /28 block of a subnet in order of address. `holders` are the ones the map was made of. */
export function addressBlocks(map: AddressMap, holders: readonly AddressHolder[]): readonly AddressBlock[] {
  const blockCount = cidrSize(map.cidr) / ADDRESSES_PER_PREFIX;
  const holdersOf = holdersByBlock(map.cidr, blockCount, holders);
  const blocks: AddressBlock[] = [];
  for (let block = 0; block < blockCount; block += 1) {
    const isEdge = block === 0 || block === blockCount - 1;
    const assignable = assignableBits(block, blockCount);
    const usedAddressCount = bitCount(blockBits(map.bits.used, block));
    const freeAddressCount = bitCount(blockBits(map.bits.free, block));
    const reservation = blockReservation(map.bits.reservations, block, assignable);
    const isPrefix = hasOffset(map.bits.prefixBlocks, block);
    const state = isEdge ? 'aws-reserved' : innerBlockState(usedAddressCount, isPrefix);
    blocks.push({
      cidr: { base: map.cidr.base + block * ADDRESSES_PER_PREFIX, prefixLength: PREFIX_LENGTH },
      state,
      reservation,
      usedAddressCount,
      freeAddressCount,
      reservedAddressCount: bitCount(assignable) - usedAddressCount - freeAddressCount,
      canGivePrefix: state === 'free' && (reservation === 'none' || reservation === 'prefix'),
      holderIndexes: holdersOf(block),
    });
  }
  return blocks;
}

const BLOCK_BITS = 0xffff;
const FIRST_BLOCK_BITS = 0xfff0;
const LAST_BLOCK_BITS = 0x7fff;

/** All bits of the block but AWS's: four in the first, one in the last. */
function assignableBits(block: number, blockCount: number): number {
  return (block === 0 ? FIRST_BLOCK_BITS : BLOCK_BITS) & (block === blockCount - 1 ? LAST_BLOCK_BITS : BLOCK_BITS);
}

function innerBlockState(usedAddressCount: number, isPrefix: boolean): AddressBlockState {
  if (isPrefix) {
    return 'prefix';
  }
  if (usedAddressCount === 0) {
    return 'free';
  }
  return usedAddressCount === ADDRESSES_PER_PREFIX ? 'full' : 'fragmented';
}

function blockReservation(
  reservations: ReservationBits | undefined,
  block: number,
  assignable: number,
): AddressBlockReservation {
  if (reservations === undefined || blockBits(reservations.reserved, block) === 0) {
    return 'none';
  }
  const explicit = blockBits(reservations.explicit, block);
  const prefix = blockBits(reservations.prefix, block);
  if (prefix === assignable && explicit === 0) {
    return 'prefix';
  }
  return explicit === assignable && prefix === 0 ? 'explicit' : 'mixed';
}

/** Pairs of a block and a holder in it, each once, by ascending holder. */
interface HeldBlocks {
  readonly blocks: number[];
  readonly holderIndexes: number[];
  /** The last holder seen in each block. */
  readonly latestHolders: Int32Array;
}

/**
 * Returns a function from a block's number to its holders. A counting sort lays the holders of all blocks out in one array:
 * they come in ascending order, so each block's share is ascending and distinct without comparing.
 */
function holdersByBlock(
  cidr: Cidr,
  blockCount: number,
  holders: readonly AddressHolder[],
): (block: number) => readonly number[] {
  const { blocks, holderIndexes } = heldBlocks(cidr, blockCount, holders);
  // Counts, moved two places up so that after the sums below entry b + 1 is where block b's share begins.
  const ends = new Uint32Array(blockCount + 2);
  for (const block of blocks) {
    ends[block + 2] = (ends[block + 2] ?? 0) + 1;
  }
  for (let block = 0; block < blockCount; block += 1) {
    ends[block + 2] = (ends[block + 2] ?? 0) + (ends[block + 1] ?? 0);
  }
  // The copy only gives the length: every place of it is written. Each pair moves an entry on: in the end entry b + 1
  // is where block b's share ends, and entry b where it begins.
  const laidOut = holderIndexes.slice();
  for (let pair = 0; pair < blocks.length; pair += 1) {
    const entry = (blocks[pair] ?? 0) + 1;
    const position = ends[entry] ?? 0;
    laidOut[position] = holderIndexes[pair] ?? 0;
    ends[entry] = position + 1;
  }
  return (block) => laidOut.slice(ends[block], ends[block + 1]);
}

const NO_HOLDER = -1;

function heldBlocks(cidr: Cidr, blockCount: number, holders: readonly AddressHolder[]): HeldBlocks {
  const span = assignableSpan(cidr);
  const held: HeldBlocks = {
    blocks: [],
    holderIndexes: [],
    latestHolders: new Int32Array(blockCount).fill(NO_HOLDER),
  };
  for (const [holderIndex, holder] of holders.entries()) {
    addAddressBlocks(held, span, holder.privateIpAddresses, holderIndex);
    for (const prefix of holder.ipv4Prefixes) {
      const range = assignableRange(span, prefix);
      if (range !== undefined) {
        addBlocks(held, range, holderIndex);
      }
    }
  }
  return held;
}

function addAddressBlocks(
  held: HeldBlocks,
  span: AssignableSpan,
  addresses: readonly Ipv4Address[],
  holderIndex: number,
): void {
  for (let index = 0; index < addresses.length; index += 1) {
    // Within the array, so never absent; the compiler cannot know.
    const offset = assignableOffset(span, addresses[index] ?? Number.NaN);
    if (offset >= 0) {
      addBlock(held, blockOf(offset), holderIndex);
    }
  }
}

function addBlocks(held: HeldBlocks, range: OffsetRange, holderIndex: number): void {
  for (let block = blockOf(range.first); block <= blockOf(range.last); block += 1) {
    addBlock(held, block, holderIndex);
  }
}

function addBlock(held: HeldBlocks, block: number, holderIndex: number): void {
  if (held.latestHolders[block] !== holderIndex) {
    held.latestHolders[block] = holderIndex;
    held.blocks.push(block);
    held.holderIndexes.push(holderIndex);
  }
}
