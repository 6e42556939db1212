import { addressesAwsKeeps, PREFIX_ADDRESSES, rangeOfCidr } from './cidr-addresses.ts';
import { nextBelow, type Random } from './random.ts';

/**
 * Which addresses of one subnet are given away. An address is named by its offset from the subnet's first one, a /28 block
 * by its offset divided by 16. Everything is counted as it changes, so that no question walks through the subnet's interfaces.
 */
export interface AddressPool {
  /** The number of the subnet's first address. */
  readonly first: number;
  readonly size: number;
  /** 1 for each address that AWS or an interface has. */
  readonly held: Uint8Array;
  /** For each address the place of its CIDR reservation in `reservationTypes`, plus one; 0 outside of them. */
  readonly reservedBy: Uint8Array;
  readonly reservationTypes: string[];
  /** Held addresses of each block. */
  readonly heldInBlock: Uint8Array;
  /** Addresses neither held nor reserved: what EC2 reports as `AvailableIpAddressCount`. */
  freeCount: number;
}

/** Beyond this many misses a subnet is so full that the next free address after a random one is taken. */
const RANDOM_TRIES = 8;

/** Returns the pool of a subnet's IPv4 CIDR in which only the five addresses that AWS keeps are held. */
export function addressPool(cidr: string): AddressPool {
  const { first, count: size } = rangeOfCidr(cidr);
  const pool: AddressPool = {
    first,
    size,
    held: new Uint8Array(size),
    reservedBy: new Uint8Array(size),
    reservationTypes: [],
    heldInBlock: new Uint8Array(size / PREFIX_ADDRESSES),
    freeCount: size,
  };
  for (const address of addressesAwsKeeps({ first, count: size })) {
    hold(pool, address - first);
  }
  return pool;
}

/** Marks an address as held; says whether it was free to be held. */
export function hold(pool: AddressPool, offset: number): boolean {
  if (pool.held[offset] !== 0) {
    return false;
  }
  pool.held[offset] = 1;
  add(pool.heldInBlock, blockOf(offset), 1);
  pool.freeCount -= pool.reservedBy[offset] === 0 ? 1 : 0;
  return true;
}

/** Gives a held address back. */
export function release(pool: AddressPool, offset: number): void {
  if (pool.held[offset] !== 1) {
    throw new Error(`Cannot release the address at offset ${offset}: nothing holds it`);
  }
  pool.held[offset] = 0;
  add(pool.heldInBlock, blockOf(offset), -1);
  pool.freeCount += pool.reservedBy[offset] === 0 ? 1 : 0;
}

/** Marks a CIDR as reserved; addresses in it that are held stay so. `type` is EC2's: `prefix` or `explicit`. */
export function reserve(pool: AddressPool, cidr: string, type: string): void {
  const { first, count } = rangeOfCidr(cidr);
  pool.reservationTypes.push(type);
  for (let offset = first - pool.first; offset < first - pool.first + count; offset += 1) {
    pool.freeCount -= pool.held[offset] === 0 && pool.reservedBy[offset] === 0 ? 1 : 0;
    pool.reservedBy[offset] = pool.reservationTypes.length;
  }
}

/** Returns an address outside reservations that nobody holds: a random one, or the lowest where `random` is left out. */
export function freeOffset(pool: AddressPool, random: Random | undefined): number | undefined {
  if (pool.freeCount === 0) {
    return undefined;
  }
  let start = 0;
  for (let tries = 0; random !== undefined && tries < RANDOM_TRIES; tries += 1) {
    start = nextBelow(random, pool.size);
    if (isFree(pool, start)) {
      return start;
    }
  }
  for (let step = 0; step < pool.size; step += 1) {
    const offset = (start + step) % pool.size;
    if (isFree(pool, offset)) {
      return offset;
    }
  }
  return undefined;
}

/**
 * Returns the first offset of a /28 block that EC2 may give to an interface: one inside a `prefix` reservation as long as
 * there is any, else one outside of all reservations; a random one of them, or the lowest where `random` is left out.
 * https://docs.aws.amazon.com/vpc/latest/userguide/subnet-cidr-reservation.html
 */
export function freeBlockOffset(pool: AddressPool, random: Random | undefined): number | undefined {
  const inside: number[] = [];
  const outside: number[] = [];
  for (let block = 0; block < pool.heldInBlock.length; block += 1) {
    if (pool.heldInBlock[block] === 0) {
      const reservation = reservationOfBlock(pool, block);
      if (reservation === 'prefix') {
        inside.push(block);
      } else if (reservation === 'none') {
        outside.push(block);
      }
    }
  }
  const candidates = inside.length > 0 ? inside : outside;
  const chosen = candidates[random === undefined || candidates.length === 0 ? 0 : nextBelow(random, candidates.length)];
  return chosen === undefined ? undefined : chosen * PREFIX_ADDRESSES;
}

/** Marks a block's 16 addresses as held. */
export function holdBlock(pool: AddressPool, blockOffset: number): void {
  for (let offset = blockOffset; offset < blockOffset + PREFIX_ADDRESSES; offset += 1) {
    hold(pool, offset);
  }
}

/** Gives a block's 16 addresses back. */
export function releaseBlock(pool: AddressPool, blockOffset: number): void {
  for (let offset = blockOffset; offset < blockOffset + PREFIX_ADDRESSES; offset += 1) {
    release(pool, offset);
  }
}

/** The type of the one reservation that a block lies in, `none` outside of all, `mixed` where an edge runs through it. */
function reservationOfBlock(pool: AddressPool, block: number): string {
  const start = block * PREFIX_ADDRESSES;
  const reservation = pool.reservedBy[start];
  for (let offset = start + 1; offset < start + PREFIX_ADDRESSES; offset += 1) {
    if (pool.reservedBy[offset] !== reservation) {
      return 'mixed';
    }
  }
  return reservation === undefined || reservation === 0 ? 'none' : (pool.reservationTypes[reservation - 1] ?? 'mixed');
}

function isFree(pool: AddressPool, offset: number): boolean {
  return pool.held[offset] === 0 && pool.reservedBy[offset] === 0;
}

function blockOf(offset: number): number {
  return Math.floor(offset / PREFIX_ADDRESSES);
}

function add(counts: Uint8Array, index: number, change: number): void {
  const count = counts[index];
  if (count !== undefined) {
    counts[index] = count + change;
  }
}
