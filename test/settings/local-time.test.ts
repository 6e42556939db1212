import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayAfter,
  instantOfLocalTime,
  isTimeZone,
  localTime,
  minutesOf,
  weekdayOf,
} from '../../lib/settings/local-time.ts';

const BERLIN = 'Europe/Berlin';
const ms = (text: string) => Date.parse(text);

describe('the local time', () => {
  it.each([
    ['2026-11-23T08:00:00Z', 'UTC', '2026-11-23', 480],
    ['2026-11-23T23:30:00Z', BERLIN, '2026-11-24', 30],
    ['2026-07-01T22:00:00Z', BERLIN, '2026-07-02', 0],
    ['2026-07-01T03:59:59Z', 'America/New_York', '2026-06-30', 1439],
    // Half an hour is all that this island sets its clocks by.
    ['2026-10-03T15:30:00Z', 'Australia/Lord_Howe', '2026-10-04', 150],
  ])('of %s in %s is %s and %d minutes', (instant, timeZone, day, minutes) => {
    expect(localTime(ms(instant), timeZone)).toEqual({ day, minutes });
  });

  it.each([
    ['2026-11-23', 480, 'UTC', '2026-11-23T08:00:00Z'],
    ['2026-11-23', 480, BERLIN, '2026-11-23T07:00:00Z'],
    ['2026-07-01', 480, BERLIN, '2026-07-01T06:00:00Z'],
    // 02:30 is skipped on the day that summer begins, and comes twice on the day it ends.
    ['2026-03-29', 150, BERLIN, '2026-03-29T01:30:00Z'],
    ['2026-10-25', 150, BERLIN, '2026-10-25T00:30:00Z'],
    ['2026-10-25', 180, BERLIN, '2026-10-25T02:00:00Z'],
    ['2026-03-29', 1440, BERLIN, '2026-03-29T22:00:00Z'],
  ])('%s and %d minutes in %s is %s', (day, minutes, timeZone, instant) => {
    expect(instantOfLocalTime({ day, minutes }, timeZone)).toBe(ms(instant));
  });

  it('of the instant of a local time is that time again, but where it is skipped', () => {
    const zones = fc.constantFrom('UTC', BERLIN, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000_000_000_000 }), zones, (atMs, timeZone) => {
        const shown = localTime(atMs, timeZone);
        expect(localTime(instantOfLocalTime(shown, timeZone), timeZone)).toEqual(shown);
      }),
    );
  });
});

describe('days and times of day', () => {
  it('are read and counted as calendars do', () => {
    expect(minutesOf('00:00')).toBe(0);
    expect(minutesOf('07:05')).toBe(425);
    expect(minutesOf('24:00')).toBe(1440);
    expect(dayAfter('2028-02-28', 1)).toBe('2028-02-29');
    expect(dayAfter('2026-03-01', -1)).toBe('2026-02-28');
    expect(['1970-01-01', '2026-11-23', '2026-11-29'].map(weekdayOf)).toEqual([3, 0, 6]);
  });

  it('are of time zones that exist', () => {
    expect(['UTC', BERLIN, 'Berlin', ''].map(isTimeZone)).toEqual([true, true, false, false]);
  });
});
