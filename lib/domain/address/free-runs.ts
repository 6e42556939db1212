import type { AddressMap } from './address-map.ts';
import { type Cidr, cidrSize } from './cidr.ts';
import type { Ipv4Address } from './ipv4.ts';
import { nextOffset, nextOffsetMissing, trailingZeroCount } from './offset-bits.ts';

/** Consecutive free addresses, with a used, reserved or AWS address on either side. */
export interface FreeRun {
  readonly first: Ipv4Address;
  readonly addressCount: number;
}

/** Returns the runs of free addresses outside reservations, in order of address. */
export function freeRuns(map: AddressMap): readonly FreeRun[] {
  const { free } = map.bits;
  const size = cidrSize(map.cidr);
  const runs: FreeRun[] = [];
  let first = nextOffset(free, 0);
  while (first < size) {
    const end = nextOffsetMissing(free, first);
    runs.push({ first: map.cidr.base + first, addressCount: end - first });
    first = nextOffset(free, end);
  }
  return runs;
}

/**
 * Returns the fewest CIDR blocks that together are the free addresses outside reservations, the largest first, equal ones in
 * order of address. Each is as large as its place allows: no two of them make a larger block.
 */
export function freeCidrs(map: AddressMap): readonly Cidr[] {
  const cidrs: Cidr[] = [];
  for (const run of freeRuns(map)) {
    const end = run.first + run.addressCount - map.cidr.base;
    let offset = run.first - map.cidr.base;
    while (offset < end) {
      const roomLog2 = 31 - Math.clz32(end - offset);
      const log2 = Math.min(roomLog2, trailingZeroCount(offset));
      cidrs.push({ base: map.cidr.base + offset, prefixLength: 32 - log2 });
      offset += 2 ** log2;
    }
  }
  return cidrs.sort((a, b) => a.prefixLength - b.prefixLength || a.base - b.base);
}
