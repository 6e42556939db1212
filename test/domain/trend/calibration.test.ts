import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate, type MorningErrors } from '../../../lib/domain/trend/calibration.ts';

const SEED = 20_261_123;
/** What is stretched a week ahead before any morning was looked at, and how far what is learnt changes it. */
const STRETCH_OF_WEEK = 1.65;
const [CHANGE_LEAST, CHANGE_MOST] = [0.6, 2];

/** Of each morning the same error on all of 28 days ahead, as far as they are known at the end. */
function mornings(errors: readonly number[]): readonly MorningErrors[] {
  return errors.map((error, firstDay) => ({
    firstDay,
    errors: new Float64Array(Math.min(28, errors.length - firstDay)).fill(error),
  }));
}

const noise = (count: number, size: (day: number) => number) =>
  Array.from({ length: count }, (_, day) => size(day) * ((((day * 37) % 41) - 20) / 20));

describe('calibrate', () => {
  it('learns nothing from too few mornings', () => {
    const { stretch, quality } = calibrate(mornings(noise(14, () => 10)), 10);
    expect([stretch(7), quality]).toEqual([STRETCH_OF_WEEK, undefined]);
    // Eight are known a week ahead on the fifteenth; what came of it is known at the end of its week.
    expect(calibrate(mornings(noise(20, () => 10)), 10).quality).toBeUndefined();
    expect(calibrate(mornings(noise(21, () => 10)), 10).quality?.originCount).toBe(1);
  });

  it('stretches what is told where errors grow, and shrinks it where they become small', () => {
    const grown = calibrate(mornings(noise(80, (day) => 1.08 ** day)), 10);
    const shrunk = calibrate(mornings(noise(80, (day) => 1.08 ** -day)), 10);
    expect(grown.stretch(7)).toBeGreaterThan(STRETCH_OF_WEEK);
    expect(shrunk.stretch(7)).toBeLessThan(STRETCH_OF_WEEK);
    expect(grown.quality?.coverage80).toBeLessThan(shrunk.quality?.coverage80 ?? Number.NaN);
  });

  it('says how large errors were in units of the scale, and none without one', () => {
    const errors = mornings(new Array<number>(60).fill(8));
    // A quarter of what is always off is corrected.
    expect(calibrate(errors, 4).quality).toMatchObject({ mase7: 1.5 });
    expect(calibrate(errors, undefined).quality).toMatchObject({ mase7: undefined });
  });

  it('never goes beyond its bounds, and between two horizons is between both', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 82 }), (errors) => {
        const { stretch } = calibrate(mornings(errors), 10);
        const change = stretch(7) / STRETCH_OF_WEEK;
        expect(change).toBeGreaterThanOrEqual(CHANGE_LEAST - 1e-12);
        expect(change).toBeLessThanOrEqual(CHANGE_MOST + 1e-12);
        expect((stretch(7) + stretch(14)) / 2).toBeCloseTo(stretch(10.5), 9);
        expect(stretch(180)).toBe(stretch(28));
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('says of a morning nothing that only later days show', () => {
    // What came of the last six mornings a week ahead is not known yet: they change nothing of that week.
    const errors = noise(60, () => 10);
    const changed = errors.map((error, day) => (day >= 54 ? 1000 : error));
    expect(calibrate(mornings(changed), 10).stretch(7)).toBe(calibrate(mornings(errors), 10).stretch(7));
  });
});
