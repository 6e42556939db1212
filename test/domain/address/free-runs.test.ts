import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressMap } from '../../../lib/domain/address/address-map.ts';
import { formatCidr } from '../../../lib/domain/address/cidr.ts';
import { freeCidrs, freeRuns } from '../../../lib/domain/address/free-runs.ts';
import { formatIpv4 } from '../../../lib/domain/address/ipv4.ts';
import { arbitraryGarbage, arbitrarySubnet, SEED } from './arbitrary-subnet.ts';
import { bruteForceCidrs, bruteForceRuns } from './brute-force.ts';
import { aSubnet } from './build-subnet.ts';

describe('free runs', () => {
  it.each([
    ['an empty /28', aSubnet('10.0.0.0/28'), ['10.0.0.4 +11']],
    ['an empty /16', aSubnet('10.0.0.0/16'), ['10.0.0.4 +65531']],
    ['one address in the middle', aSubnet('10.0.0.0/28', { held: ['10.0.0.9'] }), ['10.0.0.4 +5', '10.0.0.10 +5']],
    ['both ends used', aSubnet('10.0.0.0/27', { held: ['10.0.0.4', '10.0.0.30'] }), ['10.0.0.5 +25']],
    ['a reservation', aSubnet('10.0.0.0/26', { prefix: ['10.0.0.16/28'] }), ['10.0.0.4 +12', '10.0.0.32 +31']],
    ['nothing free', aSubnet('10.0.0.0/26', { explicit: ['10.0.0.0/26'] }), []],
  ])('of %s', (_name, input, expected) => {
    const runs = freeRuns(createAddressMap(input));
    expect(runs.map((run) => `${formatIpv4(run.first)} +${run.addressCount}`)).toEqual(expected);
  });

  it('equal the brute-force model', () => {
    fc.assert(
      fc.property(fc.oneof(arbitrarySubnet, arbitraryGarbage), (input) => {
        expect(freeRuns(createAddressMap(input))).toEqual(bruteForceRuns(input));
      }),
      { seed: SEED, numRuns: 400 },
    );
  }, 60_000);
});

describe('free CIDR blocks', () => {
  it('come largest first', () => {
    const map = createAddressMap(aSubnet('10.0.0.0/26', { held: ['10.0.0.32'] }));
    expect(freeCidrs(map).map(formatCidr)).toEqual([
      '10.0.0.16/28',
      '10.0.0.8/29',
      '10.0.0.40/29',
      '10.0.0.48/29',
      '10.0.0.4/30',
      '10.0.0.36/30',
      '10.0.0.56/30',
      '10.0.0.34/31',
      '10.0.0.60/31',
      '10.0.0.33/32',
      '10.0.0.62/32',
    ]);
  });

  it('equal the brute-force model, and begin with the largest free block of the map', () => {
    fc.assert(
      fc.property(fc.oneof(arbitrarySubnet, arbitraryGarbage), (input) => {
        const map = createAddressMap(input);
        const cidrs = freeCidrs(map);
        expect(cidrs.map(formatCidr)).toEqual(bruteForceCidrs(input));
        expect(cidrs[0]?.prefixLength ?? null).toBe(map.largestFreeBlockPrefixLength);
      }),
      { seed: SEED, numRuns: 400 },
    );
  }, 60_000);
});
