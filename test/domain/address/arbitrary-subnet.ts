import fc from 'fast-check';
import type { AddressHolder, CidrReservation } from '../../../lib/domain/address/address-holder.ts';
import type { AddressMapInput } from '../../../lib/domain/address/address-map.ts';
import { type Cidr, cidrSize, formatCidr } from '../../../lib/domain/address/cidr.ts';

/** One seed, so that a failure is the same on every machine. */
export const SEED = 20_260_820;

/** Subnets /28 to /20: in 10.0.0.0/8, where integers are small, and in 172.16.0.0/12, where they pass 31 bits. */
export const arbitraryCidr: fc.Arbitrary<Cidr> = fc
  .record({
    prefixLength: fc.constantFrom(28, 28, 27, 27, 26, 26, 25, 25, 24, 24, 23, 22, 21, 20),
    network: fc.constantFrom(0x0a000000, 0xac100000),
    index: fc.nat({ max: 255 }),
  })
  .map(({ prefixLength, network, index }) => ({ base: network + index * 2 ** (32 - prefixLength), prefixLength }));

/** An offset of the subnet, the edges often. */
function arbitraryOffset(size: number): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.nat({ max: size - 1 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 3, 4, size - 2, size - 1) },
  );
}

/** Used addresses lie scattered or in a run, as a subnet that fills from below. */
function arbitraryAddresses(cidr: Cidr): fc.Arbitrary<number[]> {
  const size = cidrSize(cidr);
  const scattered = fc.array(arbitraryOffset(size), { maxLength: 12 });
  const run = fc
    .tuple(arbitraryOffset(size), fc.nat({ max: Math.min(size, 80) }))
    .map(([first, length]) => Array.from({ length }, (_, index) => first + index).filter((offset) => offset < size));
  return fc.oneof(scattered, scattered, run).map((offsets) => offsets.map((offset) => cidr.base + offset));
}

function arbitraryPrefixes(cidr: Cidr): fc.Arbitrary<Cidr[]> {
  const block = fc.nat({ max: cidrSize(cidr) / 16 - 1 });
  return fc.array(
    block.map((index) => ({ base: cidr.base + index * 16, prefixLength: 28 })),
    { maxLength: 4 },
  );
}

function arbitraryReservation(cidr: Cidr): fc.Arbitrary<CidrReservation> {
  return fc
    .record({
      prefixLength: fc.integer({ min: cidr.prefixLength, max: 32 }),
      offset: arbitraryOffset(cidrSize(cidr)),
      reservationType: fc.constantFrom('prefix', 'prefix', 'explicit', 'later'),
    })
    .map(({ prefixLength, offset, reservationType }) => {
      const base = cidr.base + offset - (offset % 2 ** (32 - prefixLength));
      return { cidr: formatCidr({ base, prefixLength }), reservationType };
    });
}

/** Everything EC2 would not say: addresses and blocks elsewhere, of odd sizes, of no integers. */
function strayAddress(cidr: Cidr): fc.Arbitrary<number> {
  return fc.oneof(
    fc.constantFrom(cidr.base - 1, cidr.base + cidrSize(cidr), cidr.base + 5.5, Number.NaN, -1, 2 ** 32 + cidr.base),
    fc.double(),
  );
}

function strayPrefix(cidr: Cidr): fc.Arbitrary<Cidr> {
  return fc.record({
    base: fc.oneof(
      arbitraryOffset(cidrSize(cidr)).map((offset) => cidr.base + offset),
      strayAddress(cidr),
    ),
    prefixLength: fc.oneof(fc.integer({ min: -1, max: 33 }), fc.constantFrom(28, 27.5, Number.NaN)),
  });
}

function strayReservation(cidr: Cidr): fc.Arbitrary<CidrReservation> {
  const text = fc.constantFrom('', 'fd00::/80', '10.0.0.1/24', '0.0.0.0/0', formatCidr({ base: 0, prefixLength: 28 }));
  const around = formatCidr({ base: cidr.base - (cidr.base % 2 ** 20), prefixLength: 12 });
  return fc.record({
    cidr: fc.oneof(text, fc.string(), fc.constant(around)),
    reservationType: fc.oneof(fc.constantFrom('prefix', 'explicit'), fc.string()),
  });
}

function inputOf(
  cidr: Cidr,
  holder: fc.Arbitrary<AddressHolder>,
  reservation: fc.Arbitrary<CidrReservation>,
): fc.Arbitrary<AddressMapInput> {
  return fc.record({
    cidr: fc.constant(cidr),
    holders: fc.array(holder, { maxLength: 8 }),
    reservations: fc.oneof(fc.constant([]), fc.array(reservation, { maxLength: 4 })),
  });
}

/** Addresses and prefixes of the subnet, with repeats and overlaps, and AWS's five now and then. */
export const arbitrarySubnet: fc.Arbitrary<AddressMapInput> = arbitraryCidr.chain((cidr) =>
  inputOf(
    cidr,
    fc.record({
      privateIpAddresses: arbitraryAddresses(cidr),
      ipv4Prefixes: fc.oneof(fc.constant([]), arbitraryPrefixes(cidr)),
    }),
    arbitraryReservation(cidr),
  ),
);

/** The same with anything else among it. */
export const arbitraryGarbage: fc.Arbitrary<AddressMapInput> = arbitraryCidr.chain((cidr) =>
  inputOf(
    cidr,
    fc.record({
      privateIpAddresses: fc
        .tuple(arbitraryAddresses(cidr), fc.array(strayAddress(cidr), { maxLength: 3 }))
        .map(([addresses, stray]) => [...addresses, ...stray]),
      ipv4Prefixes: fc
        .tuple(arbitraryPrefixes(cidr), fc.array(strayPrefix(cidr), { maxLength: 2 }))
        .map(([prefixes, stray]) => [...prefixes, ...stray]),
    }),
    fc.oneof(arbitraryReservation(cidr), strayReservation(cidr)),
  ),
);

/** A subnet without reservations, as AWS Support's tool sees it. */
export const arbitraryUnreservedSubnet: fc.Arbitrary<AddressMapInput> = arbitrarySubnet.map((input) => ({
  ...input,
  reservations: [],
}));
