import { describe, expect, it } from 'vitest';
import { type RoomHistory, readRoomHistory } from '../../lib/audit/read-room-history.ts';
import type { Alert } from '../../lib/domain/alert/alert.ts';
import type { SeriesSample } from '../../lib/domain/trend/series.ts';
import type { VpcForecasts } from '../../lib/domain/trend/vpc-forecasts.ts';
import { SAMPLE_HISTORY } from '../../lib/local/service/slack-chart-samples.ts';
import { aVpcState } from '../domain/alert/a-vpc-state.ts';
import { anAlert } from '../domain/alert/an-alert.ts';
import { aPoint, HOURS_PER_DAY, hourlySamples, TODAY } from '../helpers/series-builder.ts';

const MS_PER_HOUR = 3_600_000;
const NOON = TODAY * HOURS_PER_DAY + 12;
const NOW_MS = NOON * MS_PER_HOUR + 20 * 60_000;
const SUBNET = 'subnet-0a';

interface Kept {
  readonly samples?: readonly SeriesSample[];
  readonly isJudged?: boolean;
  readonly hasForecasts?: boolean;
}

async function historyOf(alert: Alert, kept: Kept = {}): Promise<RoomHistory | undefined> {
  const { samples = hourlySamples(NOON - 48, NOON + 1, () => 40, SUBNET), isJudged = true, hasForecasts = true } = kept;
  const asked: unknown[] = [];
  const history = await readRoomHistory(alert, {
    now: () => NOW_MS,
    states: {
      readState: async () =>
        isJudged
          ? { version: '1', state: aVpcState([{ subnetId: SUBNET, free: 40, blocks: 2 }]), isFinished: true }
          : undefined,
    },
    series: {
      samples: async (_, days) => {
        asked.push(days);
        return samples;
      },
    },
    forecasts: { readForecasts: async () => (hasForecasts ? { version: '1', forecasts: FORECASTS } : undefined) },
  });
  if (asked.length > 0) {
    expect(asked).toEqual([{ from: '2026-10-25', to: '2026-11-23' }]);
  }
  return history;
}

const { forecast: FORECAST } = SAMPLE_HISTORY;
if (FORECAST === undefined) {
  throw new Error('The sample has a forecast');
}
const FORECASTS: VpcForecasts = {
  inputsDigest: 'd',
  today: TODAY,
  isOutdated: false,
  breaks: new Map(),
  reservations: new Map(),
  subnets: [{ subnetId: SUBNET, addresses: FORECAST, blocks: undefined }],
  portfolios: [],
};

describe('the history of an alert', () => {
  it('has the least of each hour that was seen, what there is, the forecast, and how old and how dense it is', async () => {
    const samples = [
      ...hourlySamples(NOON - 48, NOON + 1, (hour) => (hour === NOON - 3 ? undefined : 40), SUBNET),
      ...hourlySamples(NOON, NOON + 1, () => 31, SUBNET),
    ];
    const history = await historyOf(anAlert(), { samples });
    expect(history).toMatchObject({
      subnetId: SUBNET,
      series: 'addresses',
      fromDay: TODAY - 29,
      readAtMs: NOW_MS,
      capacity: 251,
      forecast: FORECAST,
      observedAt: '2026-11-23T12:05:00.000Z',
      intervalMinutes: 60,
    });
    expect(history?.hours.slice(-3)).toEqual([
      { hour: NOON - 2, free: 40 },
      { hour: NOON - 1, free: 40 },
      { hour: NOON, free: 31 },
    ]);
    expect(history?.hours.some(({ hour }) => hour === NOON - 3)).toBe(false);
  });

  it('is of blocks where these run out', async () => {
    const [blocks, alert] = [{ series: 'blocks' }, anAlert({ kind: 'no-free-prefix' })] as const;
    for (const of of [alert, anAlert({ what: { forecast: { ...FORECAST_OF_ALERT, ...blocks } } })]) {
      const history = await historyOf(of);
      expect(history).toMatchObject({ series: 'blocks', capacity: 14, forecast: undefined });
      expect(history?.hours.at(-1)).toEqual({ hour: NOON, free: 2 });
    }
  });

  it('is of what the alert forecasts, and where it has no forecast of what runs out', async () => {
    const room = {
      subnetId: SUBNET,
      series: 'blocks',
      freeCount: 2,
      capacityCount: 14,
      countedFrom: 'network-interfaces',
      observedAt: '2026-11-23T08:00:00.000Z',
    } as const;
    expect(await historyOf(anAlert({ what: { room } }))).toMatchObject({ series: 'blocks' });
    const none = FORECAST_OF_ALERT;
    const told = { ...none, censoredAt: '2027-05-22' };
    expect(await historyOf(anAlert({ what: { room, forecast: told } }))).toMatchObject({ series: 'addresses' });
    expect(await historyOf(anAlert({ what: { room, forecast: none } }))).toMatchObject({ series: 'blocks' });
    expect(await historyOf(anAlert({ what: { forecast: none } }))).toMatchObject({ series: 'addresses' });
  });

  it('is of the subnet of which it says what runs out', async () => {
    const subject = { kind: 'cluster', clusterId: 'c', clusterName: 'prod' } as const;
    const room = {
      subnetId: SUBNET,
      series: 'addresses',
      freeCount: 2,
      capacityCount: 251,
      countedFrom: 'network-interfaces',
      observedAt: '2026-11-23T08:00:00.000Z',
    } as const;
    expect(await historyOf(anAlert({ subject, where: { subnets: [] }, what: { room } }))).toMatchObject({
      subnetId: SUBNET,
    });
  });

  it('leaves out hours that counted no blocks', async () => {
    const samples = hourlySamples(NOON - 1, NOON + 1, () => 40, SUBNET).map((sample, index) => ({
      ...sample,
      points: new Map([[SUBNET, aPoint(40, index === 0 ? { freePrefixCount: undefined } : {})]]),
    }));
    expect((await historyOf(anAlert({ kind: 'no-free-prefix' }), { samples }))?.hours).toEqual([
      { hour: NOON, free: 2 },
    ]);
  });

  it('is of the subnet that a cluster fails worst in', async () => {
    const subject = { kind: 'cluster', clusterId: 'c', clusterName: 'prod' } as const;
    expect(await historyOf(anAlert({ subject }))).toMatchObject({ subnetId: SUBNET });
    expect(await historyOf(anAlert({ subject, where: { subnets: [] } }))).toBeUndefined();
  });

  it('knows no interval after a single look, and no forecast before one was made', async () => {
    const samples = hourlySamples(NOON, NOON + 1, () => 40, SUBNET);
    expect(await historyOf(anAlert(), { samples, hasForecasts: false })).toMatchObject({
      intervalMinutes: undefined,
      forecast: undefined,
    });
  });

  it.each([
    ['alerts that are not about room', anAlert({ kind: 'scan-stale', home: { kind: 'account', accountId: '1' } }), {}],
    ['a count that is not explained', anAlert({ kind: 'residual-unexplained' }), {}],
    ['a subnet that is gone', anAlert(), { isJudged: false }],
    ['a subnet of which nothing was seen', anAlert(), { samples: [] }],
  ])('is not there for %s', async (_, alert, kept) => {
    expect(await historyOf(alert, kept)).toBeUndefined();
  });
});

const FORECAST_OF_ALERT = {
  subnetId: SUBNET,
  series: 'addresses',
  floor: 0,
  p10: undefined,
  p50: undefined,
  p90: undefined,
  censoredAt: undefined,
  probability: [],
  caveats: [],
} as const;
