import type { RoomHistory } from '../../audit/read-room-history.ts';
import type { SeriesForecast } from '../../domain/trend/vpc-forecasts.ts';
import { type AlertChart, toAlertChart } from '../../notify/slack/alert-chart.tsx';
import { SAMPLE_ALERTS } from './slack-samples.ts';

const NOW_MS = Date.parse('2026-11-23T12:05:00.000Z');
const MS_PER_HOUR = 3_600_000;
const HOURS_PER_DAY = 24;
const TODAY = Math.floor(NOW_MS / MS_PER_HOUR / HOURS_PER_DAY);
const DAYS = 30;
const FIRST_HOUR = (TODAY - DAYS + 1) * HOURS_PER_DAY;
const LAST_HOUR = Math.floor(NOW_MS / MS_PER_HOUR);
/** Hours of which nothing was seen, counted from the first. */
const GAP = { from: 260, to: 302 };

/** Falls ever slower to little more than the floor, and swings by the hour of the day. */
function freeAt(hour: number): number {
  const left = 130 * Math.exp(-hour / (9 * HOURS_PER_DAY));
  const swing = Math.sin((2 * Math.PI * (hour % HOURS_PER_DAY)) / HOURS_PER_DAY);
  return Math.round(21 + left + (1 + left / 12) * swing);
}

function hoursOf(free: (hour: number) => number): RoomHistory['hours'] {
  return Array.from({ length: LAST_HOUR - FIRST_HOUR + 1 }, (_, index) => index)
    .filter((index) => index < GAP.from || index >= GAP.to)
    .map((index) => ({ hour: FIRST_HOUR + index, free: free(index) }));
}

const crossing = { probability: new Map([[30, 0.997]]), p10: 6, p50: 11, p90: 22, censoredAt: 180 };

const ADDRESS_FORECAST: SeriesForecast = {
  state: 'forecast',
  forecast: {
    subnetId: 'subnet-0a',
    kind: 'addresses',
    method: 'trend',
    modelVersion: 1,
    trainedFrom: TODAY - DAYS,
    trainedTo: TODAY - 1,
    dayCount: DAYS,
    breaks: [],
    capacity: 251,
    now: 20,
    firstDay: TODAY,
    horizons: [
      { days: 1, p10: 19, p50: 21, p90: 24 },
      { days: 3, p10: 18.6, p50: 20.6, p90: 24 },
      { days: 7, p10: 17.6, p50: 19.4, p90: 23 },
      { days: 14, p10: 13, p50: 17, p90: 21 },
      { days: 30, p10: 2, p50: 10, p90: 15 },
    ],
    atFloor: { floor: 18, ...crossing },
    atZero: { floor: 0, ...crossing },
    quality: undefined,
    caveats: [],
  },
};

/** What the sample alert about addresses is charted from: one that runs out soon. */
export const SAMPLE_HISTORY: RoomHistory = {
  subnetId: 'subnet-0a',
  series: 'addresses',
  fromDay: TODAY - DAYS + 1,
  readAtMs: NOW_MS,
  hours: hoursOf(freeAt),
  capacity: 251,
  forecast: ADDRESS_FORECAST,
  observedAt: '2026-11-23T12:00:00.000Z',
  intervalMinutes: 60,
};

/** Blocks that may last for long. */
const SAMPLE_BLOCK_HISTORY: RoomHistory = {
  ...SAMPLE_HISTORY,
  series: 'blocks',
  hours: hoursOf((hour) => Math.max(0, Math.round(7 - hour / 200))),
  capacity: 14,
  forecast: {
    ...ADDRESS_FORECAST,
    forecast: {
      ...ADDRESS_FORECAST.forecast,
      kind: 'blocks',
      capacity: 14,
      now: 4,
      horizons: [
        { days: 1, p10: 3, p50: 4, p90: 4 },
        { days: 7, p10: 2, p50: 3.4, p90: 4 },
        { days: 30, p10: 0.8, p50: 2.6, p90: 4 },
        { days: 90, p10: -1, p50: 2, p90: 4 },
      ],
      atFloor: { floor: 0, probability: new Map(), p10: 41, p50: undefined, p90: undefined, censoredAt: 180 },
    },
  },
};

/** The chart that follows each kind of message that has one, by the name of its golden file. */
export const SAMPLE_CHARTS = {
  'chart-of-addresses': toAlertChart(SAMPLE_ALERTS.exhaustion, SAMPLE_HISTORY),
  'chart-of-blocks': toAlertChart(SAMPLE_ALERTS['exhaustion of blocks'], SAMPLE_BLOCK_HISTORY),
  'chart-of-addresses-while-blocks-run-out': toAlertChart(
    SAMPLE_ALERTS['exhaustion of blocks without a forecast'],
    SAMPLE_HISTORY,
  ),
} as const satisfies Readonly<Record<string, AlertChart>>;
