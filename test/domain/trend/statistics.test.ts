import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, medianAbsoluteDeviation, quantileOfSorted } from '../../../lib/domain/trend/quantile.ts';
import { seededRandom } from '../../../lib/domain/trend/random.ts';
import { selectMedian, selectNth } from '../../../lib/domain/trend/select-nth.ts';

const SEED = 20_261_123;
const numbers = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 40 });

describe('selectNth', () => {
  it('finds what sorting finds, with many equal values', () => {
    fc.assert(
      fc.property(numbers, fc.nat(), (values, any) => {
        const nth = any % values.length;
        expect(selectNth(Float64Array.from(values), nth, values.length)).toBe(Float64Array.from(values).sort()[nth]);
        expect(selectMedian(Float64Array.from(values), values.length)).toBe(median(values));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it.each([-1, 3, 0.5])('has no value %d of three', (nth) => {
    expect(() => selectNth(Float64Array.of(1, 2, 3, 4), nth, 3)).toThrow(RangeError);
  });
});

describe('quantileOfSorted', () => {
  it.each([
    [0, 10],
    [0.1, 14],
    [0.5, 30],
    [0.9, 46],
    [1, 50],
  ])('at %d is what numpy says', (share, expected) => {
    expect(quantileOfSorted([10, 20, 30, 40, 50], share)).toBeCloseTo(expected, 12);
  });

  it('has none of nothing', () => {
    expect(() => quantileOfSorted([], 0.5)).toThrow(RangeError);
  });

  it('keeps an infinity that is one value, and does not make NaN of two', () => {
    expect(quantileOfSorted([1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.75)).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
});

describe('medianAbsoluteDeviation', () => {
  it('is the median distance from the median', () => {
    expect(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9])).toBe(1);
    expect(medianAbsoluteDeviation([5])).toBe(0);
  });
});

describe('seededRandom', () => {
  it('is the same for a text, and another for another', () => {
    const draw = (seed: string) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw('subnet-a')).toEqual(draw('subnet-a'));
    expect(draw('subnet-a')).not.toEqual(draw('subnet-b'));
  });

  it('spreads evenly from 0 to 1, also over the first numbers of many seeds', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 2000; seed += 1) {
      const next = seededRandom(`subnet-${seed}`);
      for (let each = 0; each < 5; each += 1) {
        const tenth = Math.floor(next() * 10);
        tenths[tenth] = (tenths[tenth] ?? Number.NaN) + 1;
      }
    }
    // 10,000 draws: 1,000 a tenth, standard deviation 30.
    expect(Math.min(...tenths)).toBeGreaterThan(880);
    expect(Math.max(...tenths)).toBeLessThan(1120);
  });
});
