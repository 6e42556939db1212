import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressMap } from '../../../lib/domain/address/address-map.ts';
import { freePrefixCount, reconcile } from '../../../lib/domain/address/reconcile.ts';
import { arbitrarySubnet, SEED } from './arbitrary-subnet.ts';
import { aSubnet } from './build-subnet.ts';

/** 251 usable, of which 0.5 % is less than two addresses. */
const small = createAddressMap(aSubnet('10.0.0.0/24'));
/** 65,531 usable, of which 0.5 % is 327.655 addresses. */
const large = createAddressMap(aSubnet('10.0.0.0/16'));

describe('reconcile', () => {
  it.each([
    [[251], 251, 0, 'exact', 0],
    [[252], 252, 1, 'settling', 0],
    [[253], 253, 2, 'settling', 0],
    [[254], 254, 3, 'unexplained', 0],
    [[249], 249, -2, 'settling', 2],
    [[248], 248, -3, 'unexplained', 3],
    [[0], 0, -251, 'unexplained', 251],
    [[248, 251], 251, 0, 'exact', 0],
    [[240, 260], 260, 9, 'settling', 0],
    [[260, 245], 245, -6, 'settling', 6],
    [[240, 248], 248, -3, 'unexplained', 3],
    [[248, 248], 248, -3, 'unexplained', 3],
    [[241, 261], 241, -10, 'settling', 10],
    [[261, 241], 241, -10, 'settling', 10],
  ] as const)(
    'of an empty /24 with the readings %j: reports %i, %i unaccounted, %s',
    (readings, available, unaccounted, grade, hidden) => {
      expect(reconcile(small, readings)).toEqual({
        availableIpAddressCount: available,
        unaccountedAddressCount: unaccounted,
        grade,
        unexplainedUsedAddressCount: hidden,
      });
    },
  );

  it.each([
    [327, 'settling'],
    [328, 'unexplained'],
    [-327, 'settling'],
    [-328, 'unexplained'],
  ])('of an empty /16 that EC2 counts %i apart is %s', (residual, grade) => {
    expect(reconcile(large, [large.freeAddressCount + residual]).grade).toBe(grade);
  });

  it('expects no room in what is reserved', () => {
    const map = createAddressMap(aSubnet('10.0.0.0/24', { prefix: ['10.0.0.128/25'], held: ['10.0.0.130'] }));
    expect(reconcile(map, [124]).grade).toBe('exact');
    expect(reconcile(map, [250])).toMatchObject({ unaccountedAddressCount: 126, grade: 'unexplained' });
  });

  it('is exact where a reading is what the map expects, whatever the other says', () => {
    fc.assert(
      fc.property(arbitrarySubnet, fc.nat({ max: 4096 }), fc.boolean(), (input, other, isFirst) => {
        const map = createAddressMap(input);
        const readings = isFirst ? [map.freeAddressCount, other] : [other, map.freeAddressCount];
        expect(reconcile(map, readings)).toMatchObject({ grade: 'exact', unaccountedAddressCount: 0 });
      }),
      { seed: SEED },
    );
  });

  it('refuses no reading at all', () => {
    expect(() => reconcile(small, [])).toThrow('no reading of AvailableIpAddressCount');
  });
});

describe('freePrefixCount', () => {
  it.each([
    [5, 14],
    [0, 14],
    [-1, 13],
    [-13, 1],
    [-14, 0],
    [-15, 0],
  ])('of an empty /24 with %i unaccounted is %i', (unaccounted, expected) => {
    expect(freePrefixCount(small, unaccounted)).toBe(expected);
  });

  it('counts blocks in prefix reservations too', () => {
    const map = createAddressMap(aSubnet('10.0.0.0/24', { prefix: ['10.0.0.128/25'] }));
    expect([map.freePrefixCountGeneral, map.freePrefixCountReserved, freePrefixCount(map, -2)]).toEqual([7, 7, 12]);
  });
});
