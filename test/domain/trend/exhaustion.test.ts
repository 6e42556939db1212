import { describe, expect, it } from 'vitest';
import {
  type Exhaustion,
  exhaustionOf,
  HISTORY_DAYS_MIN,
  missingHistoryText,
  ruledOutText,
} from '../../../lib/domain/trend/exhaustion.ts';
import { type ForecastInput, forecast } from '../../../lib/domain/trend/forecast.ts';
import type { SeriesForecast } from '../../../lib/domain/trend/vpc-forecasts.ts';
import { TODAY } from '../../helpers/series-builder.ts';

/** Of a use that grows by so many a day, to a level on the last day. */
function growing(
  dayCount: number,
  perDay: number,
  last: number,
  kind: ForecastInput['kind'] = 'addresses',
): SeriesForecast {
  const days = Array.from({ length: dayCount }, (_, day) => ({
    peak: last - perDay * (dayCount - 1 - day),
    validHourCount: 24,
    isUnexplained: false,
    isCensored: false,
  }));
  const capacity = kind === 'addresses' ? 251 : 14;
  return {
    state: 'forecast',
    forecast: forecast({
      subnetId: 'subnet-1',
      kind,
      series: { firstDay: TODAY - dayCount, days, swingWithinHour: 0 },
      breaks: [],
      capacity,
      floor: 0,
      now: capacity - last,
      today: TODAY,
    }),
  };
}

const NOT_EXPECTED: SeriesForecast = {
  state: 'not-expected',
  withinDays: 90,
  dayCount: 60,
  trainedFrom: TODAY - 60,
  trainedTo: TODAY - 1,
  capacity: 251,
  floor: 0,
  firstDay: TODAY,
};

function of(addresses: SeriesForecast, blocks?: SeriesForecast): Exhaustion {
  return exhaustionOf({ subnetId: 'subnet-1', addresses, blocks });
}

describe('exhaustion', () => {
  it('is told as days since 1970: a line that reaches the end on the fifth day does so in four days', () => {
    // 251 − 231 = 20 are free after the last day, and 4 are taken each day: none is left on the fifth day.
    expect(of(growing(40, 4, 231))).toMatchObject({
      state: 'forecast',
      kind: 'addresses',
      p10: TODAY + 4,
      p50: TODAY + 4,
      p90: TODAY + 4,
      censoredDay: TODAY + 179,
      dayCount: 40,
    });
  });

  it.each([
    [HISTORY_DAYS_MIN - 1, 'insufficient-history'],
    [HISTORY_DAYS_MIN, 'forecast'],
  ])('of %i days is %s', (dayCount, state) => {
    expect(of(growing(dayCount, 0, 10)).state).toBe(state);
  });

  it('of both series is the earlier one', () => {
    const late = growing(40, 1, 200);
    const soon = growing(40, 0.5, 13, 'blocks');
    expect(of(late, soon)).toMatchObject({ kind: 'blocks' });
    expect(of(growing(40, 4, 231), growing(40, 0.1, 5, 'blocks'))).toMatchObject({ kind: 'addresses' });
  });

  it('of one series that is expected and one that is not is the one that is', () => {
    expect(of(NOT_EXPECTED, growing(40, 0.5, 13, 'blocks'))).toMatchObject({ state: 'forecast', kind: 'blocks' });
    expect(of(growing(40, 4, 231), NOT_EXPECTED)).toMatchObject({ state: 'forecast', kind: 'addresses' });
  });

  it('is not ruled out by one series while the other says nothing yet, and tells what is known of the first', () => {
    expect(of(NOT_EXPECTED, growing(1, 0, 3, 'blocks'))).toEqual({
      state: 'insufficient-history',
      kind: 'blocks',
      dayCount: 1,
      neededDayCount: HISTORY_DAYS_MIN,
      sinceDay: TODAY - 1,
      other: { kind: 'addresses', withinDays: 90, dayCount: 60 },
    });
    const bounded = { ...NOT_EXPECTED, probabilityBelow: 0.1 };
    expect(of(growing(1, 0, 3), bounded)).toMatchObject({
      kind: 'addresses',
      other: { kind: 'blocks', withinDays: 90, probabilityBelow: 0.1, dayCount: 60 },
    });
  });

  it('of one series that is forecast says what the other lacks, and since when', () => {
    const missing = { kind: 'blocks', dayCount: 2, neededDayCount: HISTORY_DAYS_MIN, sinceDay: TODAY - 2 };
    expect(of(growing(40, 4, 231), growing(2, 0, 3, 'blocks'))).toMatchObject({ kind: 'addresses', missing });
    expect(of(growing(40, 4, 231), growing(3, 0, 3, 'blocks'))).not.toHaveProperty('missing');
    expect(of(growing(40, 4, 231))).not.toHaveProperty('missing');
    expect(of(growing(40, 4, 231), growing(0, 0, 3, 'blocks'))).toMatchObject({
      missing: { kind: 'blocks', dayCount: 0, sinceDay: TODAY },
    });
  });

  it('of both series without history is that of addresses', () => {
    const both = of(growing(1, 0, 3), growing(1, 0, 3, 'blocks'));
    expect(both).toMatchObject({ state: 'insufficient-history', kind: 'addresses' });
    expect(both).not.toHaveProperty('other');
  });

  it('of two that are not expected is none', () => {
    expect(of(NOT_EXPECTED, NOT_EXPECTED)).toEqual({ state: 'not-expected', withinDays: 90, dayCount: 60 });
  });

  it('of which nothing was drawn is the larger of both bounds', () => {
    const bounded: SeriesForecast = { ...NOT_EXPECTED, probabilityBelow: 0.1 };
    const expected = { state: 'not-expected', withinDays: 90, probabilityBelow: 0.1, dayCount: 60 };
    expect(of(NOT_EXPECTED, bounded)).toEqual(expected);
    expect(of(bounded, NOT_EXPECTED)).toEqual(expected);
  });
});

describe('the words of an exhaustion', () => {
  it.each([
    [
      { kind: 'blocks', dayCount: 2, neededDayCount: 3, sinceDay: TODAY - 2 },
      'no forecast of /28 blocks yet: 2 of 3 days with at least 18 hours counted since 2026-11-21',
    ],
    [
      { kind: 'blocks', dayCount: 0, neededDayCount: 3, sinceDay: TODAY },
      'no forecast of /28 blocks yet: 0 of 3 days with at least 18 hours counted before 2026-11-23',
    ],
    [{ dayCount: 0, neededDayCount: 3 }, 'no forecast of addresses yet: 0 of 3 days with at least 18 hours seen'],
  ] as const)('say of %j what it lacks', (missing, text) => {
    expect(missingHistoryText(missing)).toBe(text);
  });

  it.each([
    [{ withinDays: 180, dayCount: 60 }, 'not expected within 180 days, by 60 days of history'],
    [
      { withinDays: 90, probabilityBelow: 0.1, dayCount: 60 },
      'not drawn: less than 10 % within 90 days by a bound, by 60 days of history',
    ],
  ])('say of %j what is ruled out', (bound, text) => {
    expect(ruledOutText(bound)).toBe(text);
  });
});
