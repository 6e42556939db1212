import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DailyPeak } from '../../../lib/domain/trend/daily.ts';
import {
  type ForecastInput,
  forecast,
  forecastPaths,
  HORIZON_DAYS,
  trainForecast,
} from '../../../lib/domain/trend/forecast.ts';
import { pathCeilings } from '../../../lib/domain/trend/path-ceiling.ts';
import { screenForecast } from '../../../lib/domain/trend/screen-forecast.ts';
import { dampedDays } from '../../../lib/domain/trend/simple-forecasts.ts';
import { trainingOf } from '../../../lib/domain/trend/training.ts';

const SEED = 20_261_123;
const FIRST_DAY = 20_000;

/** A day is its peak, or what else is said of it; `undefined` is a missing one. */
type Day = number | undefined | (Partial<DailyPeak> & { readonly peak: number });

function anInput(days: readonly Day[], other: Partial<ForecastInput> = {}): ForecastInput {
  return {
    subnetId: 'subnet-a',
    kind: 'addresses',
    series: {
      firstDay: FIRST_DAY,
      days: days.map((day) => {
        const known = { validHourCount: 24, isUnexplained: false, isCensored: false };
        return day === undefined ? undefined : { ...known, ...(typeof day === 'number' ? { peak: day } : day) };
      }),
      swingWithinHour: 1,
    },
    breaks: [],
    capacity: 1019,
    floor: 13,
    now: 500,
    today: FIRST_DAY + days.length,
    ...other,
  };
}

const flat = (count: number, peak: number) => new Array<number>(count).fill(peak);
const rising = (count: number, from: number, slope: number) =>
  Array.from({ length: count }, (_, day) => from + slope * day);

describe('forecast', () => {
  it.each([
    [0, 'none', 'insufficient-history'],
    [2, 'none', 'insufficient-history'],
    [3, 'level', 'low-confidence'],
    [13, 'level', 'low-confidence'],
    [14, 'trend', 'no-weekly-pattern'],
    [20, 'trend', 'no-weekly-pattern'],
    [21, 'trend', undefined],
  ])('of %i days is by %s with the caveat %s', (count, method, caveat) => {
    const made = forecast(anInput(flat(count, 500)));
    expect([made.method, made.caveats[0], made.dayCount]).toEqual([method, caveat, count]);
  });

  it('counts days with a peak, not days since the first one', () => {
    const gappy = [...flat(13, 500), undefined, undefined, 500];
    expect(forecast(anInput(gappy))).toMatchObject({ method: 'trend', caveats: ['no-weekly-pattern', 'gaps'] });
    expect(forecast(anInput([...flat(12, 500), undefined, undefined, 500]))).toMatchObject({ method: 'level' });
  });

  it('says nothing of when, where it knows too little', () => {
    const { horizons, atFloor, trainedFrom } = forecast(anInput([1005, 1006]));
    expect([horizons, atFloor.probability.size, atFloor.p50]).toEqual([[], 0, undefined]);
    expect(trainedFrom).toBe(FIRST_DAY);
    expect(forecast(anInput([])).trainedFrom).toBeUndefined();
  });

  it('tells one week from the last three peaks where there is no trend yet', () => {
    const { horizons, atFloor, atZero } = forecast(anInput([1019, 1019, 900, 1006, 800]));
    expect(horizons.map(({ days, p50 }) => [days, p50])).toEqual([
      [1, 119],
      [3, 119],
      [7, 119],
    ]);
    // One of the three peaks leaves 13 free, which is the floor.
    expect([...atFloor.probability]).toEqual([[7, 1 / 3]]);
    expect([atFloor.p10, atFloor.p50, atFloor.censoredAt]).toEqual([1, undefined, 7]);
    expect(atZero.probability.get(7)).toBe(0);
  });

  it('finds the day of a crossing without noise exactly, of the floor before that of zero', () => {
    // 800 on the last day and 10 more each: 1,006 is reached on the 21st day, 1,019 on the 22nd.
    const { atFloor, atZero, horizons } = forecast(anInput(rising(31, 500, 10)));
    expect([atFloor.p10, atFloor.p50, atFloor.p90]).toEqual([21, 21, 21]);
    expect([atZero.p10, atZero.p50, atZero.p90]).toEqual([22, 22, 22]);
    expect([...atFloor.probability]).toEqual([
      [7, 0],
      [14, 0],
      [30, 1],
      [90, 1],
      [180, 1],
    ]);
    expect(horizons[0]?.p50).toBeCloseTo(1019 - 810, 6);
    // What is wanted and not there stays visible, to half of all addresses.
    expect(horizons.at(-1)?.p50).toBeCloseTo(-1019 / 2, 6);
  });

  it.each([
    [1005, false],
    [1006, true],
  ])('of a flat series at %i says that it crosses the floor of 13 free: %j', (peak, crosses) => {
    const { atFloor } = forecast(anInput(flat(60, peak)));
    expect(atFloor.probability.get(180)).toBe(crosses ? 1 : 0);
    expect(atFloor.p50).toBe(crosses ? 1 : undefined);
  });

  it('never lets a flat series cross, whatever its noise within half of what is free', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 28, maxLength: 90 }),
        fc.integer({ min: 100, max: 400 }),
        (noise, level) => {
          const days = noise.map((each) => level + each);
          const { atFloor } = forecast(anInput(days));
          expect(atFloor.probability.get(7)).toBe(0);
          expect(atFloor.probability.get(30) ?? 1).toBeLessThan(0.5);
        },
      ),
      { seed: SEED, numRuns: 25 },
    );
  });

  it('leaves the median out where fewer than half of the paths cross', () => {
    const noisy = Array.from({ length: 60 }, (_, day) => 900 + ((day * 37) % 61) + day * 0.2);
    const { atFloor } = forecast(anInput(noisy, { capacity: 1040 }));
    const crossing = atFloor.probability.get(180) ?? Number.NaN;
    expect(crossing).toBeGreaterThan(0.1);
    expect(crossing).toBeLessThan(0.5);
    expect(atFloor.p10).toBeGreaterThan(0);
    expect([atFloor.p50, atFloor.p90, atFloor.censoredAt]).toEqual([undefined, undefined, HORIZON_DAYS]);
  });

  it('draws no trend through days at full capacity, and says so', () => {
    const full = flat(10, 0).map(() => ({ peak: 1019, isCensored: true }));
    const { method, caveats, atZero } = forecast(anInput([...rising(20, 600, 10), ...full]));
    expect(method).toBe('trend');
    expect(caveats).toContain('demand-censored');
    expect(atZero.p50).toBe(12 + 1);
    expect(forecast(anInput([...rising(13, 600, 10), ...full]))).toMatchObject({ method: 'level' });
  });

  it('learns from nothing before a change that moved the level', () => {
    const days = [...rising(40, 300, 15), ...flat(30, 300)];
    const breaks = [{ day: FIRST_DAY + 40, reason: 'migration-accepted' as const }];
    const made = forecast(anInput(days, { breaks }));
    expect([made.trainedFrom, made.trainedTo, made.dayCount]).toEqual([FIRST_DAY + 40, FIRST_DAY + 69, 30]);
    expect(made.horizons[0]?.p50).toBe(719);
    expect(made.atFloor.probability.get(180)).toBe(0);
  });

  it.each([
    [27, true],
    [28, false],
  ])('warns of a break %i days before the last one of training: %j', (daysSince, isRecent) => {
    const breaks = [{ day: FIRST_DAY + 70 - daysSince, reason: 'migration-accepted' as const }];
    const { caveats, method } = forecast(anInput(flat(70, 300), { breaks }));
    expect([method, caveats.includes('recent-break')]).toEqual(['trend', isRecent]);
  });

  it('keeps a trend through a jump, whether it was told of or not', () => {
    const days = [...rising(30, 500, 4), ...rising(30, 300, 4)];
    const breaks = [{ day: FIRST_DAY + 30, reason: 'migration-accepted' as const }];
    const told = forecast(anInput(days, { breaks }));
    // 416 on the last day, and four more each day.
    const p50 = told.horizons.find((each) => each.days === 7)?.p50;
    expect(Math.abs((p50 ?? Number.NaN) - (1019 - 444))).toBeLessThan(1);
  });

  it('starts today, or tomorrow where today has a peak already', () => {
    const days = rising(31, 500, 10);
    const first = (today: number) => forecast(anInput(days, { today: FIRST_DAY + today })).firstDay - FIRST_DAY;
    expect([first(30), first(31), first(34)]).toEqual([31, 31, 34]);
    const late = forecast(anInput(days, { today: FIRST_DAY + 34 }));
    expect([late.atFloor.p50, late.caveats]).toEqual([18, ['observations-old']]);
  });

  it('says the same whatever comes after today', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1019 }), { minLength: 20, maxLength: 20 }), (later) => {
        const days = Array.from({ length: 30 }, (_, day) => 500 + ((day * 31) % 17));
        const input = { today: FIRST_DAY + 29 };
        expect(forecast(anInput([...days, ...later], input))).toEqual(forecast(anInput(days, input)));
      }),
      { seed: SEED, numRuns: 10 },
    );
  });

  it('is the same for the same input, and drawn anew for another subnet', () => {
    const days = Array.from({ length: 40 }, (_, day) => 800 + 3 * day + ((day * 31) % 47));
    expect(forecast(anInput(days))).toEqual(forecast(anInput(days)));
    const drawn = forecastPaths(anInput(days));
    const other = forecastPaths(anInput(days, { subnetId: 'subnet-b' }));
    expect(other?.futures).toEqual(drawn?.futures);
    expect(other?.futureByPath).not.toEqual(drawn?.futureByPath);
    // No future more than once oftener than another.
    const times = new Map<number, number>();
    for (const future of drawn?.futureByPath ?? []) {
      times.set(future, (times.get(future) ?? 0) + 1);
    }
    expect(times.size).toBe(drawn?.futures.count);
    expect(Math.max(...times.values()) - Math.min(...times.values())).toBeLessThan(2);
  });

  it('keeps low weekends low, three weeks after its last day as well', () => {
    const days = Array.from({ length: 42 }, (_, day) => (day % 7 >= 5 ? 400 : 700));
    const paths = forecastPaths(anInput(days));
    const used = paths?.futures.used.subarray(0, 28) ?? [];
    expect([...used].map(Math.round)).toEqual(Array.from({ length: 28 }, (_, day) => (day % 7 >= 5 ? 400 : 700)));
  });
});

describe('dampedDays', () => {
  it('believes a slope for 30 days and then less each day', () => {
    const moved = dampedDays(32);
    expect([moved.free[0], moved.free[30], moved.free[31]]).toEqual([0, 30, 30.98]);
    expect(moved.fading[2]).toBeCloseTo(0.95 + 0.95 ** 2, 12);
    expect(moved.free[32]).toBeCloseTo(30.98 + 0.98 ** 2, 12);
  });
});

describe('pathCeilings', () => {
  it('let a steady series rise nowhere, and growth go on at twice its pace', () => {
    const ceilings = (days: readonly number[]) => {
      const training = trainingOf(anInput(days).series, [], 'addresses');
      return training === undefined ? [] : [...pathCeilings(training, 30)];
    };
    expect(ceilings(flat(28, 500))).toEqual(new Array(31).fill(500));
    // Weekends are no growth: weekly peaks stay.
    expect(ceilings(Array.from({ length: 28 }, (_, day) => (day % 7 >= 5 ? 200 : 500)))[30]).toBe(500);
    // From 506, the peak of the first week, to 529 in 30 days.
    const rise = ceilings(rising(30, 500, 1));
    expect([rise[0], rise[15], rise[30]]).toEqual([529 + 23, 529 + 23 * 2, 529 + 23 * 3]);
  });
});

describe('screenForecast', () => {
  const screen = (input: ForecastInput) => screenForecast(input, trainForecast(input));
  // One week in ten rises by 150, and only for that week: of its futures some get there.
  const bursts = Array.from({ length: 70 }, (_, day) => 500 + ((day * 31) % 23) + (day >= 28 && day < 31 ? 150 : 0));

  it.each([
    ['13 days', flat(13, 1019), undefined],
    ['14 flat days below the floor', flat(14, 1005), { withinDays: 180 }],
    ['14 flat days at the floor', flat(14, 1006), undefined],
    ['growth that stays below within 90 days', rising(60, 600, 1.7), { withinDays: 90 }],
    ['growth that stays below within 180 days', rising(60, 100, 1), { withinDays: 180 }],
    ['growth that some future may let cross', rising(60, 600, 2), { withinDays: 90, probabilityBelow: 0.1 }],
    ['growth that crosses', rising(60, 100, 9), undefined],
  ])('of %s says %j', (_, days, expected) => {
    expect(screen(anInput(days))).toEqual(expected);
  });

  it('counts the futures that get there where the ceiling lets some of them', () => {
    const said = (capacity: number) => screen(anInput(bursts, { capacity, floor: 0 }));
    const likely = (capacity: number) => forecast(anInput(bursts, { capacity, floor: 0 })).atFloor.probability.get(90);
    const all = Array.from({ length: 60 }, (_, index) => 500 + 15 * index).map((capacity) => ({
      said: said(capacity),
      probability: likely(capacity) ?? Number.NaN,
    }));
    expect(new Set(all.map((each) => each.said?.probabilityBelow ?? (each.said === undefined ? 'drawn' : 0)))).toEqual(
      new Set(['drawn', 0.1, 0]),
    );
    for (const each of all) {
      const most = each.said === undefined ? 1 : (each.said.probabilityBelow ?? 1e-9);
      expect(each.probability).toBeLessThan(most + (most === 1 ? 1 : 0));
    }
  });

  it('leaves steady weeks far from full to no bootstrap', () => {
    const weekly = Array.from({ length: 90 }, (_, day) => (day % 7 >= 5 ? 250 : 400) + ((day * 31) % 23));
    expect(screen(anInput(weekly))).toEqual({ withinDays: 180 });
  });

  it('never says less than what is drawn, whatever the series', () => {
    const seen = { ceiling: 0, counted: 0 };
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.integer({ min: 0, max: 60 }), { freq: 8, nil: undefined }), {
          minLength: 16,
          maxLength: 60,
        }),
        fc.integer({ min: -3, max: 6 }),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 400, max: 900 }),
        fc.integer({ min: 0, max: 3 }),
        (noise, slope, weekend, capacity, skippedDays) => {
          const days = noise.map((each, day) =>
            each === undefined ? undefined : Math.max(0, 300 + slope * day + each - (day % 7 >= 5 ? weekend : 0)),
          );
          const input = anInput(days, { capacity, today: FIRST_DAY + days.length + skippedDays });
          const screened = screen(input);
          if (screened === undefined) {
            return;
          }
          const probability = forecast(input).atFloor.probability.get(screened.withinDays) ?? 0;
          if (screened.probabilityBelow === undefined) {
            seen.ceiling += 1;
            expect(probability).toBe(0);
          } else {
            seen.counted += 1;
            expect(probability).toBeLessThan(screened.probabilityBelow);
          }
        },
      ),
      { seed: SEED, numRuns: 400 },
    );
    expect([seen.ceiling > 20, seen.counted > 20]).toEqual([true, true]);
  });
});
