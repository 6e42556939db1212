import type { RandomSource } from './random.ts';

/** A residual by day of the series; `undefined` where the day is missing. */
export type Residuals = readonly (number | undefined)[];

/** Days of a block: a week keeps together what happens in one. */
export const BLOCK_DAYS = 7;

/**
 * Fills `into` with residuals drawn in blocks of consecutive days (Künsch, Annals of Statistics 17, 1989): what follows what is
 * kept within a block. `firstDay` is the day of `into[0]` in the residuals' count. Where `isAligned`, a block starts on the same
 * day of a week as the days it stands for, so that weekends stay weekends. A missing day takes a residual of any other one, where
 * aligned of the same day of another week.
 *
 * @throws RangeError where no day has a residual.
 */
export function drawMovingBlocks(
  residuals: Residuals,
  { firstDay, isAligned }: { readonly firstDay: number; readonly isAligned: boolean },
  into: Float64Array,
  random: RandomSource,
): void {
  const substitute = substitutes(residuals, isAligned, random);
  for (let from = 0; from < into.length; from += BLOCK_DAYS) {
    const start = blockStart(residuals.length, isAligned ? modulo(firstDay + from, BLOCK_DAYS) : undefined, random);
    const to = Math.min(into.length, from + BLOCK_DAYS);
    for (let index = from; index < to; index += 1) {
      const day = start + index - from;
      into[index] = residuals[day] ?? substitute(day);
    }
  }
}

/** Returns what stands for a missing day. */
function substitutes(residuals: Residuals, isAligned: boolean, random: RandomSource): (day: number) => number {
  const present = residuals.filter((each) => each !== undefined);
  if (present.length === 0) {
    throw new RangeError('Cannot draw residuals: no day has one');
  }
  return (day) => {
    const alike = isAligned
      ? residuals.filter((_, other) => other % BLOCK_DAYS === day % BLOCK_DAYS).filter((each) => each !== undefined)
      : present;
    const among = alike.length > 0 ? alike : present;
    // `among` is not empty, and `random()` is below 1.
    return among[Math.floor(random() * among.length)] as number;
  };
}

/** The day that a block starts with; with a day of the week only one that falls on it. Short series start at their first day. */
function blockStart(days: number, dayOfWeek: number | undefined, random: RandomSource): number {
  const starts = Math.max(1, days - BLOCK_DAYS + 1);
  if (dayOfWeek === undefined) {
    return Math.floor(random() * starts);
  }
  const aligned = Math.max(1, Math.ceil((starts - dayOfWeek) / BLOCK_DAYS));
  return dayOfWeek + BLOCK_DAYS * Math.floor(random() * aligned);
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
