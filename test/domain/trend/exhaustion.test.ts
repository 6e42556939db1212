import { describe, expect, it } from 'vitest';
import { type Exhaustion, exhaustionOf, HISTORY_DAYS_MIN } from '../../../lib/domain/trend/exhaustion.ts';
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

  it('is not ruled out by one series while the other says nothing yet', () => {
    expect(of(NOT_EXPECTED, growing(1, 0, 3, 'blocks'))).toEqual({
      state: 'insufficient-history',
      kind: 'blocks',
      dayCount: 1,
      neededDayCount: HISTORY_DAYS_MIN,
    });
    expect(of(NOT_EXPECTED, NOT_EXPECTED)).toEqual({ state: 'not-expected', withinDays: 90, dayCount: 60 });
  });

  it('of which nothing was drawn is the larger of both bounds', () => {
    const bounded: SeriesForecast = { ...NOT_EXPECTED, probabilityBelow: 0.1 };
    const expected = { state: 'not-expected', withinDays: 90, probabilityBelow: 0.1, dayCount: 60 };
    expect(of(NOT_EXPECTED, bounded)).toEqual(expected);
    expect(of(bounded, NOT_EXPECTED)).toEqual(expected);
  });
});
