import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoomPoint } from '../../lib/domain/trend/roll-up.ts';
import { encodeColumns } from '../../lib/store/column-codec.ts';
import { compress } from '../../lib/store/compression.ts';
import { DAILY_ROOM_DOCUMENT, encodeDailyRoom } from '../../lib/store/daily-room-codec.ts';
import { expectGolden } from '../helpers/golden.ts';
import { HOSTILE_TEXT } from './audit-values.ts';
import { hexOf } from './hex.ts';
import { incompressible } from './incompressible.ts';
import { aRoomPoint, FIRST_DAY } from './series-values.ts';

const gap = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const point: fc.Arbitrary<RoomPoint> = fc.record(
  {
    at: fc.integer({ min: FIRST_DAY, max: FIRST_DAY + 30 }),
    freeMin: fc.nat(65_531),
    freePrefixMin: gap(fc.nat(4_094)),
    scatter: gap(
      fc.record(
        { alignableAddressCount: fc.nat(65_531), strandedAddressCount: fc.nat(65_531) },
        { noNullPrototype: true },
      ),
    ),
  },
  { noNullPrototype: true },
);
const points = fc
  .uniqueArray(point, { selector: ({ at }) => at, minLength: 1, maxLength: 31 })
  .map((days) => days.sort((a, b) => a.at - b.at));
const rooms = fc
  .uniqueArray(fc.tuple(fc.constantFrom('subnet-1', 'subnet-2', '__proto__', HOSTILE_TEXT, ''), points), {
    selector: ([subnetId]) => subnetId,
  })
  .map((entries) => new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1))));

const SUBNET_COUNT = 25;
const BYTES_PER_ID = 8;

/** A month of a VPC of which so many subnets are another thing each day. */
function monthOf(changingCount: number, dayCount: number): ReadonlyMap<string, readonly RoomPoint[]> {
  const random = incompressible(7, SUBNET_COUNT * 31);
  return new Map(
    Array.from({ length: SUBNET_COUNT }, (_, subnet) => {
      let free = 500 + 90 * subnet;
      const ofSubnet = Array.from({ length: dayCount }, (__, day) => {
        const drawn = random[subnet * 31 + day] ?? 0;
        free -= subnet < changingCount ? (drawn % 41) - 15 : 0;
        const stranded = subnet < changingCount ? drawn % 64 : 12;
        const blocks = Math.floor((free - stranded) / 16);
        return {
          at: FIRST_DAY + day,
          freeMin: free,
          freePrefixMin: blocks,
          scatter: { alignableAddressCount: stranded + 16 * blocks, strandedAddressCount: stranded },
        };
      });
      return [`subnet-0${Buffer.from(incompressible(subnet, BYTES_PER_ID)).toString('hex')}`, ofSubnet];
    }),
  );
}

describe('the least room of a month', () => {
  it('comes back as it went, gaps and all', () => {
    fc.assert(
      fc.property(rooms, (kept) => {
        expect(DAILY_ROOM_DOCUMENT.decode(encodeDailyRoom(kept))).toStrictEqual(kept);
      }),
      { numRuns: 300 },
    );
  });

  it('of version 1 is these bytes, for as long as it is read', () => {
    expect(DAILY_ROOM_DOCUMENT.schemaVersion).toBe(1);
    const kept = new Map([
      ['subnet-1', [aRoomPoint(), aRoomPoint({ at: FIRST_DAY + 2, freeMin: 12, freePrefixMin: 0 })]],
      ['subnet-2', [aRoomPoint({ at: FIRST_DAY + 1, freePrefixMin: undefined, scatter: undefined })]],
    ]);
    expectGolden('daily-room-v1.hex', hexOf(encodeDailyRoom(kept)));
  });

  it.each([
    [{}, 'lacks days'],
    [{ presence: { places: [], values: [] } }, 'a column has nothing at -1'],
    [{ freeMin: { places: [], values: [] } }, 'a column has nothing at -1'],
  ])('is not read from %j', (changed, problem) => {
    const none = { places: [], values: [] };
    const one = { places: [0], values: [1] };
    const whole = {
      days: [FIRST_DAY],
      subnetIds: ['subnet-1'],
      presence: one,
      freeMin: one,
      freePrefixMin: none,
      strandedAddressCount: none,
      alignableAddressCount: none,
    };
    expect(DAILY_ROOM_DOCUMENT.decode(encodeColumns(whole)).size).toBe(1);
    const damaged = Object.keys(changed).length === 0 ? changed : { ...whole, ...changed };
    expect(() => DAILY_ROOM_DOCUMENT.decode(encodeColumns(damaged))).toThrow(problem);
  });

  it.each([
    [10, 31, 1_700],
    [10, 15, 1_100],
    [0, 31, 600],
  ])(
    'takes, with %i of 25 subnets that change, after %i days at most %i bytes',
    (changingCount, dayCount, bytesMax) => {
      const { bytes } = compress(encodeDailyRoom(monthOf(changingCount, dayCount)));
      expect(bytes.byteLength).toBeLessThanOrEqual(bytesMax);
    },
  );
});
