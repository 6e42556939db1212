import fc from 'fast-check';
import { expect, it } from 'vitest';
import { utcDayText } from '../../lib/domain/utc-day.ts';

const MS_PER_DAY = 86_400_000;

it.each([
  [0, '1970-01-01'],
  [-1, '1969-12-31'],
  [11_016, '2000-02-29'],
  [11_017, '2000-03-01'],
  [20_780, '2026-11-23'],
])('says day %i as %s', (day, text) => {
  expect(utcDayText(day)).toBe(text);
});

it('says what the calendar of the engine says', () => {
  fc.assert(
    fc.property(fc.integer({ min: -700_000, max: 2_000_000 }), (day) => {
      expect(utcDayText(day)).toBe(new Date(day * MS_PER_DAY).toISOString().slice(0, 10));
    }),
  );
});
