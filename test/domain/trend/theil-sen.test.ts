import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NORMAL_QUANTILE_90, slopeInterval, theilSen } from '../../../lib/domain/trend/theil-sen.ts';
import { slopeIntervalByEveryPair, theilSenByEveryPair } from './theil-sen-by-every-pair.ts';

const GROWING = [700, 712, 705, 730, 741, 738, 752, 760, 1010, 781, 779, 795, 803, 818];
const SEED = 20_261_123;

const points = fc.array(
  fc.record({ time: fc.integer({ min: 0, max: 30 }), value: fc.integer({ min: -50, max: 50 }) }),
  { minLength: 2, maxLength: 24 },
);

describe('theilSen', () => {
  it('is what scipy says of a series with a one-day spike', () => {
    const line = theilSen([...GROWING.keys()], GROWING);
    expect(line?.slope.toFixed(6)).toBe('8.666667');
    expect(line?.intercept.toFixed(6)).toBe('699.666667');
    expect(slopeInterval([...GROWING.keys()], GROWING, NORMAL_QUANTILE_90)).toEqual({ lower: 8, upper: 10 });
  });

  it.each([
    ['no point', [], []],
    ['one point', [3], [7]],
    ['points at one time', [3, 3, 3], [7, 8, 9]],
  ])('has no slope for %s', (_, times, values) => {
    expect(theilSen(times, values)).toBeUndefined();
    expect(slopeInterval(times, values, NORMAL_QUANTILE_90)).toBeUndefined();
  });

  it('is exactly flat where nothing changes', () => {
    expect(theilSen([0, 1, 2, 3], [5, 5, 5, 5])).toEqual({ slope: 0, intercept: 5 });
    expect(slopeInterval([0, 1, 2, 3], [5, 5, 5, 5], NORMAL_QUANTILE_90)).toEqual({ lower: 0, upper: 0 });
  });

  it('is what all pairs, sorted, say, with ties in times and values', () => {
    fc.assert(
      fc.property(points, (each) => {
        const times = each.map(({ time }) => time);
        const values = each.map(({ value }) => value);
        expect(unsigned(theilSen(times, values))).toEqual(unsigned(theilSenByEveryPair(times, values)));
        expect(unsigned(slopeInterval(times, values, NORMAL_QUANTILE_90))).toEqual(
          unsigned(slopeIntervalByEveryPair(times, values, NORMAL_QUANTILE_90)),
        );
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('does not move for a quarter of the points, however far they are off', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -1e6, max: 1e6 }), (slope, off) => {
        const values = Array.from({ length: 16 }, (_, day) => (day % 4 === 1 ? off : slope * day + 3));
        const line = theilSen([...values.keys()], values);
        const range = slopeInterval([...values.keys()], values, NORMAL_QUANTILE_90);
        expect(line?.slope).toBe(slope);
        expect(range?.lower).toBeLessThanOrEqual(slope);
        expect(range?.upper).toBeGreaterThanOrEqual(slope);
      }),
      { seed: SEED },
    );
  });
});

/** Zero without the sign that a quotient of it may have. */
function unsigned(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}
