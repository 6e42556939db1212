/**
 * What a subnet's figures must be, found by looking at each of its addresses: plain numbers and Sets, and nothing of
 * lib/domain. It shares no code with what it checks.
 */

export interface ListedSubnet {
  readonly cidrBlock: string;
  readonly availableIpAddressCount: number;
  readonly addresses: readonly string[];
  readonly reservations: readonly { readonly cidr: string; readonly type: string }[];
}

export function enumeratedFigures(listed: ListedSubnet) {
  const [first, length] = block(listed.cidrBlock);
  const size = 2 ** (32 - length);
  const all = range(first, size);
  const keptByAws = new Set([first, first + 1, first + 2, first + 3, first + size - 1]);
  const used = new Set(
    listed.addresses.map(numberOf).filter((address) => isIn(address, first, size) && !keptByAws.has(address)),
  );
  const reserved = new Set<number>();
  const reservedForPrefixes = new Set<number>();
  for (const { cidr, type } of listed.reservations) {
    const [from, reservationLength] = block(cidr);
    for (const address of range(from, 2 ** (32 - reservationLength))) {
      reserved.add(address);
      if (type === 'prefix') {
        reservedForPrefixes.add(address);
      }
    }
  }
  const isUnused = (address: number) => !used.has(address) && !keptByAws.has(address);
  const free = new Set(all.filter((address) => isUnused(address) && !reserved.has(address)));
  const freeReserved = all.filter((address) => isUnused(address) && reserved.has(address));

  const blocks = Array.from({ length: Math.floor(size / 16) }, (_, index) => range(first + 16 * index, 16));
  const generalBlocks = blocks.filter((addresses) => addresses.every((address) => free.has(address)));
  const reservedBlocks = blocks.filter((addresses) =>
    addresses.every((address) => isUnused(address) && reservedForPrefixes.has(address)),
  );
  const inner = blocks.slice(1, -1);
  const alignable = inner.flat().filter((address) => free.has(address));
  const stranded = inner
    .filter((addresses) => !addresses.every((address) => free.has(address)))
    .flat()
    .filter((address) => free.has(address));
  const unaccounted = listed.availableIpAddressCount - free.size;
  const most = generalBlocks.length + reservedBlocks.length;
  return {
    usableAddressCount: size - 5,
    usedAddressCount: used.size,
    freeAddressCount: free.size,
    reservedAddressCount: freeReserved.length,
    availableIpAddressCount: listed.availableIpAddressCount,
    unaccountedAddressCount: unaccounted,
    addressesLeft: Math.min(free.size, listed.availableIpAddressCount),
    maxPrefixCount: inner.length,
    freePrefixCountMost: most,
    freePrefixCountReserved: reservedBlocks.length,
    freePrefixCount: Math.max(0, most - Math.max(0, -unaccounted)),
    largestFreeBlockPrefixLength: largestFreeBlock(first, length, free),
    strandedAddressCount: stranded.length,
    fragmentation: alignable.length === 0 ? null : stranded.length / alignable.length,
  };
}

function largestFreeBlock(first: number, length: number, free: ReadonlySet<number>): number | null {
  for (let candidate = length; candidate <= 32; candidate += 1) {
    const size = 2 ** (32 - candidate);
    for (let index = 0; index < 2 ** (candidate - length); index += 1) {
      if (range(first + index * size, size).every((address) => free.has(address))) {
        return candidate;
      }
    }
  }
  return null;
}

function block(cidr: string): [number, number] {
  const [address = '', length = ''] = cidr.split('/');
  return [numberOf(address), Number(length)];
}

function numberOf(address: string): number {
  return address.split('.').reduce((value, part) => value * 256 + Number(part), 0);
}

function isIn(address: number, first: number, size: number): boolean {
  return address >= first && address < first + size;
}

function range(first: number, size: number): number[] {
  return Array.from({ length: size }, (_, index) => first + index);
}
