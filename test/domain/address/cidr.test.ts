import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cidrContains,
  cidrSize,
  cidrsOverlap,
  formatCidr,
  isSubnetCidr,
  maxPrefixCount,
  parseCidr,
  usableAddressCount,
  usableBlock,
} from '../../../lib/domain/address/cidr.ts';
import { SEED } from './arbitrary-subnet.ts';
import { block } from './build-subnet.ts';

const anyCidr = fc
  .record({ address: fc.nat({ max: 2 ** 32 - 1 }), prefixLength: fc.nat({ max: 32 }) })
  .map(({ address, prefixLength }) => ({ base: address - (address % 2 ** (32 - prefixLength)), prefixLength }));

describe('parseCidr', () => {
  it.each([
    ['0.0.0.0/0', 0, 0],
    ['10.0.0.0/8', 167_772_160, 8],
    ['10.0.0.0/24', 167_772_160, 24],
    ['10.0.0.16/28', 167_772_176, 28],
    ['255.255.255.255/32', 4_294_967_295, 32],
  ])('reads %s', (text, base, prefixLength) => {
    expect(parseCidr(text)).toEqual({ base, prefixLength });
  });

  it.each([
    '',
    '/',
    '/24',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/024',
    '10.0.0.0/24 ',
    ' 10.0.0.0/24',
    '10.0.0.0 /24',
    '10.0.0.0/24/24',
    '10.0.0.0/2.4',
    '10.0.0.0/1e1',
    '10.0.0.0/24\n',
    '10.0.0/24',
    '10.0.0.0.0/24',
    '10.0.0.256/32',
    '010.0.0.0/24',
    'fd00::/80',
  ])('refuses "%s"', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it.each(['10.0.0.1/24', '10.0.0.8/28', '10.0.0.1/31', '128.0.0.0/0'])('refuses host bits: %s', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it('reads what formatCidr writes, for every block', () => {
    fc.assert(
      fc.property(anyCidr, (cidr) => {
        expect(parseCidr(formatCidr(cidr))).toEqual(cidr);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });
});

describe('the sizes of a block', () => {
  it.each([
    [32, 1, 0, 0],
    [29, 8, 3, 0],
    [28, 16, 11, 0],
    [27, 32, 27, 0],
    [26, 64, 59, 2],
    [25, 128, 123, 6],
    [24, 256, 251, 14],
    [23, 512, 507, 30],
    [22, 1024, 1019, 62],
    [21, 2048, 2043, 126],
    [20, 4096, 4091, 254],
    [19, 8192, 8187, 510],
    [16, 65_536, 65_531, 4094],
  ])('a /%i has %i addresses, %i usable, and %i blocks that can be prefixes', (prefixLength, size, usable, blocks) => {
    const cidr = { base: 0, prefixLength };
    expect([cidrSize(cidr), usableAddressCount(cidr), maxPrefixCount(cidr)]).toEqual([size, usable, blocks]);
    if (isSubnetCidr(cidr)) {
      expect(usableBlock(0, usable)).toEqual(cidr);
    }
  });
});

describe('isSubnetCidr', () => {
  it.each([
    ['10.0.0.0/15', false],
    ['10.0.0.0/16', true],
    ['10.0.0.0/28', true],
    ['10.0.0.0/29', false],
    ['255.255.0.0/16', true],
  ])('of %s is %s', (text, expected) => {
    expect(isSubnetCidr(block(text))).toBe(expected);
  });

  it.each([
    { base: 1, prefixLength: 24 },
    { base: -256, prefixLength: 24 },
    { base: 2 ** 32, prefixLength: 24 },
    { base: 0.5, prefixLength: 24 },
    { base: Number.NaN, prefixLength: 24 },
    { base: 0, prefixLength: 24.5 },
    { base: 0, prefixLength: Number.NaN },
  ])('refuses $base / $prefixLength', (cidr) => {
    expect(isSubnetCidr(cidr)).toBe(false);
  });
});

describe('two blocks', () => {
  it.each([
    ['10.0.0.0/24', '10.0.1.0/24', false, false],
    ['10.0.0.0/24', '10.0.0.255/32', true, true],
    ['10.0.0.255/32', '10.0.0.0/24', true, false],
    ['10.0.0.0/24', '10.0.0.0/24', true, true],
    ['10.0.0.0/25', '10.0.0.128/25', false, false],
    ['0.0.0.0/0', '255.255.255.255/32', true, true],
  ])('%s and %s: overlap %s, contains %s', (outer, inner, overlap, contains) => {
    expect(cidrsOverlap(block(outer), block(inner))).toBe(overlap);
    expect(cidrsOverlap(block(inner), block(outer))).toBe(overlap);
    expect(cidrContains(block(outer), block(inner))).toBe(contains);
  });

  it('share addresses only where one contains the other', () => {
    fc.assert(
      fc.property(anyCidr, anyCidr, (a, b) => {
        expect(cidrsOverlap(a, b)).toBe(cidrContains(a, b) || cidrContains(b, a));
      }),
      { seed: SEED },
    );
  });
});
