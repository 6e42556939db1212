import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dailyRoom,
  fragmentationOf,
  hourlyRoom,
  type RoomPoint,
  rollUpRoom,
} from '../../../lib/domain/trend/roll-up.ts';
import { ACCOUNT_ID, SUBNET_ID } from '../../helpers/builders.ts';
import { aPoint, HOURS_PER_DAY, hourlySamples, instantAt, TODAY, USABLE } from '../../helpers/series-builder.ts';

const HOUR = TODAY * HOURS_PER_DAY;

describe('the room of a subnet by hour', () => {
  it('is the least of the hour of each count, and fragmentation at its worst', () => {
    const samples = [
      [5, aPoint(40)],
      [20, aPoint(33, { freePrefixCount: 0, freePrefixCountMost: 1, strandedAddressCount: 17 })],
      [50, aPoint(48)],
    ].map(([minute, point]) => ({
      observedAt: instantAt(HOUR, Number(minute)),
      kind: 'scan' as const,
      viewerAccountId: ACCOUNT_ID,
      points: new Map([[SUBNET_ID, point as ReturnType<typeof aPoint>]]),
    }));
    const [point] = hourlyRoom(samples, SUBNET_ID, USABLE);
    expect(point).toMatchObject({ at: HOUR, freeMin: 33, freePrefixMin: 0 });
    expect(fragmentationOf(point?.scatter)).toBeCloseTo(17 / 33);
  });

  it('has no point where nothing was seen, and no blocks where none were counted', () => {
    const [first, last] = [HOUR, HOUR + 4];
    const samples = hourlySamples(first, last, (hour) => (hour === HOUR + 1 ? undefined : 20));
    expect(hourlyRoom(samples, SUBNET_ID, USABLE).map(({ at }) => at - HOUR)).toEqual([0, 2, 3]);
    expect(hourlyRoom(samples, 'subnet-other', USABLE)).toEqual([]);
    const pulse = samples.map((sample) => ({
      ...sample,
      points: new Map([
        [
          SUBNET_ID,
          aPoint(20, { freePrefixCount: undefined, freePrefixCountMost: undefined, strandedAddressCount: undefined }),
        ],
      ]),
    }));
    expect(hourlyRoom(pulse, SUBNET_ID, USABLE)[0]).toEqual({
      at: HOUR,
      freeMin: 20,
      freePrefixMin: undefined,
      scatter: undefined,
    });
  });
});

describe('the room of a subnet by day', () => {
  it.each([
    [18, 1],
    [17, 0],
  ])('of %i hours is %i days', (hours, days) => {
    const points = hourlyRoom(
      hourlySamples(HOUR, HOUR + hours, (hour) => 100 - (hour - HOUR)),
      SUBNET_ID,
      USABLE,
    );
    const daily = dailyRoom(points);
    expect(daily).toHaveLength(days);
    expect(daily.map(({ at, freeMin }) => [at, freeMin])).toEqual(days === 0 ? [] : [[TODAY, 100 - 17]]);
  });
});

const point: fc.Arbitrary<RoomPoint> = fc.record({
  at: fc.nat(12),
  freeMin: fc.nat(300),
  freePrefixMin: fc.option(fc.nat(14), { nil: undefined }),
  scatter: fc.option(fc.record({ alignableAddressCount: fc.nat(300), strandedAddressCount: fc.nat(300) }), {
    nil: undefined,
  }),
});
const points = fc.uniqueArray(point, { selector: ({ at }) => at, maxLength: 12 });

/** Time by time, part by part. */
function sumOneByOne(parts: readonly (readonly RoomPoint[])[], at: number) {
  const seen = parts.flatMap((part) => part.filter((each) => each.at === at));
  const blocks = seen.flatMap(({ freePrefixMin }) => freePrefixMin ?? []);
  return {
    freeMin: seen.reduce((sum, { freeMin }) => sum + freeMin, 0),
    freePrefixMin: blocks.length === 0 ? undefined : blocks.reduce((sum, each) => sum + each, 0),
    partCount: seen.length,
    missingPartCount: parts.length - seen.length,
    missingPrefixPartCount: parts.length - blocks.length,
  };
}

function scatterOneByOne(parts: readonly (readonly RoomPoint[])[], at: number) {
  const scatters = parts.flat().flatMap((each) => (each.at === at && each.scatter !== undefined ? [each.scatter] : []));
  return scatters.length === 0
    ? undefined
    : {
        alignableAddressCount: scatters.reduce((sum, { alignableAddressCount }) => sum + alignableAddressCount, 0),
        strandedAddressCount: scatters.reduce((sum, { strandedAddressCount }) => sum + strandedAddressCount, 0),
      };
}

describe('the sum of subnets', () => {
  it('adds what was seen at each time, and says how many parts were not', () => {
    fc.assert(
      fc.property(fc.array(points, { maxLength: 4 }), (parts) => {
        const subnets = parts.map((points) => ({ groups: ['all'], points }));
        const sums = new Map(
          rollUpRoom(subnets)
            .get('all')
            ?.map((sum) => [sum.at, sum]),
        );
        for (let at = 0; at <= 12; at += 1) {
          const expected = sumOneByOne(parts, at);
          const sum = sums.get(at);
          expect(sum === undefined).toBe(expected.partCount === 0);
          expect({ ...expected, ...sum }).toMatchObject(expected);
          expect(sum?.scatter).toEqual(scatterOneByOne(parts, at));
        }
      }),
    );
  });

  it('is by group, a subnet of two groups in both', () => {
    const one = { at: 1, freeMin: 5, freePrefixMin: undefined, scatter: undefined };
    const rolled = rollUpRoom([
      { groups: ['prod euw1-az1', 'shop'], points: [one] },
      { groups: ['shop'], points: [] },
      { groups: [], points: [{ ...one, freeMin: 99 }] },
    ]);
    expect([...rolled].map(([name, [sum]]) => [name, sum?.freeMin, sum?.missingPartCount])).toEqual([
      ['prod euw1-az1', 5, 0],
      ['shop', 5, 1],
    ]);
  });
});
