import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BreakReason, levelBreaks, restartDay, type SeriesBreak } from '../../../lib/domain/trend/breaks.ts';
import {
  addressDemand,
  blockDemand,
  type DailySeries,
  dailyPeaks,
  type HourlyDemand,
} from '../../../lib/domain/trend/daily.ts';
import { hourlyReadings } from '../../../lib/domain/trend/hourly.ts';
import type { SeriesPoint, SeriesSample } from '../../../lib/domain/trend/series.ts';

const SEED = 20_261_123;
const FIRST_DAY = 20_000;
const FIRST_HOUR = FIRST_DAY * 24;

function aSeries(peaks: readonly (number | undefined)[]): DailySeries {
  const days = peaks.map((peak) =>
    peak === undefined ? undefined : { peak, validHourCount: 24, isUnexplained: false, isCensored: false },
  );
  return { firstDay: FIRST_DAY, days, swingWithinHour: undefined };
}

function anHour(hour: number, peak: number, other: Partial<HourlyDemand> = {}): HourlyDemand {
  return {
    hour: FIRST_HOUR + hour,
    low: peak,
    peak,
    isCensored: false,
    isUnexplained: false,
    readingCount: 1,
    ...other,
  };
}

function hours(from: number, to: number, peak: number, other: Partial<HourlyDemand> = {}): HourlyDemand[] {
  return Array.from({ length: to - from }, (_, index) => anHour(from + index, peak, other));
}

describe('dailyPeaks', () => {
  it.each([
    [17, undefined],
    [18, 40],
    [24, 40],
  ])('of a day with %i hours is %j', (count, peak) => {
    expect(dailyPeaks(hours(0, count, 40)).days.map((day) => day?.peak)).toEqual([peak]);
  });

  it('keeps days without readings as gaps', () => {
    const { firstDay, days } = dailyPeaks([...hours(0, 24, 40), ...hours(72, 96, 43)]);
    expect(firstDay).toBe(FIRST_DAY);
    expect(days.map((day) => day?.peak)).toEqual([40, undefined, undefined, 43]);
    expect(dailyPeaks([]).days).toEqual([]);
  });

  it('leaves out hours that nothing explains, unless the day is missing without them', () => {
    const odd = (count: number) => [...hours(0, 24 - count, 40), ...hours(24 - count, 24, 99, { isUnexplained: true })];
    expect(dailyPeaks(odd(6)).days).toMatchObject([{ peak: 40, validHourCount: 18, isUnexplained: false }]);
    expect(dailyPeaks(odd(7)).days).toMatchObject([{ peak: 99, validHourCount: 24, isUnexplained: true }]);
  });

  it('flags days on which nothing was free for an hour', () => {
    expect(dailyPeaks([...hours(0, 23, 40), anHour(23, 50, { isCensored: true })]).days).toMatchObject([
      { peak: 50, isCensored: true },
    ]);
  });

  it('widens hours that were read once by half of what others swing', () => {
    const pulsed = hours(0, 24, 40, { low: 30, readingCount: 4 });
    const scanned = hours(24, 48, 40);
    expect(dailyPeaks([...pulsed, ...scanned]).swingWithinHour).toBe(5);
    expect(dailyPeaks([...pulsed, ...scanned]).days.map((day) => day?.peak)).toEqual([40, 45]);
    expect(dailyPeaks(scanned).swingWithinHour).toBeUndefined();
    expect(dailyPeaks(hours(0, 24, 40, { low: 30, readingCount: 2 })).swingWithinHour).toBeUndefined();
  });

  it('is what sorting each day says, in any order of the hours', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: 95 }), { minLength: 1, maxLength: 96 }),
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 96, maxLength: 96 }),
        (seen, values) => {
          const { firstDay, days } = dailyPeaks(seen.map((hour) => anHour(hour, values[hour] ?? Number.NaN)));
          for (const [index, day] of days.entries()) {
            const ofDay = seen.filter((hour) => FIRST_DAY + Math.floor(hour / 24) === firstDay + index);
            const expected =
              ofDay.length < 18 ? undefined : Math.max(...ofDay.map((hour) => values[hour] ?? Number.NaN));
            expect(day?.peak).toBe(expected);
          }
        },
      ),
      { seed: SEED },
    );
  });
});

describe('hourlyReadings', () => {
  const UNCOUNTED = {
    usedAddressCount: undefined,
    freeAddressCount: undefined,
    reservedAddressCount: undefined,
    freePrefixCount: undefined,
    freePrefixCountMost: undefined,
    strandedAddressCount: undefined,
  };

  function aSample(minute: number, point: Partial<SeriesPoint> & { availableIpAddressCount: number }): SeriesSample {
    return {
      observedAt: `2026-01-05T10:${String(minute).padStart(2, '0')}:00Z`,
      kind: 'scan',
      viewerAccountId: '111122223333',
      points: new Map([['subnet-a', { ...UNCOUNTED, ...point }]]),
    };
  }

  it('takes the lower free count where EC2 and the map differ', () => {
    const scan = { usedAddressCount: 100, freeAddressCount: 151, freePrefixCount: 4 };
    const read = (availableIpAddressCount: number) =>
      hourlyReadings([aSample(0, { ...scan, availableIpAddressCount })], 'subnet-a', 251);
    expect(read(151)).toMatchObject([{ usedMax: 100, freeMin: 151, freePrefixMin: 4, isUnexplained: false }]);
    expect(read(149)).toMatchObject([{ usedMax: 102, freeMin: 149, isUnexplained: false }]);
    expect(read(148)).toMatchObject([{ usedMax: 103, freeMin: 148, isUnexplained: true }]);
    expect(read(154)).toMatchObject([{ usedMax: 100, freeMin: 151, isUnexplained: true }]);
  });

  it('tells from the last map what a pulse leaves open, in any order of arrival', () => {
    const scan = aSample(0, { availableIpAddressCount: 130, usedAddressCount: 100, freeAddressCount: 131 });
    const pulses = [aSample(30, { availableIpAddressCount: 120 }), aSample(15, { availableIpAddressCount: 140 })];
    const expected = [{ usedMin: 91, usedMax: 111, freeMin: 120, readingCount: 3, freePrefixMin: undefined }];
    expect(hourlyReadings([scan, ...pulses], 'subnet-a', 251)).toMatchObject(expected);
    expect(hourlyReadings([...pulses, scan], 'subnet-a', 251)).toMatchObject(expected);
  });

  it('takes all usable addresses where no map was ever had, and nothing of other subnets', () => {
    const pulse = aSample(15, { availableIpAddressCount: 51 });
    expect(hourlyReadings([pulse], 'subnet-a', 251)).toMatchObject([{ usedMax: 200, freeMin: 51 }]);
    expect(hourlyReadings([pulse], 'subnet-b', 251)).toEqual([]);
  });

  it('turns free blocks into blocks that cannot be given', () => {
    const scan = { availableIpAddressCount: 130, usedAddressCount: 100, freeAddressCount: 130 };
    const none = hourlyReadings([aSample(0, { ...scan, freePrefixCount: 0 })], 'subnet-a', 251);
    expect(blockDemand(none, 14)).toMatchObject([{ peak: 14, isCensored: true }]);
    expect(blockDemand(hourlyReadings([aSample(0, scan)], 'subnet-a', 251), 14)).toEqual([]);
    expect(addressDemand(none)).toMatchObject([{ peak: 100, isCensored: false }]);
  });
});

describe('levelBreaks', () => {
  const WEEK = [100, 101, 100, 99, 100, 101, 100];

  it.each([
    [116, []],
    [117, [7]],
    [84, []],
    [83, [7]],
  ])('of a steady week followed by %i is on day %j', (level, expected) => {
    const found = levelBreaks(aSeries([...WEEK, level, level, level]), 'addresses');
    expect(found.map(({ day }) => day - FIRST_DAY)).toEqual(expected);
  });

  it('needs more than four deviations where a week moves by itself', () => {
    const restless = [100, 110, 90, 100, 110, 90, 100];
    const moved = (level: number) => levelBreaks(aSeries([...restless, level, level, level]), 'addresses').length;
    expect([moved(140), moved(141)]).toEqual([0, 1]);
  });

  it.each([
    [150, 0],
    [151, 1],
  ])('needs as much against the same days of the week before: %i counts %i', (level, count) => {
    const restless = [110, 110, 90, 100, 90, 100, 100];
    expect(levelBreaks(aSeries([...restless, level, level, level]), 'addresses').length).toBe(count);
  });

  it('is the first day that is nearer to the new level', () => {
    const found = levelBreaks(aSeries([...WEEK, 101, 200, 201, 200]), 'addresses');
    expect(found).toEqual([{ day: FIRST_DAY + 8, reason: 'level-moved' }]);
  });

  it('finds none in weeks whose weekends are low, nor in steady growth', () => {
    const weekly = Array.from({ length: 42 }, (_, day) => (day % 7 >= 5 ? 300 : 600) + (day % 3));
    const growing = Array.from({ length: 42 }, (_, day) => 300 + 20 * day);
    expect([levelBreaks(aSeries(weekly), 'addresses'), levelBreaks(aSeries(growing), 'addresses')]).toEqual([[], []]);
  });

  it('starts anew after one, and sees a second', () => {
    const series = aSeries([...WEEK, ...WEEK.map((each) => each + 80), ...WEEK.map((each) => each - 40)]);
    expect(levelBreaks(series, 'addresses').map(({ day }) => day - FIRST_DAY)).toEqual([7, 14]);
  });

  it('judges nothing by days that are missing', () => {
    expect(levelBreaks(aSeries([...WEEK.slice(1), undefined, 300, 300, 300]), 'addresses')).toEqual([]);
  });

  it('counts a move of two blocks', () => {
    const blocks = (level: number) => levelBreaks(aSeries([5, 5, 5, 5, 5, 5, 5, level, level, level]), 'blocks').length;
    expect([blocks(6), blocks(7)]).toEqual([0, 1]);
  });
});

describe('restartDay', () => {
  const LEVEL = [100, 101, 99, 100, 102, 100, 99, 101];
  const on = (day: number, reason: BreakReason = 'nodegroup-deleted') => [{ day: FIRST_DAY + day, reason }];
  const restart = (peaks: readonly number[], breaks: readonly SeriesBreak[]) => {
    const day = restartDay(aSeries(peaks), breaks, 'addresses');
    return day === undefined ? undefined : day - FIRST_DAY;
  };

  it('is the day from which a change that is known of shows in the level', () => {
    expect(restart([...LEVEL, 5, 4, 6], on(8))).toBe(8);
    // The day of the change still has the peak of its morning.
    expect(restart([...LEVEL, 101, 5, 4, 6], on(8))).toBe(9);
  });

  it('waits for three days, and does not take a move of four days later for its own', () => {
    expect(restart([...LEVEL, 5, 4], on(8))).toBeUndefined();
    expect(restart([...LEVEL, 100, 101, 99, 5, 4, 6], on(8))).toBe(11);
    expect(restart([...LEVEL, 100, 101, 99, 100, 5, 4, 6], on(8))).toBeUndefined();
  });

  it('needs both: what is known to have changed, and a level that moved by more than sixteen addresses', () => {
    expect(restart([...LEVEL, 30, 31, 29], on(8, 'level-moved'))).toBeUndefined();
    expect(restart([...LEVEL, 5, 4, 6], [])).toBeUndefined();
    expect(restart([...LEVEL, 116, 116, 116], on(8))).toBeUndefined();
    expect(restart([...LEVEL, 117, 117, 117], on(8))).toBe(8);
  });

  it('needs nobody to say what changed where no more than a quarter is left', () => {
    expect(restart([...LEVEL, 25, 25, 25], on(8, 'level-moved'))).toBe(8);
    expect(restart([...LEVEL, 26, 26, 26], on(8, 'level-moved'))).toBeUndefined();
    expect(restart([...LEVEL, 25, 25], on(8, 'level-moved'))).toBeUndefined();
  });

  it('is the last of several', () => {
    const peaks = [...LEVEL, 5, 4, 6, 5, 5, 4, 6, 5, 200, 201, 200];
    expect(restart(peaks, [...on(16), ...on(8)])).toBe(16);
    expect(restart(peaks, on(8))).toBe(8);
  });
});
