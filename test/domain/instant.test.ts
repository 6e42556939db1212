import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantMs } from '../../lib/domain/instant.ts';

const number = (min: number, max: number, digits: number) =>
  fc.integer({ min, max }).map((value) => String(value).padStart(digits, '0'));

describe('instantMs', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00:00.001Z', 1],
    ['1969-12-31T23:59:59.999Z', -1],
    ['2000-02-29T12:00:00Z', 951_825_600_000],
    ['2026-11-23T08:00:00.000Z', 1_795_420_800_000],
    ['2026-11-23T10:30:00+02:30', 1_795_420_800_000],
    ['2026-11-23T03:00:00-05:00', 1_795_420_800_000],
    ['2026-11-23T08:00:00.5Z', 1_795_420_800_500],
    ['2026-11-23T08:00:00.123999Z', 1_795_420_800_123],
  ])('reads %s as %d', (text, expected) => {
    expect(instantMs(text)).toBe(expected);
  });

  it.each([
    '',
    '2026-11-23',
    '2026-11-23T08:00Z',
    '2026-11-23T08:00:00',
    '2026-11-23 08:00:00Z',
    '2026-11-23t08:00:00z',
    ' 2026-11-23T08:00:00Z',
    '2026-11-23T08:00:00Z\n',
    '2026-11-23T08:00:00.Z',
    '2026-11-23T24:00:00Z',
    '2026-11-23T08:60:00Z',
    '2026-12-31T23:59:60Z',
    '2026-11-23T08:00:00+24:00',
    '2026-11-23T08:00:00+00:60',
    '2026-00-01T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-00T00:00:00Z',
    '2026-11-31T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '+12026-11-23T08:00:00Z',
  ])('refuses %j', (text) => {
    expect(instantMs(text)).toBeUndefined();
  });

  it('agrees with Date on every instant that Date writes with four digits of the year', () => {
    const date = fc.date({
      noInvalidDate: true,
      min: new Date('0000-01-01T00:00:00.000Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
    });
    fc.assert(fc.property(date, (value) => instantMs(value.toISOString()) === value.getTime()));
  });

  it('agrees with Date on which days exist', () => {
    fc.assert(
      fc.property(number(1, 9999, 4), number(0, 13, 2), number(0, 32, 2), (year, month, day) => {
        const text = `${year}-${month}-${day}T00:00:00.000Z`;
        const date = new Date(text);
        const exists = !Number.isNaN(date.getTime()) && date.toISOString() === text;
        return instantMs(text) === (exists ? date.getTime() : undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with Date on offsets', () => {
    fc.assert(
      fc.property(fc.constantFrom('+', '-'), number(0, 23, 2), number(0, 59, 2), (sign, hours, minutes) => {
        const text = `2024-02-29T23:59:59.999${sign}${hours}:${minutes}`;
        return instantMs(text) === new Date(text).getTime();
      }),
    );
  });
});
