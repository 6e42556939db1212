import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIpv4, parseIpv4 } from '../../../lib/domain/address/ipv4.ts';
import { SEED } from './arbitrary-subnet.ts';

describe('parseIpv4', () => {
  it.each([
    ['0.0.0.0', 0],
    ['0.0.0.1', 1],
    ['10.0.0.5', 167_772_165],
    ['127.255.255.255', 2_147_483_647],
    ['128.0.0.0', 2_147_483_648],
    ['255.255.255.255', 4_294_967_295],
  ])('reads %s', (text, address) => {
    expect(parseIpv4(text)).toBe(address);
  });

  it.each([
    '',
    '.',
    '...',
    '10',
    '10.0.0',
    '10.0.0.',
    '.10.0.0',
    '10..0.0',
    '10.0.0.0.0',
    '10.0.0.256',
    '256.0.0.0',
    '10.0.0.1000',
    '10.0.0.01',
    '010.0.0.1',
    '10.00.0.1',
    ' 10.0.0.1',
    '10.0.0.1 ',
    '10. 0.0.1',
    '+10.0.0.1',
    '10.-1.0.1',
    '10.0.0.1e1',
    '0x10.0.0.1',
    '10.0.0.1/32',
    '10,0,0,1',
    '١٠.0.0.1',
    '::ffff:10.0.0.1',
  ])('refuses "%s"', (text) => {
    expect(parseIpv4(text)).toBeUndefined();
  });

  it('reads what formatIpv4 writes, for every address', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 32 - 1 }), (address) => {
        expect(parseIpv4(formatIpv4(address))).toBe(address);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  it('reads only texts that formatIpv4 writes', () => {
    const nearlyAddress = fc.stringMatching(/^[0-9. ]{6,16}$/);
    fc.assert(
      fc.property(fc.oneof(nearlyAddress, fc.ipV4(), fc.string()), (text) => {
        const address = parseIpv4(text);
        expect(address === undefined || formatIpv4(address) === text).toBe(true);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });
});
