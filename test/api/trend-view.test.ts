import { describe, expect, it } from 'vitest';
import { type TrendParts, toTrendView } from '../../lib/api/to-trend-view.ts';
import { TrendView } from '../../lib/api/trend-view.ts';
import { type SeriesWindow, windowOfSamples } from '../../lib/audit/read-series-window.ts';
import type { SubnetState } from '../../lib/domain/capacity/region-state.ts';
import { exhaustionOf } from '../../lib/domain/trend/exhaustion.ts';
import { forecastVpc, type SubjectSeries } from '../../lib/domain/trend/forecast-vpc.ts';
import type { SeriesSample } from '../../lib/domain/trend/series.ts';
import type { VpcForecasts } from '../../lib/domain/trend/vpc-forecasts.ts';
import { SUBNET_ID } from '../helpers/builders.ts';
import { aPoint, HOURS_PER_DAY, hourlySamples, TODAY, USABLE } from '../helpers/series-builder.ts';
import { stateOf } from '../store/state-of-size.ts';

const NOW_HOUR = TODAY * HOURS_PER_DAY + 8;

/** One address less each six hours, 40 left now; what `isMissing` says was not seen. */
function partsOf(days: number, isMissing: (hour: number) => boolean = () => false): TrendParts {
  return partsFrom(
    hourlySamples((TODAY - days) * HOURS_PER_DAY, NOW_HOUR, (hour) =>
      isMissing(hour) ? undefined : 40 + Math.floor((NOW_HOUR - hour) / 6),
    ),
    days,
  );
}

function partsFrom(samples: readonly SeriesSample[], days: number, blocks?: SubjectSeries): TrendParts {
  const made = forecastVpc({
    vpcId: 'vpc-1',
    subjects: [
      {
        subnetId: SUBNET_ID,
        availabilityZoneId: undefined,
        usableAddressCount: USABLE,
        addresses: { capacity: USABLE, floor: 0, now: 40 },
        blocks,
        breaks: [],
      },
    ],
    samples,
    today: TODAY,
  });
  const [subnet] = made.subnets;
  const forecasts: VpcForecasts = {
    ...made,
    inputsDigest: '',
    today: TODAY,
    isOutdated: false,
    breaks: new Map(),
    reservations: new Map(),
  };
  return {
    vpcId: 'vpc-1',
    state: { ...aState(), exhaustion: subnet === undefined ? { state: 'no-history' } : exhaustionOf(subnet) },
    seen: windowOfSamples({ samples, forecasts: { version: '1', forecasts } }),
    window: { from: TODAY - days + 1, to: TODAY },
    history: 'All of it is there',
  };
}

function withForecasts(seen: SeriesWindow, change: Partial<VpcForecasts>): SeriesWindow {
  if (seen.forecasts === undefined) {
    throw new Error('Expected a window with forecasts');
  }
  const { version, forecasts } = seen.forecasts;
  return { ...seen, forecasts: { version, forecasts: { ...forecasts, ...change } } };
}

function aState(): SubnetState {
  const [state] = stateOf({
    subnetCount: 1,
    clusterCount: 1,
    usedAddressCount: () => USABLE - 40,
    observedAt: '2026-11-23T08:05:00.000Z',
  }).subnets;
  if (state === undefined) {
    throw new Error('There is one subnet');
  }
  return { ...state, subnet: { ...state.subnet, subnetId: SUBNET_ID } };
}

describe('the trend of a subnet', () => {
  const view = toTrendView(partsOf(30));

  it('is what its schema says', () => {
    expect(TrendView.parse(view)).toEqual(view);
  });

  it('has every hour and every whole day, with the least that was free', () => {
    expect(view.hourly).toHaveLength(30 * 24 + 8);
    expect(view.hourly.at(-1)).toMatchObject({ at: '2026-11-23T07:00:00.000Z', freeAddressCountMin: 40 });
    expect(view.daily).toHaveLength(30);
    expect(view.daily.at(-1)).toMatchObject({ date: '2026-11-22', freeAddressCountMin: 41 });
  });

  it('says how fast use grows, and when it ends', () => {
    expect(view.growth?.addressesPerDay).toBeCloseTo(4);
    expect(view.growth).toMatchObject({ dayCount: 30 });
    const [forecast] = view.forecasts;
    expect(forecast).toMatchObject({ series: 'addresses', method: 'trend', capacityCount: USABLE, dayCount: 30 });
    expect(forecast?.horizons[0]).toMatchObject({ date: '2026-11-23', days: 1 });
    // 41 are free at the end of yesterday, 4 less each day: the eleventh day ends with less than one.
    expect(forecast?.atZero?.p50).toBe('2026-12-03');
    expect(view.exhaustion).toMatchObject({ series: 'addresses', p50: '2026-12-03', reason: null });
    expect(view.exhaustion.message).toMatch(
      /^Addresses run out most likely 2026-12-03, 80 %: between .* and .*; chance/,
    );
    expect(view.forecastOf).toBe('2026-11-23');
  });

  it.each([
    [14, 14],
    [13, undefined],
  ])('grows by what came after the last change that is known of, %i days ago', (daysAgo, dayCount) => {
    const parts = partsOf(30);
    const breaks = new Map([[SUBNET_ID, [{ day: TODAY - daysAgo, reason: 'cluster-created' as const }]]]);
    const since = toTrendView({
      ...parts,
      seen: withForecasts(parts.seen, { breaks }),
    });
    expect(since.growth?.dayCount).toBe(dayCount);
  });

  it('says how good forecasts of its own past would have been, where it is long enough for that', () => {
    expect(view.forecasts[0]).toMatchObject({ method: 'trend', bound: null, quality: null });
    expect(toTrendView(partsOf(34)).forecasts[0]?.quality).toBeNull();
    const [long] = toTrendView(partsOf(35)).forecasts;
    // One morning has four weeks before it, and a week after it. Use grows by the same each day.
    expect(long?.quality).toMatchObject({ originCount: 1, coverage80: expect.any(Number) });
    expect(long?.quality?.mase7).toBeLessThan(0.5);
  });

  it.each([
    [{}, 'screened', null],
    [{ probabilityBelow: 0.1 }, 'bounded', 0.1],
  ])('of a subnet that was not drawn (%j) gives the bound, and no date', (bound, method, probabilityBelow) => {
    const parts = partsOf(30);
    const addresses = {
      state: 'not-expected',
      withinDays: 90,
      ...bound,
      dayCount: 30,
      trainedFrom: TODAY - 30,
      trainedTo: TODAY - 1,
      capacity: USABLE,
      floor: 13,
      firstDay: TODAY,
    } as const;
    const subnets = [{ subnetId: SUBNET_ID, addresses, blocks: undefined }];
    const { forecasts } = toTrendView({
      ...parts,
      seen: withForecasts(parts.seen, { subnets }),
    });
    const none = { atFloor: null, atZero: null, horizons: [], quality: null };
    expect(forecasts).toMatchObject([{ method, bound: { withinDays: 90, probabilityBelow }, ...none }]);
  });

  it('of a subnet whose blocks were counted for two days shows the forecast of addresses, and what blocks lack', () => {
    const countedFrom = (TODAY - 2) * HOURS_PER_DAY;
    const samples = hourlySamples((TODAY - 30) * HOURS_PER_DAY, NOW_HOUR, () => 200).map((sample, index) => ({
      ...sample,
      points: new Map([
        [
          SUBNET_ID,
          aPoint(200, {
            freePrefixCount: (TODAY - 30) * HOURS_PER_DAY + index < countedFrom ? undefined : 2,
          }),
        ],
      ]),
    }));
    const parts = partsFrom(samples, 30, { capacity: 14, floor: 0, now: 2 });
    const prefixUse = { ...parts.state.prefixUse, inUse: true, canFallBack: false };
    const short = toTrendView({ ...parts, state: { ...parts.state, prefixUse } });
    expect(TrendView.parse(short)).toEqual(short);
    expect(short.exhaustion.message).toBe(
      'Addresses: not expected within 180 days, by 30 days of history; no forecast of /28 blocks yet: 2 of 3 days with at least 18 hours counted since 2026-11-21',
    );
    expect(short.exhaustion).toMatchObject({
      series: 'addresses',
      missingHistory: { series: 'blocks', since: '2026-11-21' },
      bindingRoom: { series: 'blocks', capacityCount: 14, observedAt: '2026-11-23T08:05:00.000Z' },
    });
    expect(short.forecasts.map(({ series, method }) => [series, method])).toEqual([
      ['addresses', 'screened'],
      ['blocks', 'none'],
    ]);
  });

  it('keeps gaps as gaps', () => {
    const seen = toTrendView(partsOf(20, (hour) => Math.floor(hour / 24) === TODAY - 5));
    const gap = seen.hourly.filter(({ freeAddressCountMin }) => freeAddressCountMin === null);
    expect(gap.map(({ at }) => at.slice(0, 10))).toEqual(Array.from({ length: 24 }, () => '2026-11-18'));
    expect(seen.daily.filter(({ freeAddressCountMin }) => freeAddressCountMin === null)).toEqual([
      { date: '2026-11-18', freeAddressCountMin: null, freePrefixCountMin: null, fragmentation: null },
    ]);
  });

  it('of a few days has no growth, and says that there is no forecast yet', () => {
    const short = toTrendView(partsOf(2));
    expect(short.growth).toBeNull();
    expect(short.exhaustion).toMatchObject({ p50: null, reason: 'insufficient-history', historyDayCount: 2 });
    expect(short.exhaustion.message).toBe(
      'No forecast of addresses yet: 2 of 3 days with at least 18 hours seen since 2026-11-21',
    );
    expect(short.forecasts[0]).toMatchObject({ method: 'none', horizons: [], atFloor: null, atZero: null });
  });

  it('of a long window is told by the days that are kept', () => {
    const room = { freeMin: 7, freePrefixMin: undefined, scatter: undefined };
    const daily = [TODAY - 200, TODAY - 198].map((at) => ({ ...room, at }));
    const parts = partsOf(30);
    const seen = { ...parts.seen, samples: [], roomOf: () => ({ hourly: [], daily }) };
    const long = toTrendView({ ...parts, seen });
    expect(TrendView.parse(long)).toEqual(long);
    expect(long).toMatchObject({ hourly: [], growth: null });
    expect(long.daily.map(({ date, freeAddressCountMin }) => [date, freeAddressCountMin])).toEqual([
      ['2026-05-07', 7],
      ['2026-05-08', null],
      ['2026-05-09', 7],
    ]);
    expect(long.forecasts).toHaveLength(1);
  });

  it('of a subnet without IPv4 is empty', () => {
    const parts = partsOf(20);
    const blind = toTrendView({
      ...parts,
      state: { ...parts.state, capacity: undefined },
      seen: { ...parts.seen, forecasts: undefined },
    });
    expect(blind).toMatchObject({ hourly: [], daily: [], growth: null, forecasts: [], usableAddressCount: null });
  });
});
