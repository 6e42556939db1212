import type { Instant } from '../../domain/fact.ts';
import { instantMs } from '../../domain/instant.ts';
import { countText } from '../../domain/text/number-text.ts';
import { visibleText } from '../../domain/text/visible-text.ts';

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_HOUR = 60;
const HOURS_PER_DAY = 24;
const INSTANT_TO_MINUTE = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\d{2}(?:\.\d+)?Z$/;

/** Returns an instant to the minute, for example `2026-11-23 08:00 UTC`. */
export function instantText(instant: Instant): string {
  const match = INSTANT_TO_MINUTE.exec(instant);
  return match === null ? visibleText(instant) : `${match[1]} ${match[2]} UTC`;
}

/** Returns the time between two instants in its two largest units, for example `3 days 4 hours`; `undefined` where one cannot be read. */
export function durationText(from: Instant, to: Instant): string | undefined {
  const fromMs = instantMs(from);
  const toMs = instantMs(to);
  return fromMs === undefined || toMs === undefined || toMs < fromMs ? undefined : spanText(toMs - fromMs);
}

/** Returns an instant and how old it is at another, for example `2026-11-23 08:00 UTC, 5 minutes ago`. */
export function agedText(instant: Instant, now: Instant): string {
  const age = durationText(instant, now);
  return age === undefined ? instantText(instant) : `${instantText(instant)}, ${age} ago`;
}

function spanText(durationMs: number): string {
  const minutes = Math.floor(durationMs / MS_PER_MINUTE);
  const hours = Math.floor(minutes / MINUTES_PER_HOUR);
  const days = Math.floor(hours / HOURS_PER_DAY);
  if (days > 0) {
    return joined(countText(days, 'day'), hours % HOURS_PER_DAY, 'hour');
  }
  return hours > 0
    ? joined(countText(hours, 'hour'), minutes % MINUTES_PER_HOUR, 'minute')
    : countText(minutes, 'minute');
}

function joined(larger: string, count: number, unit: string): string {
  return count === 0 ? larger : `${larger} ${countText(count, unit)}`;
}
