import { type BacktestOrigin, backtest, type DemandModel, JUDGED_DAYS } from '../../lib/domain/trend/backtest.ts';
import { type HorizonScore, scoreBacktest } from '../../lib/domain/trend/backtest-scores.ts';
import type { SeriesKind } from '../../lib/domain/trend/daily.ts';
import { median } from '../../lib/domain/trend/quantile.ts';
import { brierScore, type ScoredProbability } from '../../lib/domain/trend/scores.ts';
import type { GeneratedSubnet } from './generator/generate-subnet.ts';
import { type Crossing, crossesWithin } from './generator/labels.ts';
import { FIRST_DAY, STEPS_PER_DAY } from './generator/regimes.ts';
import { type AlarmFigures, judgeAlarms, sumAlarms } from './judge-alarms.ts';
import { judgedSubnet } from './subject.ts';

/** How good one model was on the subnets of a regime, each subnet at equal weight. */
export interface ModelFigures {
  readonly horizons: readonly HorizonScore[];
  /** By number of days, how far probabilities of a crossing were off. */
  readonly brier: Readonly<Record<string, number | undefined>>;
  /** The median of |ln(days told / days it took)| where a crossing came; what is not foreseen counts as 180 days. */
  readonly logDaysOff: number | undefined;
  readonly alarms: AlarmFigures;
}

export interface RegimeFigures<Name extends string> {
  readonly subnetCount: number;
  readonly originCount: number;
  /** By number of days ahead, the share of days that some model said nothing of: they count for none. */
  readonly unansweredShare: Readonly<Record<string, number>>;
  readonly models: Readonly<Record<Name, ModelFigures>>;
}

const EVENT_DAYS = [7, 14, 30] as const;
const UNFORESEEN_DAYS = 180;

/** What the models said of one subnet, beside what happened. */
export interface JudgedRun<Name extends string> {
  readonly subnet: GeneratedSubnet;
  readonly crossings: readonly Crossing[];
  readonly origins: readonly BacktestOrigin<Name>[];
  readonly actualOn: (day: number) => number | undefined;
}

/** Runs all models over a subnet. `days` are the origins, counted from the first day of the data. */
export function runSubnet<Name extends string>(
  subnet: GeneratedSubnet,
  kind: SeriesKind,
  models: Readonly<Record<Name, DemandModel>>,
  days: readonly number[],
): JudgedRun<Name> {
  const { subject, actualOn } = judgedSubnet(subnet, kind);
  const origins = backtest(
    subject,
    models,
    days.map((day) => FIRST_DAY + day),
  );
  return { subnet, crossings: kind === 'addresses' ? subnet.labels.floor : subnet.labels.prefixes, origins, actualOn };
}

/** Scores what models said of the subnets of one regime. */
export function judgeRegime<Name extends string>(
  runs: readonly JudgedRun<Name>[],
  names: readonly Name[],
): RegimeFigures<Name> {
  const figures = names.map((name) => [name, modelFigures(runs, name, names)]);
  return {
    subnetCount: runs.length,
    originCount: runs.reduce((sum, { origins }) => sum + origins.length, 0),
    unansweredShare: Object.fromEntries(JUDGED_DAYS.map((ahead) => [ahead, unansweredShare(runs, names, ahead)])),
    // One entry for each name.
    models: Object.fromEntries(figures) as Record<Name, ModelFigures>,
  };
}

function modelFigures<Name extends string>(
  runs: readonly JudgedRun<Name>[],
  name: Name,
  names: readonly Name[],
): ModelFigures {
  const scores = runs.flatMap(({ origins, actualOn }) => scoreBacktest(origins, name, names, actualOn));
  const alarms = runs.map(({ subnet, crossings, origins }) => judgeAlarms(subnet, crossings, origins, name));
  const off = runs.flatMap((run) => logDaysOff(run, name));
  return {
    horizons: JUDGED_DAYS.flatMap((days) => meanScore(scores.filter((each) => each.days === days))),
    brier: Object.fromEntries(EVENT_DAYS.map((days) => [days, brierScore(toldProbabilities(runs, name, names, days))])),
    logDaysOff: off.length === 0 ? undefined : median(off),
    alarms: sumAlarms(alarms),
  };
}

/** Returns the mean of scores of the same number of days ahead, in a list that is empty without one. */
export function meanScore(scores: readonly HorizonScore[]): readonly HorizonScore[] {
  const [first] = scores;
  if (first === undefined) {
    return [];
  }
  const mean = (of: (each: HorizonScore) => number) => scores.reduce((sum, each) => sum + of(each), 0) / scores.length;
  return [
    {
      days: first.days,
      count: scores.reduce((sum, each) => sum + each.count, 0),
      mase: mean((each) => each.mase),
      pinball: mean((each) => each.pinball),
      coverage80: mean((each) => each.coverage80),
      winkler: mean((each) => each.winkler),
    },
  ];
}

function unansweredShare<Name extends string>(
  runs: readonly JudgedRun<Name>[],
  names: readonly Name[],
  days: number,
): number {
  const all = runs.flatMap(({ origins }) => origins);
  const unanswered = all.filter(({ forecasts }) => names.some((name) => !forecasts[name].used.has(days)));
  return all.length === 0 ? 0 : unanswered.length / all.length;
}

function toldProbabilities<Name extends string>(
  runs: readonly JudgedRun<Name>[],
  name: Name,
  names: readonly Name[],
  days: number,
): readonly ScoredProbability[] {
  return runs.flatMap(({ origins, crossings }) =>
    origins.flatMap(({ today, forecasts }) => {
      const probability = forecasts[name].probability.get(days);
      return probability === undefined || names.some((each) => !forecasts[each].probability.has(days))
        ? []
        : [{ probability, happened: crossesWithin(crossings, today - FIRST_DAY, days) }];
    }),
  );
}

function logDaysOff<Name extends string>({ origins, crossings }: JudgedRun<Name>, name: Name): readonly number[] {
  return origins.flatMap(({ today, forecasts, history }) => {
    const step = (today - FIRST_DAY) * STEPS_PER_DAY;
    const next = crossings.find(({ toStep }) => toStep > step);
    if (next === undefined || history.now <= history.floor || next.fromStep <= step) {
      return [];
    }
    const took = Math.floor((next.fromStep - step) / STEPS_PER_DAY) + 1;
    return [Math.abs(Math.log((forecasts[name].daysToFloor ?? UNFORESEEN_DAYS) / took))];
  });
}
