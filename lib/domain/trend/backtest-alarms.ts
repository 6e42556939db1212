import type { BacktestOrigin } from './backtest.ts';

/** A time in which an alarm was open, in whole days since 1970. */
export interface AlarmSpan {
  readonly openedOn: number;
  /** The first day without it; `undefined`: open at the end. */
  readonly closedOn: number | undefined;
}

/** A warning looks a month ahead, a critical one a week. */
const WARNING_DAYS = 30;
const CRITICAL_DAYS = 7;
const OPENING_PROBABILITY = 0.5;
/** It closes after so many days below half of what opens it: what flaps is one alarm. */
const CLOSING_DAYS = 2;
/** With less history only what is nearly full may alarm. */
const UNGUARDED_DAYS = 28;
const FREE_SHARE_MAX = 0.4;

/** Returns when a model would have alarmed, warnings and critical ones alike. Takes the origins in rising order. */
export function alarmSpans<Name extends string>(
  origins: readonly BacktestOrigin<Name>[],
  name: Name,
): readonly AlarmSpan[] {
  const spans: AlarmSpan[] = [];
  let openedOn: number | undefined;
  let quietSince: number | undefined;
  for (const origin of origins) {
    const probability = alarmProbability(origin, name);
    if (openedOn === undefined) {
      openedOn = probability >= OPENING_PROBABILITY ? origin.today : undefined;
      quietSince = undefined;
      continue;
    }
    quietSince = probability < OPENING_PROBABILITY / 2 ? (quietSince ?? origin.today) : undefined;
    if (quietSince !== undefined && origin.today - quietSince >= CLOSING_DAYS) {
      spans.push({ openedOn, closedOn: origin.today });
      openedOn = undefined;
    }
  }
  return openedOn === undefined ? spans : [...spans, { openedOn, closedOn: undefined }];
}

function alarmProbability<Name extends string>({ history, forecasts }: BacktestOrigin<Name>, name: Name): number {
  const { now, floor, capacity, series } = history;
  if (now <= floor) {
    return 1;
  }
  const dayCount = series.days.filter((day) => day !== undefined).length;
  if (now >= FREE_SHARE_MAX * capacity && dayCount < UNGUARDED_DAYS) {
    return 0;
  }
  const { probability } = forecasts[name];
  // A horizon that is not told alarms nobody.
  return Math.max(probability.get(WARNING_DAYS) ?? 0, probability.get(CRITICAL_DAYS) ?? 0);
}
