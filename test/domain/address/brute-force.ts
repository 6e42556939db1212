import type { AddressMapInput } from '../../../lib/domain/address/address-map.ts';
import { type Cidr, formatCidr, parseCidr } from '../../../lib/domain/address/cidr.ts';

/**
 * The arithmetic of an address map done the slow and obvious way: sets of integers, one /28 after the other, one address
 * after the other. It shares no arithmetic with the real one, and is what that one is compared with.
 */

export interface BruteForceBlock {
  readonly cidr: Cidr;
  readonly state: string;
  readonly reservation: string;
  readonly usedAddressCount: number;
  readonly freeAddressCount: number;
  readonly reservedAddressCount: number;
  readonly canGivePrefix: boolean;
  readonly holderIndexes: readonly number[];
}

interface Range {
  readonly first: number;
  readonly last: number;
}

interface Sets {
  readonly addresses: readonly number[];
  readonly assignable: ReadonlySet<number>;
  readonly used: ReadonlySet<number>;
  /** The holders of each address that is listed, assignable or not. */
  readonly holders: ReadonlyMap<number, ReadonlySet<number>>;
  readonly reserved: ReadonlySet<number>;
  readonly reservations: readonly (Range & { readonly kind: string })[];
}

function rangeOf(cidr: Cidr): Range {
  return { first: cidr.base, last: cidr.base + 2 ** (32 - cidr.prefixLength) - 1 };
}

function isRealBlock(cidr: Cidr): boolean {
  return (
    Number.isInteger(cidr.base) &&
    Number.isInteger(cidr.prefixLength) &&
    cidr.prefixLength >= 0 &&
    cidr.prefixLength <= 32
  );
}

function isWithin(address: number, range: Range): boolean {
  return address >= range.first && address <= range.last;
}

function setsOf(input: AddressMapInput): Sets {
  const { first, last } = rangeOf(input.cidr);
  const addresses = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const assignable = new Set(addresses.slice(4, -1));
  const holders = new Map<number, Set<number>>();
  const list = (address: number, holderIndex: number): void => {
    holders.set(address, (holders.get(address) ?? new Set()).add(holderIndex));
  };
  for (const [holderIndex, holder] of input.holders.entries()) {
    for (const address of holder.privateIpAddresses) {
      list(address, holderIndex);
    }
    for (const prefix of holder.ipv4Prefixes.filter(isRealBlock)) {
      for (const address of addresses.filter((inside) => isWithin(inside, rangeOf(prefix)))) {
        list(address, holderIndex);
      }
    }
  }
  const used = new Set([...assignable].filter((address) => holders.has(address)));
  const reservations = input.reservations.flatMap((reservation) => {
    const cidr = parseCidr(reservation.cidr);
    return cidr === undefined
      ? []
      : [{ ...rangeOf(cidr), kind: reservation.reservationType === 'prefix' ? 'prefix' : 'explicit' }];
  });
  const reserved = new Set(
    [...assignable].filter(
      (address) => !used.has(address) && reservations.some((reservation) => isWithin(address, reservation)),
    ),
  );
  return { addresses, assignable, used, holders, reserved, reservations };
}

function isFree(sets: Sets, address: number): boolean {
  return sets.assignable.has(address) && !sets.used.has(address) && !sets.reserved.has(address);
}

function reservationOf(sets: Sets, block: readonly number[]): string {
  const assignable = block.filter((address) => sets.assignable.has(address));
  const covering = sets.reservations.filter((range) => assignable.some((address) => isWithin(address, range)));
  if (covering.length === 0) {
    return 'none';
  }
  const isWholePrefix = (range: Range): boolean => block.every((address) => isWithin(address, range));
  const explicit = covering.filter((range) => range.kind === 'explicit');
  const wholePrefix = covering.filter((range) => range.kind === 'prefix' && isWholePrefix(range));
  if (wholePrefix.length > 0 && explicit.length === 0) {
    return 'prefix';
  }
  const isAllExplicit = assignable.every((address) => explicit.some((range) => isWithin(address, range)));
  return isAllExplicit && wholePrefix.length === 0 ? 'explicit' : 'mixed';
}

function isAllocatedPrefix(input: AddressMapInput, block: readonly number[]): boolean {
  return input.holders.some((holder) =>
    holder.ipv4Prefixes.some((prefix) => prefix.base === block[0] && prefix.prefixLength === 28),
  );
}

function stateOf(input: AddressMapInput, sets: Sets, block: readonly number[]): string {
  if (block.some((address) => !sets.assignable.has(address))) {
    return 'aws-reserved';
  }
  if (isAllocatedPrefix(input, block)) {
    return 'prefix';
  }
  const used = block.filter((address) => sets.used.has(address));
  if (used.length === 0) {
    return 'free';
  }
  return used.length === 16 ? 'full' : 'fragmented';
}

export function bruteForceBlocks(input: AddressMapInput): readonly BruteForceBlock[] {
  const sets = setsOf(input);
  const blocks: BruteForceBlock[] = [];
  for (let index = 0; index < sets.addresses.length; index += 16) {
    const block = sets.addresses.slice(index, index + 16);
    const state = stateOf(input, sets, block);
    const reservation = reservationOf(sets, block);
    const assignable = block.filter((address) => sets.assignable.has(address));
    const holderIndexes = new Set(assignable.flatMap((address) => [...(sets.holders.get(address) ?? [])]));
    blocks.push({
      cidr: { base: block[0] ?? Number.NaN, prefixLength: 28 },
      state,
      reservation,
      usedAddressCount: block.filter((address) => sets.used.has(address)).length,
      freeAddressCount: block.filter((address) => isFree(sets, address)).length,
      reservedAddressCount: block.filter((address) => sets.reserved.has(address)).length,
      canGivePrefix: state === 'free' && (reservation === 'none' || reservation === 'prefix'),
      holderIndexes: [...holderIndexes].sort((a, b) => a - b),
    });
  }
  return blocks;
}

/** Runs of free addresses, found by looking at each address. */
export function bruteForceRuns(input: AddressMapInput): readonly { first: number; addressCount: number }[] {
  const sets = setsOf(input);
  const runs: { first: number; addressCount: number }[] = [];
  for (const address of sets.addresses.filter((candidate) => isFree(sets, candidate))) {
    const run = runs.at(-1);
    if (run !== undefined && run.first + run.addressCount === address) {
      run.addressCount += 1;
    } else {
      runs.push({ first: address, addressCount: 1 });
    }
  }
  return runs;
}

/** Aligned blocks of free addresses that lie in no larger one, by trying every block of every size, the largest first. */
export function bruteForceCidrs(input: AddressMapInput): readonly string[] {
  const sets = setsOf(input);
  const taken = new Set<number>();
  const cidrs: string[] = [];
  for (let prefixLength = input.cidr.prefixLength; prefixLength <= 32; prefixLength += 1) {
    const size = 2 ** (32 - prefixLength);
    for (let index = 0; index < sets.addresses.length; index += size) {
      const block = sets.addresses.slice(index, index + size);
      if (block.every((address) => isFree(sets, address) && !taken.has(address))) {
        cidrs.push(formatCidr({ base: block[0] ?? Number.NaN, prefixLength }));
        for (const address of block) {
          taken.add(address);
        }
      }
    }
  }
  return cidrs;
}

/** Every figure of an address map. */
export function bruteForceFigures(input: AddressMapInput) {
  const sets = setsOf(input);
  const blocks = bruteForceBlocks(input);
  const inner = blocks.slice(1, -1);
  const free = sets.addresses.filter((address) => isFree(sets, address)).length;
  const general = inner.filter((block) => block.canGivePrefix && block.reservation === 'none').length;
  const reserved = inner.filter((block) => block.canGivePrefix && block.reservation === 'prefix').length;
  const alignable = inner.reduce((count, block) => count + block.freeAddressCount, 0);
  const stranded = inner
    .filter((block) => !block.canGivePrefix)
    .reduce((count, block) => count + block.freeAddressCount, 0);
  return {
    usableAddressCount: sets.assignable.size,
    usedAddressCount: sets.used.size,
    freeAddressCount: free,
    reservedAddressCount: sets.reserved.size,
    maxPrefixCount: inner.length,
    freePrefixCountGeneral: general,
    freePrefixCountReserved: reserved,
    freePrefixCountMost: general + reserved,
    alignableFreeAddressCount: alignable,
    strandedAddressCount: stranded,
    fragmentation: alignable === 0 ? null : stranded / alignable,
    awsFragmentationScore: bruteForceScore(inner),
    largestFreeBlockPrefixLength: Number(bruteForceCidrs(input)[0]?.split('/')[1] ?? Number.NaN) || null,
  };
}

function bruteForceScore(inner: readonly BruteForceBlock[]): number | null {
  if (inner.length === 0) {
    return null;
  }
  const free = inner.filter((block) => block.canGivePrefix).length;
  const broken = inner.filter((block) => block.state === 'fragmented' || block.state === 'full').length;
  return free === 0 ? 100 : Math.min(99, Math.ceil((100 * broken) / (free + broken)));
}

/** How many problems of each code there are. */
export function bruteForceProblemCounts(input: AddressMapInput): Readonly<Record<string, number>> {
  const sets = setsOf(input);
  const subnet = rangeOf(input.cidr);
  const counts: Record<string, number> = {};
  const add = (code: string, count: number): void => {
    if (count > 0) {
      counts[code] = (counts[code] ?? 0) + count;
    }
  };
  const listed = input.holders.flatMap((holder) => holder.privateIpAddresses);
  const isInSubnet = (address: number): boolean => sets.addresses.includes(address);
  add('address-outside-subnet', listed.filter((address) => !isInSubnet(address)).length);
  const isAws = (address: number): boolean => isInSubnet(address) && !sets.assignable.has(address);
  add('address-reserved-by-aws', listed.filter(isAws).length);
  const assigned = listed.filter((address) => sets.assignable.has(address));
  const repeated = assigned.filter((address, index) => assigned.indexOf(address) !== index);
  add('address-duplicated', new Set(repeated).size);

  const prefixes = input.holders.flatMap((holder) => holder.ipv4Prefixes);
  add('prefix-misaligned', prefixes.filter((prefix) => prefix.prefixLength !== 28 || prefix.base % 16 !== 0).length);
  const sticksOut = (range: Range): boolean => !(isWithin(range.first, subnet) && isWithin(range.last, subnet));
  const real = prefixes.filter(isRealBlock).map(rangeOf);
  add('prefix-outside-subnet', real.filter(sticksOut).length);
  const touches = (range: Range, set: readonly number[]) => set.some((address) => isWithin(address, range));
  const aws = sets.addresses.filter((address) => !sets.assignable.has(address));
  add('prefix-reserved-by-aws', real.filter((range) => touches(range, aws)).length);
  add('prefix-holds-address', real.filter((range) => touches(range, assigned)).length);
  const clipped = real.flatMap((range) => {
    const inside = [...sets.assignable].filter((address) => isWithin(address, range));
    return inside.length === 0 ? [] : [{ first: inside[0] ?? 0, last: inside.at(-1) ?? 0 }];
  });
  add('prefix-overlap', overlapCount(clipped));

  const known = ['prefix', 'explicit'];
  add('reservation-type-unknown', input.reservations.filter((one) => !known.includes(one.reservationType)).length);
  add('reservation-malformed', input.reservations.length - sets.reservations.length);
  add('reservation-outside-subnet', sets.reservations.filter(sticksOut).length);
  add('reservation-overlap', overlapCount(sets.reservations.filter((range) => touches(range, sets.addresses))));
  return counts;
}

/** How many ranges share an address with one that begins no later, comparing every pair. */
function overlapCount(ranges: readonly Range[]): number {
  const sorted = ranges.toSorted((a, b) => a.first - b.first || b.last - a.last);
  return sorted.filter((range, index) => sorted.slice(0, index).some((other) => other.last >= range.first)).length;
}
