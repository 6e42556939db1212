import { quantileOfSorted } from './quantile.ts';
import { insertSorted } from './select-nth.ts';

/** The errors of one morning by day ahead: what came less what was expected. */
export interface MorningErrors {
  /** The day of the morning, which is the first one ahead. */
  readonly firstDay: number;
  readonly errors: Float64Array;
}

/** How good forecasts of this subnet would have been a week ahead, on the mornings that were learnt from. */
export interface ForecastQuality {
  readonly mase7: number | undefined;
  readonly coverage80: number | undefined;
  readonly originCount: number;
}

/** What forecasts of a subnet learn from how good earlier ones were. */
export interface Calibration {
  /** By how much what lasts of an error is stretched, so many days ahead. */
  readonly stretch: (days: number) => number;
  /** `undefined` where no morning has enough others before it. */
  readonly quality: ForecastQuality | undefined;
}

/** By how much of their median error forecasts are corrected: what is seen of it is in part chance. */
export const BIAS_SHARE = 0.25;
/**
 * Errors are stretched: few are known, and those of overlapping weeks are much the same. Paths stretch only what lasts, which takes
 * more for the same interval than to stretch all of an error, as is done to try intervals. Chosen on half of the generated subnets.
 */
const STRETCHES = [
  { days: 1, ofErrors: 1.275, ofLasting: 1.4 },
  { days: 3, ofErrors: 1.325, ofLasting: 1.5 },
  { days: 7, ofErrors: 1.425, ofLasting: 1.65 },
  { days: 14, ofErrors: 1.6, ofLasting: 2 },
  { days: 28, ofErrors: 1.95, ofLasting: 3 },
] as const;
const MISSED_SHARE = 0.2;
/** By how much one morning changes the stretch, and the most that all do: a few overlapping weeks are weak evidence. */
const STEP = 0.05;
const CHANGE = { least: 0.6, most: 2 } as const;
const EXAMPLES_MIN = 8;
/** Told of the week ahead, which is what a critical alarm looks at. */
const QUALITY_DAYS = 7;

/**
 * Tries intervals on mornings in rising order, each by what was known on it, and learns from what they missed. `scale` is what
 * errors are measured by, `undefined` where nothing ever changed.
 */
export function calibrate(mornings: readonly MorningErrors[], scale: number | undefined): Calibration {
  const trials = STRETCHES.map(({ days, ofErrors, ofLasting }) => {
    const trial = tryIntervals(mornings, days, ofErrors);
    return { ...trial, days, stretch: ofLasting * trial.change };
  });
  const week = trials.find(({ days }) => days === QUALITY_DAYS);
  return {
    stretch: (days) => between(trials, days),
    quality:
      week === undefined || week.count === 0
        ? undefined
        : {
            mase7: scale === undefined ? undefined : week.off / week.count / scale,
            coverage80: week.coveredCount / week.count,
            originCount: week.count,
          },
  };
}

interface Trial {
  readonly change: number;
  readonly count: number;
  readonly coveredCount: number;
  /** By how much the middle was off, all mornings together. */
  readonly off: number;
}

/**
 * Each miss stretches what is told later, and each hit shrinks it, so that in the long run as many miss as are to: adaptive
 * conformal inference, https://arxiv.org/abs/2106.00170. What came of a morning is known only so many days later.
 */
function tryIntervals(mornings: readonly MorningErrors[], days: number, stretch: number): Trial {
  const known = new Float64Array(mornings.length);
  const told: ToldInterval[] = [];
  let [knownCount, change, learnt] = [0, 1, 0];
  for (const { firstDay, errors } of mornings) {
    for (let past = mornings[knownCount]; isKnown(past, firstDay, days); past = mornings[knownCount]) {
      // Mornings that come first have the most days after them.
      insertSorted(known, knownCount, past.errors[days - 1] as number);
      knownCount += 1;
    }
    for (let past = told[learnt]; isKnown(past, firstDay, days); past = told[learnt]) {
      change *= Math.exp(STEP * ((past.isMissed ? 1 : 0) - MISSED_SHARE));
      learnt += 1;
    }
    const error = errors[days - 1];
    if (error !== undefined && knownCount >= EXAMPLES_MIN) {
      told.push({ firstDay, ...tellInterval(known.subarray(0, knownCount), stretch * change, error) });
    }
  }
  return {
    change: Math.min(CHANGE.most, Math.max(CHANGE.least, change)),
    count: told.length,
    coveredCount: told.filter(({ isMissed }) => !isMissed).length,
    off: told.reduce((sum, each) => sum + each.off, 0),
  };
}

interface ToldInterval {
  readonly firstDay: number;
  readonly off: number;
  readonly isMissed: boolean;
}

/** Whether it is known on a day what came so many days ahead of an earlier morning. */
function isKnown<T extends { readonly firstDay: number }>(past: T | undefined, day: number, days: number): past is T {
  return past !== undefined && past.firstDay + days <= day;
}

function tellInterval(sorted: Float64Array, stretch: number, error: number): Pick<ToldInterval, 'off' | 'isMissed'> {
  const center = quantileOfSorted(sorted, 0.5);
  const away = error - BIAS_SHARE * center;
  const low = stretch * (quantileOfSorted(sorted, MISSED_SHARE / 2) - center);
  const high = stretch * (quantileOfSorted(sorted, 1 - MISSED_SHARE / 2) - center);
  return { off: Math.abs(away), isMissed: away < low || away > high };
}

/** In proportion between two that are given; beyond them that of the nearest. */
function between(all: readonly { readonly days: number; readonly stretch: number }[], days: number): number {
  const above = all.find((each) => each.days >= days);
  const below = all.findLast((each) => each.days <= days);
  if (above === undefined || below === undefined || above.days === below.days) {
    return (above ?? below)?.stretch ?? 1;
  }
  return below.stretch + ((days - below.days) / (above.days - below.days)) * (above.stretch - below.stretch);
}
