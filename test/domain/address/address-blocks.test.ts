import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressBlocks } from '../../../lib/domain/address/address-blocks.ts';
import { type AddressMapInput, createAddressMap } from '../../../lib/domain/address/address-map.ts';
import { formatCidr } from '../../../lib/domain/address/cidr.ts';
import { arbitraryGarbage, arbitrarySubnet, SEED } from './arbitrary-subnet.ts';
import { bruteForceBlocks } from './brute-force.ts';
import { aHolder, aSubnet, block } from './build-subnet.ts';

function blocksOf(input: AddressMapInput) {
  return addressBlocks(createAddressMap(input), input.holders);
}

describe('the blocks of a subnet', () => {
  it('are in one of five states', () => {
    const full = Array.from({ length: 16 }, (_, index) => `10.0.0.${32 + index}`);
    const holders = [aHolder('10.0.0.4', '10.0.0.48'), aHolder('10.0.0.16/28'), aHolder(...full)];
    const blocks = blocksOf({ cidr: block('10.0.0.0/25'), holders, reservations: [] });
    expect(
      blocks.map((one) => [
        formatCidr(one.cidr),
        one.state,
        one.usedAddressCount,
        one.freeAddressCount,
        one.canGivePrefix,
        one.holderIndexes,
      ]),
    ).toEqual([
      ['10.0.0.0/28', 'aws-reserved', 1, 11, false, [0]],
      ['10.0.0.16/28', 'prefix', 16, 0, false, [1]],
      ['10.0.0.32/28', 'full', 16, 0, false, [2]],
      ['10.0.0.48/28', 'fragmented', 1, 15, false, [0]],
      ['10.0.0.64/28', 'free', 0, 16, true, []],
      ['10.0.0.80/28', 'free', 0, 16, true, []],
      ['10.0.0.96/28', 'free', 0, 16, true, []],
      ['10.0.0.112/28', 'aws-reserved', 0, 15, false, []],
    ]);
  });

  it('say how reservations lie on them, and which can still give a prefix', () => {
    const input = aSubnet('10.0.0.0/25', {
      prefix: ['10.0.0.0/27', '10.0.0.48/29', '10.0.0.56/29', '10.0.0.80/28'],
      explicit: ['10.0.0.32/28', '10.0.0.64/30', '10.0.0.80/32'],
    });
    expect(blocksOf(input).map((one) => [one.reservation, one.reservedAddressCount, one.canGivePrefix])).toEqual([
      ['prefix', 12, false],
      ['prefix', 16, true],
      ['explicit', 16, false],
      ['mixed', 16, false],
      ['mixed', 4, false],
      ['mixed', 16, false],
      ['none', 0, true],
      ['none', 0, false],
    ]);
  });

  it('name each holder once, ascending, whatever is listed twice or elsewhere', () => {
    const holders = [
      aHolder('10.0.0.16', '10.0.0.40', '10.0.0.17'),
      aHolder('10.0.1.16', '10.0.0.3', '10.0.0.63'),
      aHolder('10.0.0.16/28', '10.0.0.16'),
    ];
    const blocks = blocksOf({ cidr: block('10.0.0.0/26'), holders, reservations: [] });
    expect(blocks.map((one) => one.holderIndexes)).toEqual([[], [0, 2], [0], []]);
  });

  it('of a /28 are one, which AWS keeps addresses of at both ends', () => {
    const input = aSubnet('10.0.0.0/28', { held: ['10.0.0.4'], explicit: ['10.0.0.0/28'] });
    expect(blocksOf(input)).toEqual([
      {
        cidr: block('10.0.0.0/28'),
        state: 'aws-reserved',
        reservation: 'explicit',
        usedAddressCount: 1,
        freeAddressCount: 0,
        reservedAddressCount: 10,
        canGivePrefix: false,
        holderIndexes: [0],
      },
    ]);
  });

  it('equal the brute-force model', () => {
    fc.assert(
      fc.property(fc.oneof(arbitrarySubnet, arbitraryGarbage), (input) => {
        expect(blocksOf(input)).toEqual(bruteForceBlocks(input));
      }),
      { seed: SEED, numRuns: 400 },
    );
  }, 60_000);

  it('add up to the figures of the map', () => {
    fc.assert(
      fc.property(arbitraryGarbage, (input) => {
        const map = createAddressMap(input);
        const blocks = addressBlocks(map, input.holders);
        const sum = (count: (one: (typeof blocks)[number]) => number): number =>
          blocks.reduce((total, one) => total + count(one), 0);
        expect({
          used: sum((one) => one.usedAddressCount),
          free: sum((one) => one.freeAddressCount),
          reserved: sum((one) => one.reservedAddressCount),
          canGivePrefix: sum((one) => Number(one.canGivePrefix)),
        }).toEqual({
          used: map.usedAddressCount,
          free: map.freeAddressCount,
          reserved: map.reservedAddressCount,
          canGivePrefix: map.freePrefixCountMost,
        });
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
