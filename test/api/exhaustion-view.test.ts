import { describe, expect, it } from 'vitest';
import { ExhaustionView } from '../../lib/api/exhaustion-view.ts';
import { toExhaustionView } from '../../lib/api/to-exhaustion-view.ts';
import type { Exhaustion } from '../../lib/domain/trend/exhaustion.ts';

const FORECAST: Extract<Exhaustion, { state: 'forecast' }> = {
  state: 'forecast',
  kind: 'blocks',
  method: 'trend',
  dayCount: 40,
  floor: 0,
  p10: 20_782,
  p50: 20_790,
  p90: 20_800,
  censoredDay: 20_959,
  probability: new Map([
    [7, 0.25],
    [30, 0.755],
  ]),
  quality: undefined,
  caveats: ['gaps'],
};

/** Two days of blocks, from 2026-11-21 on. */
const MISSING = { kind: 'blocks', dayCount: 2, neededDayCount: 3, sinceDay: 20_778 } as const;
const NO_BLOCK_FORECAST = 'no forecast of /28 blocks yet: 2 of 3 days with at least 18 hours counted since 2026-11-21';

describe('the view of an exhaustion', () => {
  it.each<[string, Exhaustion, string | null, string]>([
    ['a single look', { state: 'no-history' }, 'no-history', 'No forecast: this is a single look, without history'],
    [
      'a short history',
      { state: 'insufficient-history', dayCount: 2, neededDayCount: 3 },
      'insufficient-history',
      'No forecast of addresses yet: 2 of 3 days with at least 18 hours seen',
    ],
    [
      'a subnet that was screened out',
      { state: 'not-expected', withinDays: 90, dayCount: 60 },
      'not-expected',
      'Not expected within 90 days, by 60 days of history',
    ],
    [
      'a subnet of which few futures get there',
      { state: 'not-expected', withinDays: 90, probabilityBelow: 0.1, dayCount: 60 },
      'not-expected',
      'Not drawn: less than 10 % within 90 days by a bound, by 60 days of history',
    ],
    [
      'three dates',
      FORECAST,
      null,
      '/28 blocks run out most likely 2026-12-03, 80 %: between 2026-11-25 and 2026-12-13; chance within 30 days 76 %',
    ],
    [
      'an open end',
      { ...FORECAST, kind: 'addresses', p90: undefined },
      null,
      'Addresses run out most likely 2026-12-03, 80 %: between 2026-11-25 and later than 2027-05-21; chance within 30 days 76 %',
    ],
    [
      'fewer than half',
      { ...FORECAST, p50: undefined, p90: undefined },
      'less-than-even',
      '/28 blocks run out not before 2026-11-25; less likely than not by 2027-05-21; chance within 30 days 76 %',
    ],
    [
      'fewer than one in ten, by the level alone',
      { ...FORECAST, method: 'level', p10: undefined, p50: undefined, p90: undefined, probability: new Map([[7, 0]]) },
      'not-expected',
      '/28 blocks are not expected to run out by 2027-05-21, by the level of the last days alone',
    ],
    [
      'addresses, where blocks have no forecast',
      { ...FORECAST, kind: 'addresses', missing: MISSING },
      null,
      `Addresses run out most likely 2026-12-03, 80 %: between 2026-11-25 and 2026-12-13; chance within 30 days 76 %; ${NO_BLOCK_FORECAST}`,
    ],
    [
      'addresses that are ruled out, where blocks have no forecast',
      {
        state: 'insufficient-history',
        ...MISSING,
        other: { kind: 'addresses', withinDays: 180, dayCount: 60 },
      },
      'insufficient-history',
      `Addresses: not expected within 180 days, by 60 days of history; ${NO_BLOCK_FORECAST}`,
    ],
  ])('of %s says so', (_, exhaustion, reason, message) => {
    const view = toExhaustionView(exhaustion, undefined);
    expect([view.reason, view.message]).toEqual([reason, message]);
    expect(ExhaustionView.parse(view)).toEqual(view);
  });

  it('has the probabilities that are known, and null for the others', () => {
    expect(toExhaustionView(FORECAST, undefined).probability).toEqual({
      d7: 0.25,
      d14: null,
      d30: 0.755,
      d90: null,
      d180: null,
    });
    const quality = { mase7: 0.5, coverage80: undefined, originCount: 9 };
    expect(toExhaustionView({ ...FORECAST, quality }, undefined).quality).toEqual({
      mase7: 0.5,
      coverage80: null,
      originCount: 9,
    });
  });

  it.each<[Exhaustion, string | null, object | null, number]>([
    [FORECAST, 'blocks', null, 40],
    [
      { ...FORECAST, kind: 'addresses', missing: MISSING },
      'addresses',
      { series: 'blocks', dayCount: 2, neededDayCount: 3, since: '2026-11-21' },
      40,
    ],
    [
      {
        state: 'insufficient-history',
        kind: 'blocks',
        dayCount: 0,
        neededDayCount: 3,
        other: { kind: 'addresses', withinDays: 180, dayCount: 60 },
      },
      'addresses',
      { series: 'blocks', dayCount: 0, neededDayCount: 3, since: null },
      60,
    ],
    // As it was kept before it was told of what.
    [
      { state: 'insufficient-history', dayCount: 1, neededDayCount: 3 },
      null,
      { series: 'addresses', dayCount: 1, neededDayCount: 3, since: null },
      1,
    ],
  ])('of %j says of which series it is, and what the other lacks', (exhaustion, series, missingHistory, dayCount) => {
    expect(toExhaustionView(exhaustion, undefined)).toMatchObject({
      series,
      missingHistory,
      historyDayCount: dayCount,
      bindingRoom: null,
    });
  });

  it('names what runs out first, whatever is forecast', () => {
    const room = {
      series: 'blocks',
      freeCount: 2,
      capacityCount: 14,
      countedFrom: 'network-interfaces',
      observedAt: '2026-11-23T08:00:00.000Z',
    } as const;
    expect(toExhaustionView({ state: 'no-history' }, room).bindingRoom).toEqual(room);
  });
});
