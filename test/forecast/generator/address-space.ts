import { nextBelow, type Random } from '../../../lib/local/simulated-aws/build/random.ts';

export const BLOCK_ADDRESSES = 16;
/** The first four addresses and the last one are AWS's: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const FIRST_USABLE = 4;
const LAST_RESERVED = 1;
const TAKEN = -1;
/** What was asked for and not there: it is held by nobody, and counts as unmet. */
export const UNMET = -1;

/** The addresses of a subnet: which are free, and how many of each /28 block are taken. */
export interface AddressSpace {
  readonly size: number;
  /** Free addresses in no order, so that taking any one is one swap. */
  readonly free: number[];
  /** Where an address is in `free`; -1 where it is not. */
  readonly places: Int32Array;
  /** Taken or reserved addresses of each block. */
  readonly takenByBlock: Uint8Array;
  /** Addresses from here on are reserved: what is given back there is not free again. */
  reservedFrom: number;
  held: number;
  /** Addresses and blocks that are wanted and not there. */
  unmetAddresses: number;
  unmetBlocks: number;
  readonly random: Random;
  /** How many places are tried to find one in a block that is in use already. */
  readonly compactTries: number;
}

/** Returns an empty subnet. */
export function createAddressSpace(prefixLength: number, random: Random, compactTries: number): AddressSpace {
  const size = 2 ** (32 - prefixLength);
  const places = new Int32Array(size).fill(TAKEN);
  const takenByBlock = new Uint8Array(size / BLOCK_ADDRESSES).fill(BLOCK_ADDRESSES);
  const space: AddressSpace = {
    size,
    free: [],
    places,
    takenByBlock,
    reservedFrom: size,
    held: 0,
    unmetAddresses: 0,
    unmetBlocks: 0,
    random,
    compactTries,
  };
  for (let address = FIRST_USABLE; address < size - LAST_RESERVED; address += 1) {
    putFree(space, address);
  }
  return space;
}

/** Takes one address and returns it, or `UNMET`. */
export function takeAddress(space: AddressSpace): number {
  const { free, random, takenByBlock } = space;
  let chosen: number | undefined;
  for (let tries = 0; tries < space.compactTries; tries += 1) {
    chosen = free[nextBelow(random, free.length)];
    if (chosen === undefined || (takenByBlock[blockOf(chosen)] ?? 0) > 0) {
      break;
    }
  }
  if (chosen === undefined) {
    space.unmetAddresses += 1;
    return UNMET;
  }
  dropFree(space, chosen);
  space.held += 1;
  return chosen;
}

/** Takes one wholly free /28 block and returns its number, or `UNMET`. The first and the last hold AWS's own addresses. */
export function takeBlock(space: AddressSpace): number {
  const free = freeBlocks(space);
  const block = free[nextBelow(space.random, free.length)];
  if (block === undefined) {
    space.unmetBlocks += 1;
    return UNMET;
  }
  for (let offset = 0; offset < BLOCK_ADDRESSES; offset += 1) {
    dropFree(space, block * BLOCK_ADDRESSES + offset);
  }
  space.held += BLOCK_ADDRESSES;
  return block;
}

/** Gives an address back; one that is `UNMET` is no longer wanted. */
export function giveAddress(space: AddressSpace, address: number): void {
  if (address === UNMET) {
    space.unmetAddresses -= 1;
    return;
  }
  space.held -= 1;
  if (address < space.reservedFrom) {
    putFree(space, address);
  }
}

/** Gives a block back. */
export function giveBlock(space: AddressSpace, block: number): void {
  if (block === UNMET) {
    space.unmetBlocks -= 1;
    return;
  }
  for (let offset = 0; offset < BLOCK_ADDRESSES; offset += 1) {
    giveAddress(space, block * BLOCK_ADDRESSES + offset);
  }
}

/** Reserves the addresses of the last `blocks` blocks explicitly: those in use stay so until they are given back. */
export function reserveLast(space: AddressSpace, blocks: number): void {
  space.reservedFrom = space.size - blocks * BLOCK_ADDRESSES;
  for (let address = space.reservedFrom; address < space.size; address += 1) {
    dropFree(space, address);
  }
}

/** Returns how many addresses can be taken or are: all but AWS's and what is reserved and not in use. */
export function capacityOf(space: AddressSpace): number {
  return space.free.length + space.held;
}

/** Returns the numbers of the wholly free blocks. */
export function freeBlocks({ takenByBlock }: AddressSpace): number[] {
  const blocks: number[] = [];
  for (let block = 0; block < takenByBlock.length; block += 1) {
    if (takenByBlock[block] === 0) {
      blocks.push(block);
    }
  }
  return blocks;
}

function blockOf(address: number): number {
  return Math.floor(address / BLOCK_ADDRESSES);
}

function putFree({ free, places, takenByBlock }: AddressSpace, address: number): void {
  places[address] = free.length;
  free.push(address);
  takenByBlock[blockOf(address)] = (takenByBlock[blockOf(address)] ?? 0) - 1;
}

function dropFree({ free, places, takenByBlock }: AddressSpace, address: number): void {
  const place = places[address] ?? TAKEN;
  const last = free.at(-1);
  if (place === TAKEN || last === undefined) {
    return;
  }
  free[place] = last;
  places[last] = place;
  free.pop();
  places[address] = TAKEN;
  takenByBlock[blockOf(address)] = (takenByBlock[blockOf(address)] ?? 0) + 1;
}
