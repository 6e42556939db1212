import { dailyRoom, hourlyRoom, type RoomPoint } from '../domain/trend/roll-up.ts';
import type { SeriesSample } from '../domain/trend/series.ts';
import { utcDayText } from '../domain/utc-day.ts';

export interface RoomSubject {
  readonly subnetId: string;
  readonly usableAddressCount: number;
}

/**
 * Returns the least room of each subnet on each day from `since` on, whole days since 1970, by subnet id. Days of which too
 * little was seen are gaps. What EC2 counts is read by the last address map before it, so samples of the day before `since`
 * are looked at as well.
 */
export function dailyRooms(
  samples: readonly SeriesSample[],
  subjects: readonly RoomSubject[],
  since: number,
): ReadonlyMap<string, readonly RoomPoint[]> {
  const from = utcDayText(since - 1);
  const looked = samples.filter(({ observedAt }) => observedAt >= from);
  return new Map(
    subjects.map(({ subnetId, usableAddressCount }) => [
      subnetId,
      dailyRoom(hourlyRoom(looked, subnetId, usableAddressCount)).filter(({ at }) => at >= since),
    ]),
  );
}
