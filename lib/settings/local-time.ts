/** Days and times of day as clocks on the wall show them. */

/** A day of the calendar, `2026-11-23`. */
type Day = string;

export interface LocalTime {
  readonly day: Day;
  /** Since the clock showed 00:00 of that day. */
  readonly minutes: number;
}

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_HOUR = 60;
export const MS_PER_DAY = 86_400_000;

/** Whether a time zone of that name is known. */
export function isTimeZone(name: string): boolean {
  try {
    clockOf(name);
    return true;
  } catch (cause) {
    if (cause instanceof RangeError) {
      return false;
    }
    throw cause;
  }
}

/** Returns what clocks of a time zone show at a moment, in milliseconds since 1970. */
export function localTime(ms: number, timeZone: string): LocalTime {
  const wallMs = wallMsOf(ms, timeZone);
  const dayMs = Math.floor(wallMs / MS_PER_DAY) * MS_PER_DAY;
  return { day: dayText(dayMs), minutes: Math.floor((wallMs - dayMs) / MS_PER_MINUTE) };
}

/**
 * Returns when clocks of a time zone show a time of a day, in milliseconds since 1970. Of a time that comes twice, when clocks are
 * set back, the first; of one that is skipped, when they are set forward, the moment so much later.
 */
export function instantOfLocalTime({ day, minutes }: LocalTime, timeZone: string): number {
  const wallMs = dayMsOf(day) + minutes * MS_PER_MINUTE;
  // No clock is set twice within two days, so one of the offsets a day before and a day after holds.
  const [before, after] = [wallMs - MS_PER_DAY, wallMs + MS_PER_DAY].map(
    (ms) => wallMs - (wallMsOf(ms, timeZone) - ms),
  );
  const candidates = [before ?? wallMs, after ?? wallMs].toSorted((a, b) => a - b);
  return candidates.find((ms) => wallMsOf(ms, timeZone) === wallMs) ?? before ?? wallMs;
}

/** Returns a time of day, `22:00`, in minutes since 00:00. */
export function minutesOf(timeOfDay: string): number {
  const [hours, minutes] = timeOfDay.split(':').map(Number);
  return (hours ?? Number.NaN) * MINUTES_PER_HOUR + (minutes ?? Number.NaN);
}

/** Returns the day so many days later. */
export function dayAfter(day: Day, count: number): Day {
  return dayText(dayMsOf(day) + count * MS_PER_DAY);
}

/** Returns the day of the week: 0 on Mondays. */
export function weekdayOf(day: Day): number {
  // 1970 began on a Thursday.
  return (Math.floor(dayMsOf(day) / MS_PER_DAY) + 3) % 7;
}

/** What the clock shows, as if it were UTC. */
function wallMsOf(ms: number, timeZone: string): number {
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  const text = `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}Z`;
  return Date.parse(text);
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}

function dayMsOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function dayText(dayMs: number): Day {
  return new Date(dayMs).toISOString().slice(0, DAY_LENGTH);
}

const DAY_LENGTH = 10;
