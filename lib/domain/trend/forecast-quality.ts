import { type BacktestSubject, backtest, FIRST_ORIGIN_DAYS } from './backtest.ts';
import { scoreBacktest } from './backtest-scores.ts';
import { dailyPeaks } from './daily.ts';
import type { ForecastQuality } from './forecast.ts';
import { judgedModel } from './judged-model.ts';

/** Told of the week ahead, which is what a critical alarm looks at. */
const QUALITY_DAYS = 7;
/** A morning in three: those beside each other say nearly the same. */
const ORIGIN_STEP_DAYS = 3;

/**
 * Returns how good forecasts of a subnet would have been, held against what was seen of it since. `undefined` where no morning
 * has four weeks before it and a week after it.
 */
export function forecastQuality(subject: BacktestSubject): ForecastQuality | undefined {
  const { firstDay, days } = dailyPeaks(subject.hours);
  const origins: number[] = [];
  for (let day = FIRST_ORIGIN_DAYS; day + QUALITY_DAYS <= days.length; day += ORIGIN_STEP_DAYS) {
    origins.push(firstDay + day);
  }
  const told = backtest(subject, { forecast: judgedModel }, origins);
  const scores = scoreBacktest(told, 'forecast', ['forecast'], (day) => days[day - firstDay]?.peak);
  const week = scores.find((each) => each.days === QUALITY_DAYS);
  return week === undefined ? undefined : { mase7: week.mase, coverage80: week.coverage80, originCount: week.count };
}
