import type { DailySeries, SeriesKind } from './daily.ts';
import { median, medianAbsoluteDeviation } from './quantile.ts';

/** Something after which a subnet's use is another than before. */
export interface SeriesBreak {
  /** Whole days since 1970: the first day that is of the new kind. */
  readonly day: number;
  readonly reason: BreakReason;
}

export type BreakReason =
  | 'cluster-created'
  | 'cluster-deleted'
  | 'nodegroup-created'
  | 'nodegroup-deleted'
  | 'nodegroup-subnets-changed'
  | 'prefix-mode-toggled'
  | 'reservation-changed'
  | 'migration-accepted'
  /** Only the numbers say so. */
  | 'level-moved';

/** Decisions of this project: the last days against a week before them. */
const DAYS_AFTER = 3;
const DAYS_BEFORE = 7;
const DEVIATIONS_MIN = 4;
/** A shift of fewer is what one more node or a deploy makes. A block has sixteen addresses. */
const SHIFT_MIN: Readonly<Record<SeriesKind, number>> = { addresses: 16, blocks: 1 };

/**
 * Finds the days on which the level moved: the median of three days is further from that of the seven before than four times
 * their median deviation. It must also have moved against the same days of the week before, else each weekend would be a break.
 * After a break the seven days start anew.
 */
export function levelBreaks({ firstDay, days }: DailySeries, kind: SeriesKind): readonly SeriesBreak[] {
  const found: SeriesBreak[] = [];
  const peaks = new Float64Array(days.length);
  for (const [index, day] of days.entries()) {
    // A missing day makes every distance to it NaN.
    peaks[index] = day?.peak ?? Number.NaN;
  }
  let start = 0;
  for (let index = DAYS_BEFORE; index + DAYS_AFTER <= days.length; index += 1) {
    const moved = index - start < DAYS_BEFORE ? undefined : movedAt(peaks, index, SHIFT_MIN[kind]);
    if (moved !== undefined) {
      found.push({ day: firstDay + moved, reason: 'level-moved' });
      start = moved;
    }
  }
  return found;
}

/** Nodes drain for a while, and a day keeps the peak of its morning: three days are looked at from each of so many days on. */
const DAYS_UNTIL_MOVED = 2;

/** Where no more than this share of a level is left, whoever had it is gone, even if nobody says so. A decision of this project. */
const EMPTIED_SHARE_MAX = 0.25;

/**
 * Returns the day from which on a series is of another kind than before: something is known to have changed and its level moved with
 * it, or the level fell to a fraction. `undefined` where it is the same all along: levels move for many reasons, and many
 * changes move nothing.
 */
export function restartDay(series: DailySeries, breaks: readonly SeriesBreak[], kind: SeriesKind): number | undefined {
  if (breaks.length === 0) {
    return undefined;
  }
  const peaks = Float64Array.from(series.days, (day) => day?.peak ?? Number.NaN);
  const restarts = breaks.flatMap(({ day, reason }) => {
    const index = day - series.firstDay;
    if (reason === 'level-moved') {
      return isEmptiedAt(peaks, index) ? index : [];
    }
    return movedFrom(peaks, index, SHIFT_MIN[kind]) ?? [];
  });
  return restarts.length === 0 ? undefined : series.firstDay + Math.max(...restarts);
}

function isEmptiedAt(peaks: Float64Array, index: number): boolean {
  const isWhole = index >= DAYS_BEFORE && index + DAYS_AFTER <= peaks.length;
  const before = peaks.subarray(index - DAYS_BEFORE, index);
  // A missing day makes the comparison false.
  return isWhole && medianOfThree(peaks, index) <= EMPTIED_SHARE_MAX * median([...before]);
}

function movedFrom(peaks: Float64Array, start: number, shiftMin: number): number | undefined {
  for (let index = Math.max(start, DAYS_BEFORE); index <= start + DAYS_UNTIL_MOVED; index += 1) {
    const moved = index + DAYS_AFTER <= peaks.length ? movedAt(peaks, index, shiftMin) : undefined;
    if (moved !== undefined) {
      return moved;
    }
  }
  return undefined;
}

/** The first of three days from `index` on that is nearer to the new level than to the old one. */
function movedAt(peaks: Float64Array, index: number, shiftMin: number): number | undefined {
  const level = medianOfThree(peaks, index);
  const weekBefore = medianOfThree(peaks, index - DAYS_BEFORE);
  // Few days get past this, and it costs nothing; a day that is missing makes the distance NaN.
  if (!(Math.abs(level - weekBefore) > shiftMin)) {
    return undefined;
  }
  const before = [...peaks.subarray(index - DAYS_BEFORE, index)];
  if (before.some(Number.isNaN)) {
    return undefined;
  }
  const levelBefore = median(before);
  const shift = Math.max(shiftMin, DEVIATIONS_MIN * medianAbsoluteDeviation(before));
  if (Math.abs(level - levelBefore) <= shift || Math.abs(level - weekBefore) <= shift) {
    return undefined;
  }
  const after = peaks.subarray(index, index + DAYS_AFTER);
  return index + after.findIndex((peak) => Math.abs(peak - level) < Math.abs(peak - levelBefore));
}

/** The median of the peaks of three days; NaN where one of them is missing. */
function medianOfThree(peaks: Float64Array, index: number): number {
  // Callers stay three days from the end.
  const [a, b, c] = [peaks[index] as number, peaks[index + 1] as number, peaks[index + 2] as number];
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
