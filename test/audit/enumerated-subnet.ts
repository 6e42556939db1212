/**
 * The figures of a subnet, found by listing its addresses one by one in sets of texts. It knows nothing of how the audit
 * counts: no bits, no shared arithmetic.
 */

export interface EnumeratedInput {
  readonly cidrBlock: string;
  /** EC2's word. */
  readonly availableIpAddressCount: number;
  /** Every private address that something holds. */
  readonly addresses: readonly string[];
  /** Blocks that interfaces or endpoints hold. */
  readonly prefixes?: readonly string[];
  readonly reservations?: readonly { readonly cidr: string; readonly type: 'prefix' | 'explicit' }[];
}

/** Returns the figures by the names of the subnet's view. */
export function enumeratedSubnet(input: EnumeratedInput) {
  const { cidrBlock, availableIpAddressCount, addresses, prefixes = [], reservations = [] } = input;
  const all = addressesOf(cidrBlock);
  const assignable = new Set(all.slice(4, -1));
  const used = intersection(assignable, [...addresses, ...prefixes.flatMap(addressesOf)]);
  const inReservations = new Set(reservations.flatMap(({ cidr }) => addressesOf(cidr)));
  const unused = [...assignable].filter((address) => !used.has(address));
  const reserved = unused.filter((address) => inReservations.has(address));
  const free = new Set(unused.filter((address) => !inReservations.has(address)));

  const blocks = chunksOf(all, 16).filter((block) => block.every((address) => assignable.has(address)));
  const untouched = blocks.filter((block) => block.every((address) => !used.has(address)));
  const general = untouched.filter((block) => block.every((address) => free.has(address)));
  const inPrefixReservations = untouched.filter((block) =>
    reservations.some(
      ({ cidr, type }) => type === 'prefix' && intersection(new Set(addressesOf(cidr)), block).size === 16,
    ),
  );
  const givable = new Set([...general, ...inPrefixReservations].flat());
  const stranded = blocks.flat().filter((address) => free.has(address) && !givable.has(address));
  const alignable = blocks.flat().filter((address) => free.has(address));
  const unaccounted = availableIpAddressCount - free.size;
  const most = general.length + inPrefixReservations.length;
  return {
    usableAddressCount: assignable.size,
    usedAddressCount: used.size,
    freeAddressCount: free.size,
    reservedAddressCount: reserved.length,
    availableIpAddressCount,
    unaccountedAddressCount: unaccounted,
    addressesLeft: Math.min(free.size, availableIpAddressCount),
    maxPrefixCount: blocks.length,
    freePrefixCount: unaccounted < 0 ? Math.max(0, most + unaccounted) : most,
    freePrefixCountMost: most,
    freePrefixCountReserved: inPrefixReservations.length,
    largestFreeBlockPrefixLength: largestFreeBlock(all, free),
    strandedAddressCount: stranded.length,
    fragmentation: alignable.length === 0 ? null : stranded.length / alignable.length,
  };
}

/** Every address of a block, as text. */
export function addressesOf(cidr: string): string[] {
  const [base = '', length = ''] = cidr.split('/');
  const addresses: string[] = [];
  let octets = base.split('.').map(Number);
  for (let count = 2 ** (32 - Number(length)); count > 0; count -= 1) {
    addresses.push(octets.join('.'));
    octets = next(octets);
  }
  return addresses;
}

function next(octets: readonly number[]): number[] {
  const after = [...octets];
  for (let place = 3; place >= 0; place -= 1) {
    const octet = (after[place] ?? 0) + 1;
    after[place] = octet % 256;
    if (octet < 256) {
      break;
    }
  }
  return after;
}

function chunksOf(addresses: readonly string[], size: number): string[][] {
  return Array.from({ length: addresses.length / size }, (_, index) =>
    addresses.slice(index * size, (index + 1) * size),
  );
}

function intersection(set: ReadonlySet<string>, addresses: readonly string[]): Set<string> {
  return new Set(addresses.filter((address) => set.has(address)));
}

/** A subnet begins where a block of its own size may begin, so blocks of every size inside are aligned by cutting it up. */
function largestFreeBlock(all: readonly string[], free: ReadonlySet<string>): number | null {
  for (let size = all.length; size >= 1; size /= 2) {
    if (chunksOf(all, size).some((block) => block.every((address) => free.has(address)))) {
      return 32 - Math.log2(size);
    }
  }
  return null;
}
