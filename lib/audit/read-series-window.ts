import type { VpcId } from '../domain/capacity/vpc-state.ts';
import { dailyRoom, hourlyRoom, type RoomPoint } from '../domain/trend/roll-up.ts';
import type { SeriesSample } from '../domain/trend/series.ts';
import { utcDayText } from '../domain/utc-day.ts';
import type { RoomSubject } from './daily-rooms.ts';
import type { SeriesStore } from './store-ports.ts';

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
  roomOf(subnet: RoomSubject): SubnetRoom;
}

/** Of hours and days that were seen, in their order. */
export interface SubnetRoom {
  readonly hourly: readonly RoomPoint[];
  readonly daily: readonly RoomPoint[];
}

/**
 * Reads a window of the series of a VPC, or of one subnet of it, by one Query: of hours where these are kept for as long, of days
 * where not.
 */
export async function readSeriesWindow(
  vpc: VpcId,
  window: DayWindow,
  series: Pick<SeriesStore, 'samples' | 'dailyRoom'>,
  subnetId?: string,
): Promise<SeriesWindow> {
  if (window.to - window.from >= HOURLY_WINDOW_DAYS_MAX) {
    const kept = await series.dailyRoom(vpc, window);
    // Of a subnet of which no day is kept none was seen.
    return { samples: [], roomOf: ({ subnetId }) => ({ hourly: [], daily: kept.get(subnetId) ?? [] }) };
  }
  const samples = await series.samples(vpc, { from: utcDayText(window.from), to: utcDayText(window.to) }, subnetId);
  return windowOfSamples(samples);
}

/** Returns a window that is told by its samples. */
export function windowOfSamples(samples: readonly SeriesSample[]): SeriesWindow {
  return {
    samples,
    roomOf({ subnetId, usableAddressCount }) {
      const hourly = hourlyRoom(samples, subnetId, usableAddressCount);
      return { hourly, daily: dailyRoom(hourly) };
    },
  };
}
