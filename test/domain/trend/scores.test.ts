import { describe, expect, it } from 'vitest';
import {
  brierScore,
  coverage,
  coverageTolerance,
  meanAbsoluteError,
  pinballScore,
  seasonalScale,
  skill,
  winklerScore,
} from '../../../lib/domain/trend/scores.ts';

describe('the scores', () => {
  it('charge a quantile by the side it errs on', () => {
    expect(pinballScore({ forecast: 744.54, actual: 741.84 }, 0.1).toFixed(2)).toBe('4.86');
    expect(pinballScore({ forecast: 744.54, actual: 741.84 }, 0.9)).toBeCloseTo(0.54, 10);
    expect(pinballScore({ forecast: 741.84, actual: 744.54 }, 0.1)).toBeCloseTo(0.54, 10);
    expect(pinballScore({ forecast: 744.54, actual: 741.84 }, 0.5)).toBeCloseTo(2.7, 10);
    expect(pinballScore({ forecast: 7, actual: 7 }, 0.9)).toBe(0);
  });

  it.each([
    [30, 120],
    [40, 20],
    [60, 20],
    [65, 70],
  ])('charge the interval from 40 to 60 for %i with %i', (actual, expected) => {
    expect(winklerScore({ lower: 40, upper: 60, actual }, 0.2)).toBeCloseTo(expected, 10);
  });

  it('count an interval as met at both of its ends', () => {
    const met = [39, 40, 60, 61].map((actual) => coverage([{ lower: 40, upper: 60, actual }]));
    expect(met).toEqual([0, 1, 1, 0]);
    expect(coverage([])).toBeUndefined();
  });

  it('allow coverage to be off by what overlapping origins leave to chance', () => {
    expect(coverageTolerance(0.8, 100, 1)).toBeCloseTo(0.08, 12);
    expect(coverageTolerance(0.8, 100, 4)).toBeCloseTo(0.16, 12);
  });

  it('square how far probabilities were off', () => {
    const points = [
      { probability: 0.9, happened: true },
      { probability: 0.4, happened: false },
    ];
    expect(brierScore(points)).toBeCloseTo((0.01 + 0.16) / 2, 12);
    expect(brierScore([])).toBeUndefined();
  });

  it('scale errors by the change over a week, where both days are there', () => {
    const days = [10, 1, 1, 1, 1, 1, 1, 14, undefined, 3];
    expect(seasonalScale(days, 7)).toBe(3);
    expect(seasonalScale(days.slice(0, 7), 7)).toBeUndefined();
    expect(seasonalScale([5, 5, 5], 1)).toBeUndefined();
    expect(
      meanAbsoluteError([
        { forecast: 4, actual: 1 },
        { forecast: 1, actual: 2 },
      ]),
    ).toBe(2);
    expect(meanAbsoluteError([])).toBeUndefined();
  });

  it('compare with a baseline', () => {
    expect([skill(5, 10), skill(10, 10), skill(20, 10), skill(1, 0)]).toEqual([0.5, 0, -1, undefined]);
  });
});
