import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dampedDays,
  METHOD_COUNT,
  simpleForecast,
  simpleForecasts,
} from '../../../lib/domain/trend/simple-forecasts.ts';
import { TREND_DAYS_MIN, trainingOf } from '../../../lib/domain/trend/training.ts';
import { fitTrend } from '../../../lib/domain/trend/trend-model.ts';

const SEED = 20_261_123;
const FIRST_DAY = 20_000;
const [LAST, WEEK, SHORT, LONG] = [0, 1, 2, 3];

function aKnown(peaks: readonly (number | undefined)[], breakDays: readonly number[] = []) {
  return { peaks, segments: peaks.map((_, day) => breakDays.filter((each) => each <= day).length) };
}

function says(known: ReturnType<typeof aKnown>, method: number, days: number): number {
  const [said] = simpleForecasts(known, known.peaks.length);
  return said === undefined ? Number.NaN : simpleForecast(said, method, days, dampedDays(days));
}

describe('the simple forecasts', () => {
  const rising = Array.from({ length: 40 }, (_, day) => 100 + 3 * day);

  it('continue growth by its slope, or stay at the last level', () => {
    expect([LAST, SHORT, LONG].map((method) => says(aKnown(rising), method, 10))).toEqual([217, 247, 247]);
    expect(says(aKnown(rising), WEEK, 10)).toBe(208);
  });

  it('count days that are missing at the end', () => {
    expect(says(aKnown([...rising, undefined, undefined]), SHORT, 1)).toBeCloseTo(100 + 3 * 42, 9);
  });

  it('draw no slope across a break, and none from five pairs', () => {
    const jumped = rising.map((peak, day) => (day < 20 ? peak : peak + 500));
    expect(says(aKnown(jumped, [20]), LONG, 1)).toBeCloseTo(100 + 3 * 40 + 500, 9);
    const young = (count: number) => aKnown(rising.slice(0, count), []);
    expect([says(young(3), LONG, 1), says(young(4), LONG, 1)]).toEqual([106, 112]);
    expect(says(aKnown(jumped, [20]), WEEK, 1)).toBe(100 + 3 * 36 + 500);
  });

  it('repeat weekdays, whatever the growth', () => {
    const weekly = rising.map((peak, day) => peak - (day % 7 >= 5 ? 60 : 0));
    const said = Array.from({ length: 14 }, (_, index) => says(aKnown(weekly), SHORT, index + 1));
    // The median of a week with its weekend is not its level, by a day or two of growth.
    for (const [index, peak] of said.entries()) {
      const day = 40 + index;
      expect(Math.abs(peak - (100 + 3 * day - (day % 7 >= 5 ? 60 : 0)))).toBeLessThan(9);
    }
  });

  it('say the same on a morning whatever comes after it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined, freq: 8 }), {
          minLength: 30,
          maxLength: 40,
        }),
        fc.integer({ min: 8, max: 30 }),
        (peaks, morning) => {
          const [among] = simpleForecasts(aKnown(peaks), morning);
          const [alone] = simpleForecasts(aKnown(peaks.slice(0, morning)), morning);
          expect(among).toEqual(alone);
        },
      ),
      { seed: SEED, numRuns: 100 },
    );
  });

  it('are as many as are weighed', () => {
    const [said] = simpleForecasts(aKnown(rising), 40);
    expect([said?.levels.length, said?.slopes.length]).toEqual([METHOD_COUNT, METHOD_COUNT]);
  });
});

describe('fitTrend', () => {
  const fitted = (peaks: readonly number[]) => {
    const days = peaks.map((peak) => ({ peak, validHourCount: 24, isUnexplained: false, isCensored: false }));
    const training = trainingOf({ firstDay: FIRST_DAY, days, swingWithinHour: undefined }, [], 'addresses');
    return training === undefined ? undefined : fitTrend(training);
  };
  const noisy = (count: number) => Array.from({ length: count }, (_, day) => 500 + ((day * 31) % 17));

  it('needs two weeks, and has errors to show from the first on', () => {
    expect(fitted(noisy(TREND_DAYS_MIN - 1))).toBeUndefined();
    for (let count = TREND_DAYS_MIN; count <= 90; count += 1) {
      expect(fitted(noisy(count))?.errors.length, `${count} days`).toBeGreaterThan(2);
    }
  });

  it('prefers the method that was off the least', () => {
    const growing = fitted(Array.from({ length: 60 }, (_, day) => 100 + 5 * day));
    expect(growing?.expected(14)[13]).toBeCloseTo(100 + 5 * 73, 1);
    // Without growth the level of a week is better than the last peak, which is an outlier.
    const outlier = fitted([...noisy(59), 700]);
    expect(Math.abs((outlier?.expected(7)[6] ?? Number.NaN) - 508)).toBeLessThan(0.75 * (700 - 508));
  });

  it('keeps what came less what was expected, up to four weeks ahead', () => {
    const lengths = fitted(noisy(90))?.errors.map((errors) => errors.length) ?? [];
    expect([Math.max(...lengths), Math.min(...lengths)]).toEqual([28, 14]);
    const largest = Math.max(...(fitted(noisy(90))?.errors.flatMap((errors) => [...errors].map(Math.abs)) ?? []));
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(30);
  });
});
