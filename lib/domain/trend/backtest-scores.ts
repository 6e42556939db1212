import { type BacktestOrigin, JUDGED_DAYS } from './backtest.ts';
import { coverage, meanAbsoluteError, pinballScore, winklerScore } from './scores.ts';

/** How good the forecasts of one subnet were so many days ahead. Errors are in units of `scale`. */
export interface HorizonScore {
  readonly days: number;
  /** Forecasts beside a day that had a peak. */
  readonly count: number;
  /** The mean absolute error of the median. */
  readonly mase: number;
  /** The mean of the scores of the quantiles 0.1, 0.5 and 0.9. */
  readonly pinball: number;
  /** The share of peaks between the quantiles 0.1 and 0.9, and what the interval costs. */
  readonly coverage80: number;
  readonly winkler: number;
}

/** The interval between the quantiles 0.1 and 0.9 is missed with this probability. */
const ALPHA = 0.2;

/**
 * Returns the scores of one model by number of days ahead. Origins count where every one of `answering` says something, so that
 * models are compared by the same days. What is wanted and not there cannot be seen, so nobody is judged by it: forecasts and
 * peaks are cut at the capacity, and on days after one on which nothing was free there is nothing left to tell. A horizon that is
 * never answered is left out, as are subnets where nothing ever changed.
 */
export function scoreBacktest<Name extends string>(
  origins: readonly BacktestOrigin<Name>[],
  name: Name,
  answering: readonly Name[],
  actualOn: (day: number) => number | undefined,
): readonly HorizonScore[] {
  return JUDGED_DAYS.flatMap((days) => {
    const judged = origins.flatMap(({ today, scale, forecasts, history: { capacity, series } }) => {
      const actual = series.days.at(-1)?.isCensored === true ? undefined : actualOn(today + days - 1);
      const used = forecasts[name].used.get(days);
      const isAnswered = answering.every((each) => forecasts[each].used.has(days));
      return actual === undefined || used === undefined || scale === undefined || !isAnswered
        ? []
        : [{ ...cutAt(capacity, { ...used, actual }), scale }];
    });
    const scale = mean(judged.map((each) => each.scale));
    const error = meanAbsoluteError(judged.map(({ p50, actual }) => ({ forecast: p50, actual })));
    const intervals = judged.map(({ p10, p90, actual }) => ({ lower: p10, upper: p90, actual }));
    const coverage80 = coverage(intervals);
    if (error === undefined || coverage80 === undefined) {
      return [];
    }
    const pinball = mean(judged.flatMap((each) => quantileScores(each)));
    const winkler = mean(intervals.map((each) => winklerScore(each, ALPHA)));
    const scores = { mase: error / scale, pinball: pinball / scale, coverage80, winkler: winkler / scale };
    return [{ days, count: judged.length, ...scores }];
  });
}

type Judged = Record<'p10' | 'p50' | 'p90' | 'actual', number>;

function cutAt(capacity: number, { p10, p50, p90, actual }: Judged): Judged {
  const cut = (used: number) => Math.min(capacity, used);
  return { p10: cut(p10), p50: cut(p50), p90: cut(p90), actual: cut(actual) };
}

function quantileScores(said: Judged): readonly number[] {
  const { p10, p50, p90, actual } = said;
  return [
    pinballScore({ forecast: p10, actual }, 0.1),
    pinballScore({ forecast: p50, actual }, 0.5),
    pinballScore({ forecast: p90, actual }, 0.9),
  ];
}

/** NaN without a value; callers then say nothing. */
function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
