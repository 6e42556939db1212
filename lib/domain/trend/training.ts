import { restartDay, type SeriesBreak } from './breaks.ts';
import type { DailyPeak, DailySeries, SeriesKind } from './daily.ts';

/** A trend is drawn through as many days or more. A decision of this project, as the two below. */
export const TREND_DAYS_MIN = 14;
/** Older days say little of what comes. */
export const TRAINING_DAYS_MAX = 90;

/** The days that a forecast learns from. */
export interface Training {
  /** Whole days since 1970; the last one has a peak. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** Days since 1970 of the breaks among them, in rising order. What goes on across one is learnt from, but no slope is. */
  readonly breakDays: readonly number[];
  /** All peaks from the first to the last day, missing ones `undefined`. */
  readonly days: readonly (DailyPeak | undefined)[];
  readonly validDayCount: number;
  /** Days, counted from the first, and peaks that a trend goes through: not those that are only lower bounds. */
  readonly times: readonly number[];
  readonly peaks: readonly number[];
}

/**
 * Returns what to learn from: up to 90 days, and none before something is known to have changed that moved the level. `undefined`
 * where no day has a peak.
 */
export function trainingOf(
  series: DailySeries,
  breaks: readonly SeriesBreak[],
  kind: SeriesKind,
): Training | undefined {
  const lastIndex = series.days.findLastIndex((day) => day !== undefined);
  if (lastIndex < 0) {
    return undefined;
  }
  const lastDay = series.firstDay + lastIndex;
  const restart = restartDay(series, breaks, kind) ?? Number.NEGATIVE_INFINITY;
  const firstDay = Math.max(series.firstDay, lastDay - TRAINING_DAYS_MAX + 1, restart);
  const breakDays = [restart, ...breaks.map(({ day }) => day)].filter((day) => day <= lastDay && day >= firstDay);
  const days = series.days.slice(firstDay - series.firstDay, lastIndex + 1);
  return {
    firstDay,
    lastDay,
    breakDays: [...new Set(breakDays)].sort((a, b) => a - b),
    days,
    validDayCount: days.filter((day) => day !== undefined).length,
    ...fittedDays(days),
  };
}

/** Days at full capacity are lower bounds; those that nothing explains weigh nothing where there are others enough. */
function fittedDays(days: Training['days']): Pick<Training, 'times' | 'peaks'> {
  const explained = daysOf(days, ({ isCensored, isUnexplained }) => !(isCensored || isUnexplained));
  return explained.times.length >= TREND_DAYS_MIN ? explained : daysOf(days, ({ isCensored }) => !isCensored);
}

function daysOf(days: Training['days'], isFitted: (day: DailyPeak) => boolean): Pick<Training, 'times' | 'peaks'> {
  const times: number[] = [];
  const peaks: number[] = [];
  for (const [time, day] of days.entries()) {
    if (day !== undefined && isFitted(day)) {
      times.push(time);
      peaks.push(day.peak);
    }
  }
  return { times, peaks };
}
