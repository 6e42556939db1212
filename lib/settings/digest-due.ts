import { dayAfter, instantOfLocalTime, localTime, minutesOf } from './local-time.ts';
import type { SlackSettings } from './notification-settings.ts';

/** A digest that is to be sent. */
export interface DigestDue {
  /** The day on which it is, in the time zone of the settings: `2026-11-23`. */
  readonly day: string;
  /** When the digest before was due: what changed since is in this one. Milliseconds since 1970. */
  readonly sinceMs: number;
}

/** Returns the digest of the day of `nowMs`, once its time has come and until the day is over; `undefined` before, or with none. */
export function digestDue(
  { digestAt, timeZone }: Pick<SlackSettings, 'digestAt' | 'timeZone'>,
  nowMs: number,
): DigestDue | undefined {
  if (digestAt === 'never') {
    return undefined;
  }
  const { day } = localTime(nowMs, timeZone);
  const minutes = minutesOf(digestAt);
  return nowMs < instantOfLocalTime({ day, minutes }, timeZone)
    ? undefined
    : { day, sinceMs: instantOfLocalTime({ day: dayAfter(day, -1), minutes }, timeZone) };
}
