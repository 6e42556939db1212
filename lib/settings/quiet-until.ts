import { dayAfter, instantOfLocalTime, localTime, minutesOf, weekdayOf } from './local-time.ts';
import { type QuietHours, type SlackSettings, WEEKDAYS } from './notification-settings.ts';

/**
 * Returns when the quiet hours of a channel end, in milliseconds since 1970; `undefined` where there are none at `nowMs`. Of
 * several that overlap the last end. They begin and end when clocks show it, so that a night is an hour longer or shorter where
 * clocks are set.
 */
export function quietUntilMs(
  { quietHours, timeZone }: Pick<SlackSettings, 'quietHours' | 'timeZone'>,
  channel: string,
  nowMs: number,
): number | undefined {
  const ends = quietHours
    .filter(({ channels }) => channels === undefined || channels.includes(channel))
    .flatMap((hours) => endsOf(hours, hours.timeZone ?? timeZone, nowMs));
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** Of hours that began today or the day before, and are not over. */
function endsOf({ from, to, days }: QuietHours, timeZone: string, nowMs: number): number[] {
  const { day: today } = localTime(nowMs, timeZone);
  const isOverMidnight = minutesOf(to) <= minutesOf(from);
  return [dayAfter(today, -1), today]
    .filter((day) => days.some((name) => WEEKDAYS.indexOf(name) === weekdayOf(day)))
    .flatMap((day) => {
      const fromMs = instantOfLocalTime({ day, minutes: minutesOf(from) }, timeZone);
      const lastDay = isOverMidnight ? dayAfter(day, 1) : day;
      const toMs = instantOfLocalTime({ day: lastDay, minutes: minutesOf(to) }, timeZone);
      return fromMs <= nowMs && nowMs < toMs ? [toMs] : [];
    });
}
