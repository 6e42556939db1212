import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AddressMap, type AddressMapInput, createAddressMap } from '../../../lib/domain/address/address-map.ts';
import { PROBLEMS_LISTED_MAX } from '../../../lib/domain/address/address-problems.ts';
import { cidrSize } from '../../../lib/domain/address/cidr.ts';
import { formatIpv4 } from '../../../lib/domain/address/ipv4.ts';
import { arbitraryGarbage, arbitrarySubnet, arbitraryUnreservedSubnet, SEED } from './arbitrary-subnet.ts';
import { bruteForceBlocks, bruteForceFigures, bruteForceProblemCounts } from './brute-force.ts';
import { aHolder, aSubnet, block, ip } from './build-subnet.ts';

const onePerBlock = Array.from({ length: 16 }, (_, index) => `10.0.0.${16 * index + 5}`);
const everyInnerBlock = Array.from({ length: 14 }, (_, index) => `10.0.0.${16 * (index + 1)}/28`);

function figuresOf(map: AddressMap): ReturnType<typeof bruteForceFigures> {
  return {
    usableAddressCount: map.usableAddressCount,
    usedAddressCount: map.usedAddressCount,
    freeAddressCount: map.freeAddressCount,
    reservedAddressCount: map.reservedAddressCount,
    maxPrefixCount: map.maxPrefixCount,
    freePrefixCountGeneral: map.freePrefixCountGeneral,
    freePrefixCountReserved: map.freePrefixCountReserved,
    freePrefixCountMost: map.freePrefixCountMost,
    alignableFreeAddressCount: map.alignableFreeAddressCount,
    strandedAddressCount: map.strandedAddressCount,
    fragmentation: map.fragmentation,
    awsFragmentationScore: map.awsFragmentationScore,
    largestFreeBlockPrefixLength: map.largestFreeBlockPrefixLength,
  };
}

function problemCounts(map: AddressMap): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of map.problems) {
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

describe('the figures of an address map', () => {
  it.each([
    {
      name: 'an empty /24',
      input: aSubnet('10.0.0.0/24'),
      expected: { max: 14, general: 14, reserved: 0, alignable: 224, fragmentation: '0.0000', free: 251 },
    },
    {
      name: 'a /24 with one address in each block',
      input: aSubnet('10.0.0.0/24', { held: onePerBlock }),
      expected: { max: 14, general: 0, reserved: 0, alignable: 210, fragmentation: '1.0000', free: 235 },
    },
    {
      name: 'a /24 with addresses, a prefix and both kinds of reservation',
      input: aSubnet('10.0.0.0/24', {
        held: ['10.0.0.4', '10.0.0.35', '10.0.0.36', '10.0.0.16/28'],
        explicit: ['10.0.0.64/28'],
        prefix: ['10.0.0.128/25'],
      }),
      expected: { max: 14, general: 4, reserved: 7, alignable: 78, fragmentation: '0.1795', free: 89 },
    },
    {
      name: 'a /26 with a used address in a reserved block',
      input: aSubnet('10.0.0.0/26', { held: ['10.0.0.20'], prefix: ['10.0.0.16/28'] }),
      expected: { max: 2, general: 1, reserved: 0, alignable: 16, fragmentation: '0.0000', free: 43 },
    },
    {
      name: 'a /24 reserved for prefixes as a whole',
      input: aSubnet('10.0.0.0/24', { prefix: ['10.0.0.0/24'] }),
      expected: { max: 14, general: 0, reserved: 14, alignable: 0, fragmentation: null, free: 0 },
    },
    {
      name: 'an empty /27',
      input: aSubnet('10.0.0.0/27'),
      expected: { max: 0, general: 0, reserved: 0, alignable: 0, fragmentation: null, free: 27 },
    },
    {
      name: 'a /24 whose upper half is reserved explicitly',
      input: aSubnet('10.0.0.0/24', { explicit: ['10.0.0.128/25'] }),
      expected: { max: 14, general: 7, reserved: 0, alignable: 112, fragmentation: '0.0000', free: 124 },
    },
  ])('of $name', ({ input, expected }) => {
    const map = createAddressMap(input);
    expect({
      max: map.maxPrefixCount,
      general: map.freePrefixCountGeneral,
      reserved: map.freePrefixCountReserved,
      alignable: map.alignableFreeAddressCount,
      fragmentation: map.fragmentation?.toFixed(4) ?? null,
      free: map.freeAddressCount,
    }).toEqual(expected);
    expect(map.problems).toEqual([]);
  });

  it.each([
    [28, 11, 0, 30],
    [27, 27, 0, 29],
    [26, 59, 2, 28],
    [25, 123, 6, 27],
    [24, 251, 14, 26],
    [23, 507, 30, 25],
    [22, 1019, 62, 24],
    [21, 2043, 126, 23],
    [20, 4091, 254, 22],
    [19, 8187, 510, 21],
    [18, 16_379, 1022, 20],
    [17, 32_763, 2046, 19],
    [16, 65_531, 4094, 18],
  ])(
    'of an empty /%i: %i free, %i blocks, and AWS in both halves leaves a /%i as the largest',
    (prefixLength, free, blocks, largest) => {
      const map = createAddressMap({ cidr: { base: 0xac100000, prefixLength }, holders: [], reservations: [] });
      expect(map).toMatchObject({
        usableAddressCount: free,
        freeAddressCount: free,
        maxPrefixCount: blocks,
        freePrefixCountMost: blocks,
        largestFreeBlockPrefixLength: largest,
      });
    },
  );

  it('equal the brute-force model', () => {
    fc.assert(
      fc.property(fc.oneof(arbitrarySubnet, arbitraryGarbage), (input) => {
        expect(figuresOf(createAddressMap(input))).toEqual(bruteForceFigures(input));
      }),
      { seed: SEED, numRuns: 400 },
    );
  }, 120_000);

  it('equal the brute-force model for a /16 in use by 4,000 interfaces', () => {
    const holders = Array.from({ length: 4000 }, (_, index) => ({
      // 40,503 is odd, so multiples of it visit every offset of a /16 once.
      privateIpAddresses: Array.from(
        { length: 15 },
        (__, slot) => 0x0a000000 + (((index * 15 + slot) * 40_503) % 65_536),
      ),
      ipv4Prefixes: [],
    }));
    const input = { cidr: block('10.0.0.0/16'), holders, reservations: [] };
    expect(figuresOf(createAddressMap(input))).toEqual(bruteForceFigures(input));
  });

  it('add up whatever the input: usable = used + free + reserved', () => {
    fc.assert(
      fc.property(arbitraryGarbage, (input) => {
        const map = createAddressMap(input);
        expect(map.usableAddressCount).toBe(cidrSize(input.cidr) - 5);
        expect(map.usedAddressCount + map.freeAddressCount + map.reservedAddressCount).toBe(map.usableAddressCount);
        expect(Math.min(map.usedAddressCount, map.freeAddressCount, map.reservedAddressCount)).toBeGreaterThanOrEqual(
          0,
        );
        expect(map.freePrefixCountMost).toBe(map.freePrefixCountGeneral + map.freePrefixCountReserved);
        expect(map.freePrefixCountMost).toBeLessThanOrEqual(map.maxPrefixCount);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it('do not depend on the order of holders, addresses or reservations', () => {
    fc.assert(
      fc.property(arbitraryGarbage, (input) => {
        const reversed: AddressMapInput = {
          cidr: input.cidr,
          holders: input.holders.toReversed().map((holder) => ({
            privateIpAddresses: holder.privateIpAddresses.toReversed(),
            ipv4Prefixes: holder.ipv4Prefixes.toReversed(),
          })),
          reservations: input.reservations.toReversed(),
        };
        expect(figuresOf(createAddressMap(reversed))).toEqual(figuresOf(createAddressMap(input)));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('never show more room after one more address or reservation', () => {
    const withOffset = fc.tuple(arbitrarySubnet, fc.nat());
    fc.assert(
      fc.property(withOffset, fc.boolean(), ([input, seed], isReservation) => {
        const address = input.cidr.base + (seed % cidrSize(input.cidr));
        const text = `${formatIpv4(address)}/32`;
        const more: AddressMapInput = isReservation
          ? { ...input, reservations: [...input.reservations, { cidr: text, reservationType: 'explicit' }] }
          : { ...input, holders: [...input.holders, { privateIpAddresses: [address], ipv4Prefixes: [] }] };
        const before = createAddressMap(input);
        const after = createAddressMap(more);
        expect(after.freeAddressCount).toBeLessThanOrEqual(before.freeAddressCount);
        expect(after.freeAddressCount).toBeGreaterThanOrEqual(before.freeAddressCount - 1);
        expect(after.freePrefixCountMost).toBeLessThanOrEqual(before.freePrefixCountMost);
        expect(after.freePrefixCountMost).toBeGreaterThanOrEqual(before.freePrefixCountMost - 1);
        expect(after.largestFreeBlockPrefixLength ?? 33).toBeGreaterThanOrEqual(
          before.largestFreeBlockPrefixLength ?? 33,
        );
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it.each(['10.0.0.0/15', '10.0.0.0/29'])('are refused for %s, which no subnet can have', (text) => {
    expect(() => createAddressMap({ cidr: block(text), holders: [], reservations: [] })).toThrow(
      `Cannot map "${text}": expected the block of a subnet, /16 to /28`,
    );
  });
});

describe('the largest free block', () => {
  it.each([
    [['10.0.0.4', '10.0.0.64/28'], [], 26],
    [['10.0.0.128'], [], 26],
    [['10.0.0.128', '10.0.0.64'], [], 27],
    [['10.0.0.128', '10.0.0.64', '10.0.0.192'], [], 27],
    [[], ['10.0.0.128/25'], 26],
    [[], ['10.0.0.0/24'], null],
  ])('of a /24 with %j held and %j reserved is a /%s', (held, explicit, expected) => {
    expect(createAddressMap(aSubnet('10.0.0.0/24', { held, explicit })).largestFreeBlockPrefixLength).toBe(expected);
  });

  it('is a /32 where only single addresses are left, and none where nothing is', () => {
    const odd = ['10.0.0.5', '10.0.0.7', '10.0.0.9', '10.0.0.11', '10.0.0.13'];
    const even = ['10.0.0.4', '10.0.0.6', '10.0.0.8', '10.0.0.10', '10.0.0.12'];
    const single = createAddressMap(aSubnet('10.0.0.0/28', { held: odd }));
    expect(single.largestFreeBlockPrefixLength).toBe(32);
    const last = createAddressMap(aSubnet('10.0.0.0/28', { held: [...odd, ...even] }));
    expect([last.freeAddressCount, last.largestFreeBlockPrefixLength]).toEqual([1, 32]);
    const none = createAddressMap(aSubnet('10.0.0.0/28', { held: [...odd, ...even, '10.0.0.14'] }));
    expect([none.freeAddressCount, none.largestFreeBlockPrefixLength]).toEqual([0, null]);
  });
});

describe('reservations', () => {
  it('hold back only their unused addresses', () => {
    const map = createAddressMap(aSubnet('10.0.0.0/24', { held: ['10.0.0.130'], explicit: ['10.0.0.128/25'] }));
    expect(map).toMatchObject({ usedAddressCount: 1, reservedAddressCount: 126, freeAddressCount: 124 });
  });

  it('of a type not known hold back their addresses, give no prefix, and are reported', () => {
    const reservation = { cidr: '10.0.0.128/25', reservationType: 'cluster' };
    const map = createAddressMap({ cidr: block('10.0.0.0/24'), holders: [], reservations: [reservation] });
    expect(map).toMatchObject({ freePrefixCountGeneral: 7, freePrefixCountReserved: 0, reservedAddressCount: 127 });
    expect(map.problems).toEqual([{ code: 'reservation-type-unknown', reservation }]);
  });

  it.each([
    ['one /28 for prefixes', ['10.0.0.16/28'], 1],
    ['two halves of a /28 for prefixes, neither of which can hold one', ['10.0.0.16/29', '10.0.0.24/29'], 0],
    ['a /27 for prefixes', ['10.0.0.32/27'], 2],
    ['a /29 for prefixes', ['10.0.0.16/29'], 0],
  ])('%s: %j give %i', (_name, prefix, expected) => {
    expect(createAddressMap(aSubnet('10.0.0.0/24', { prefix })).freePrefixCountReserved).toBe(expected);
  });

  it('that overlap count once, give no prefix where either is explicit, and are reported', () => {
    const map = createAddressMap(
      aSubnet('10.0.0.0/24', { prefix: ['10.0.0.64/26'], explicit: ['10.0.0.64/27', '10.0.0.64/27'] }),
    );
    expect(map).toMatchObject({ reservedAddressCount: 64, freePrefixCountReserved: 2, freePrefixCountGeneral: 10 });
    expect(problemCounts(map)).toEqual({ 'reservation-overlap': 2 });
  });
});

describe('the score of AWS Support', () => {
  /** As its README and source define it, without its blind spots: null where no block is a candidate. */
  function awsSupportScore(input: AddressMapInput): number | null {
    const states = bruteForceBlocks(input).map(({ state }) => state);
    const free = states.filter((state) => state === 'free').length;
    const unusable = states.filter((state) => state === 'fragmented' || state === 'full').length;
    return free + unusable === 0 ? null : Math.ceil((100 * unusable) / (free + unusable));
  }

  it('equals the tool without reservations, but is 100 exactly where no block is free', () => {
    fc.assert(
      fc.property(arbitraryUnreservedSubnet, (input) => {
        const map = createAddressMap(input);
        const theirs = awsSupportScore(input);
        const isAllPrefixes = theirs === null && map.maxPrefixCount > 0;
        const isRoundedToFull = theirs === 100 && map.freePrefixCountMost > 0;
        const expected = isAllPrefixes ? 100 : isRoundedToFull ? 99 : theirs;
        expect(map.awsFragmentationScore).toBe(expected);
        expect(map.awsFragmentationScore === 100).toBe(map.freePrefixCountMost === 0 && map.maxPrefixCount > 0);
      }),
      { seed: SEED, numRuns: 400 },
    );
  }, 60_000);

  it.each([
    ['an empty /24', aSubnet('10.0.0.0/24'), 0],
    ['one broken block of 14', aSubnet('10.0.0.0/24', { held: ['10.0.0.16'] }), 8],
    ['a used address in the first block only', aSubnet('10.0.0.0/24', { held: ['10.0.0.4'] }), 0],
    ['no free block', aSubnet('10.0.0.0/24', { held: onePerBlock }), 100],
    ['a prefix beside free blocks', aSubnet('10.0.0.0/24', { held: ['10.0.0.16/28'] }), 0],
    ['every block a prefix, where the tool has no score', aSubnet('10.0.0.0/24', { held: everyInnerBlock }), 100],
    ['a /27, which has no candidate', aSubnet('10.0.0.0/27'), null],
    ['unused blocks in an explicit reservation', aSubnet('10.0.0.0/24', { explicit: ['10.0.0.128/25'] }), 0],
    ['only blocks for prefixes free', aSubnet('10.0.0.0/24', { prefix: ['10.0.0.0/24'] }), 0],
  ])('of %s', (_name, input, expected) => {
    expect(createAddressMap(input).awsFragmentationScore).toBe(expected);
  });

  it.each([
    [253, 99],
    [254, 100],
  ])('with %i of 254 blocks broken is %i: 100 is kept for no free block', (broken, expected) => {
    const held = Array.from({ length: broken }, (_, index) => formatIpv4(ip('10.0.0.21') + 16 * index));
    expect(createAddressMap(aSubnet('10.0.0.0/20', { held })).awsFragmentationScore).toBe(expected);
  });
});

describe('the problems of an address map', () => {
  const subnet = block('10.0.0.0/24');

  it.each([
    ['10.0.0.4', undefined],
    ['10.0.0.254', undefined],
    ['10.0.0.3', 'address-reserved-by-aws'],
    ['10.0.0.0', 'address-reserved-by-aws'],
    ['10.0.0.255', 'address-reserved-by-aws'],
    ['9.255.255.255', 'address-outside-subnet'],
    ['10.0.1.0', 'address-outside-subnet'],
  ])('for the address %s: %s', (text, code) => {
    const map = createAddressMap({ cidr: subnet, holders: [aHolder(), aHolder(text)], reservations: [] });
    expect(map.problems).toEqual(code === undefined ? [] : [{ code, address: ip(text), holderIndex: 1 }]);
    expect(map.usedAddressCount).toBe(code === undefined ? 1 : 0);
  });

  it.each([5.5, Number.NaN, Number.POSITIVE_INFINITY, -1, 2 ** 32 + 167_772_165])(
    'tell of the number %s, which is no address here',
    (address) => {
      const holders = [{ privateIpAddresses: [address], ipv4Prefixes: [] }];
      const map = createAddressMap({ cidr: subnet, holders, reservations: [] });
      expect(map.problems).toEqual([{ code: 'address-outside-subnet', address, holderIndex: 0 }]);
      expect(map.usedAddressCount).toBe(0);
    },
  );

  it('name the holders of an address listed twice, each once', () => {
    const holders = [aHolder('10.0.0.9'), aHolder(), aHolder('10.0.0.9', '10.0.0.9'), aHolder('10.0.0.9')];
    const map = createAddressMap({ cidr: subnet, holders, reservations: [] });
    expect(map.problems).toEqual([{ code: 'address-duplicated', address: ip('10.0.0.9'), holderIndexes: [0, 2, 3] }]);
    expect(map.usedAddressCount).toBe(1);
  });

  it('tell of an address that one holder lists twice', () => {
    const holders = [aHolder('10.0.0.9', '10.0.0.9')];
    const map = createAddressMap({ cidr: subnet, holders, reservations: [] });
    expect(map.problems).toEqual([{ code: 'address-duplicated', address: ip('10.0.0.9'), holderIndexes: [0] }]);
  });

  it('tell of a prefix that holds an address listed by itself', () => {
    const holders = [aHolder('10.0.0.33', '10.0.0.31'), aHolder('10.0.0.32/28'), aHolder('10.0.0.47', '10.0.0.48')];
    const map = createAddressMap({ cidr: subnet, holders, reservations: [] });
    expect(map.problems).toEqual([
      {
        code: 'prefix-holds-address',
        cidr: block('10.0.0.32/28'),
        address: ip('10.0.0.33'),
        addressCount: 2,
        holderIndexes: [0, 1, 2],
      },
    ]);
    expect(map.usedAddressCount).toBe(18);
  });

  it('tell of a prefix held twice', () => {
    const holders = [aHolder('10.0.0.32/28'), aHolder('10.0.0.48/28'), aHolder('10.0.0.32/28')];
    const map = createAddressMap({ cidr: subnet, holders, reservations: [] });
    const cidr = block('10.0.0.32/28');
    expect(map.problems).toEqual([{ code: 'prefix-overlap', cidr, otherCidr: cidr, holderIndexes: [0, 2] }]);
    expect(map.usedAddressCount).toBe(32);
  });

  it.each([
    ['the first block', '10.0.0.0/28', ['prefix-reserved-by-aws'], 12],
    ['the last block', '10.0.0.240/28', ['prefix-reserved-by-aws'], 15],
    ['a block outside', '10.0.1.0/28', ['prefix-outside-subnet'], 0],
    ['two blocks', '10.0.0.32/27', ['prefix-misaligned'], 32],
    ['one address', '10.0.0.32/32', ['prefix-misaligned'], 1],
    ['all there is', '0.0.0.0/0', ['prefix-misaligned', 'prefix-outside-subnet', 'prefix-reserved-by-aws'], 251],
  ])('tell of a prefix on %s: %s', (_name, text, codes, used) => {
    const cidr = block(text);
    const map = createAddressMap({ cidr: subnet, holders: [aHolder(text)], reservations: [] });
    expect(map.problems).toEqual(codes.map((code) => ({ code, cidr, holderIndex: 0 })));
    expect(map.usedAddressCount).toBe(used);
  });

  it('tell of a prefix whose base is not on a multiple of 16, and count what it covers', () => {
    const cidr = { base: ip('10.0.0.40'), prefixLength: 28 };
    const holders = [{ privateIpAddresses: [], ipv4Prefixes: [cidr] }];
    const map = createAddressMap({ cidr: subnet, holders, reservations: [] });
    expect(map.problems).toEqual([{ code: 'prefix-misaligned', cidr, holderIndex: 0 }]);
    expect(map).toMatchObject({ usedAddressCount: 16, freePrefixCountMost: 12 });
  });

  it.each([
    ['', 'reservation-malformed', 0],
    ['10.0.0.1/28', 'reservation-malformed', 0],
    ['fd00::/80', 'reservation-malformed', 0],
    ['10.0.1.0/28', 'reservation-outside-subnet', 0],
    ['10.0.0.0/16', 'reservation-outside-subnet', 251],
  ])('tell of the reservation "%s": %s', (cidr, code, reserved) => {
    const reservation = { cidr, reservationType: 'explicit' };
    const map = createAddressMap({ cidr: subnet, holders: [], reservations: [reservation] });
    expect(map.problems).toEqual([{ code, reservation }]);
    expect(map.reservedAddressCount).toBe(reserved);
  });

  it('equal those of the brute-force model, by code', () => {
    fc.assert(
      fc.property(fc.oneof(arbitrarySubnet, arbitraryGarbage), (input) => {
        const map = createAddressMap(input);
        const expected = bruteForceProblemCounts(input);
        const total = Object.values(expected).reduce((sum, count) => sum + count, 0);
        expect(map.problems.length + map.unlistedProblemCount).toBe(total);
        expect(total > PROBLEMS_LISTED_MAX ? expected : problemCounts(map)).toEqual(expected);
      }),
      { seed: SEED, numRuns: 400 },
    );
  }, 60_000);

  it.each([
    [PROBLEMS_LISTED_MAX, PROBLEMS_LISTED_MAX, 0],
    [PROBLEMS_LISTED_MAX + 1, PROBLEMS_LISTED_MAX, 1],
    [200_000, PROBLEMS_LISTED_MAX, 199_900],
  ])('are bounded: of %i, %i are listed and %i only counted', (strays, listed, unlisted) => {
    const privateIpAddresses = Array.from({ length: strays }, (_, index) => ip('10.9.0.0') + index);
    const holders = [{ privateIpAddresses, ipv4Prefixes: [] }];
    const map = createAddressMap({ cidr: subnet, holders, reservations: [] });
    expect([map.problems.length, map.unlistedProblemCount, map.usedAddressCount]).toEqual([listed, unlisted, 0]);
  });
});
