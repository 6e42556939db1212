import type { VpcId } from '../domain/capacity/vpc-state.ts';
import { dailyRoom, hourlyRoom, type RoomPoint } from '../domain/trend/roll-up.ts';
import type { SeriesSample } from '../domain/trend/series.ts';
import { utcDayText } from '../domain/utc-day.ts';
import type { RoomSubject } from './daily-rooms.ts';
import type { ForecastReader, SamplesAndForecasts, SeriesReader, SeriesScope, StoredForecasts } from './store-ports.ts';

/** As long as hourly points are kept; a longer window is told by days. */
export const HOURLY_WINDOW_DAYS_MAX = 90;
/** As long as daily roll-ups are kept. */
export const DAILY_WINDOW_DAYS_MAX = 397;

/** Whole days since 1970, both included. */
export interface DayWindow {
  readonly from: number;
  readonly to: number;
}

/** What was seen of a VPC in a window. */
export interface SeriesWindow {
  /** None where the window is longer than hourly points are kept. */
  readonly samples: readonly SeriesSample[];
  /** What was forecast last; `undefined` where nothing was yet. */
  readonly forecasts: StoredForecasts | undefined;
  roomOf(subnet: RoomSubject): SubnetRoom;
}

/** Of hours and days that were seen, in their order. */
export interface SubnetRoom {
  readonly hourly: readonly RoomPoint[];
  readonly daily: readonly RoomPoint[];
}

/** What a window is read from. */
export interface SeriesWindowPorts {
  readonly series: Pick<SeriesReader, 'samplesAndForecasts' | 'dailyRoom'>;
  readonly forecasts: ForecastReader;
}

/**
 * Reads a window of the series of a VPC, or of one subnet of it, and what was forecast from it: by one Query of hours where these are
 * kept for as long, of days where not, beside which forecasts are asked for.
 */
export async function readSeriesWindow(
  vpc: VpcId,
  window: DayWindow,
  { series, forecasts }: SeriesWindowPorts,
  scope: SeriesScope = {},
): Promise<SeriesWindow> {
  if (window.to - window.from >= HOURLY_WINDOW_DAYS_MAX) {
    const [kept, stored] = await Promise.all([series.dailyRoom(vpc, window), forecasts.readForecasts(vpc)]);
    return {
      samples: [],
      forecasts: stored,
      // Of a subnet of which no day is kept none was seen.
      roomOf: ({ subnetId }) => ({ hourly: [], daily: kept.get(subnetId) ?? [] }),
    };
  }
  const days = { from: utcDayText(window.from), to: utcDayText(window.to) };
  return windowOfSamples(await series.samplesAndForecasts(vpc, days, scope));
}

/** Returns a window that is told by its samples. */
export function windowOfSamples({ samples, forecasts }: SamplesAndForecasts): SeriesWindow {
  return {
    samples,
    forecasts,
    roomOf({ subnetId, usableAddressCount }) {
      const hourly = hourlyRoom(samples, subnetId, usableAddressCount);
      return { hourly, daily: dailyRoom(hourly) };
    },
  };
}
