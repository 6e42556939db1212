import { JUDGED_DAYS } from '../../lib/domain/trend/backtest.ts';
import type { BASELINES } from '../../lib/domain/trend/baselines.ts';
import { median } from '../../lib/domain/trend/quantile.ts';
import { coverageTolerance, skill } from '../../lib/domain/trend/scores.ts';
import type { RegimeName } from './generator/regimes.ts';
import { sumAlarms } from './judge-alarms.ts';
import { type ModelFigures, meanScore, type RegimeFigures } from './judge-regime.ts';
import type { ScreenShares } from './screen-tally.ts';

export type ModelName = 'forecast' | keyof typeof BASELINES;

export interface RegimeReport {
  readonly regime: RegimeName;
  readonly all: RegimeFigures<ModelName>;
  readonly even: RegimeFigures<ModelName>;
  readonly odd: RegimeFigures<ModelName>;
  /** Of a model that is told how demand grows, and not what comes by chance. */
  readonly oracle: ModelFigures['horizons'];
  /** Of the subnets that take prefixes; `undefined` without one. */
  readonly blocks: RegimeFigures<ModelName> | undefined;
}

const BASELINE_NAMES = ['naive', 'seasonalDrift', 'predictLinear'] as const;
const TITLES: Readonly<Record<ModelName, string>> = {
  forecast: 'forecast',
  naive: 'last peak',
  seasonalDrift: 'same weekday, with drift',
  predictLinear: 'line through 7 days',
};
const GOAL_DAYS = [7, 14] as const;
const NOMINAL_COVERAGE = 0.8;
const SKILL_MIN = 0.1;
const RECALL_MIN = 0.9;
const FALSE_ALARMS_MAX = 0.2;
const DRAWN_MAX = 0.02;
const DAYS_PER_MONTH = 30;
const STEP_REGIMES: readonly RegimeName[] = ['step-early', 'step-late'];

/** Returns `docs/forecasting.md`: what the goals are, whether they are met, and where forecasts are bad. */
export function reportDocument(
  regimes: readonly RegimeReport[],
  fleet: RegimeFigures<ModelName>,
  screen: ScreenShares,
): string {
  return `${[
    INTRODUCTION,
    '## Goals',
    goals(regimes, fleet, screen),
    '## What it is bad at',
    badAt(regimes),
    '## All regimes, at equal weight',
    pooledTable(regimes),
    '## By regime',
    'MASE at 7 and 14 days, of the forecast, of the best baseline, and of an oracle: it is told how demand grows from day to day, its weekends and ends of months, and not what comes by chance or at once (noise, batches, deploys, and a step or a move before its day); what it is off by is nearly what nobody can know; skill of the quantiles against the best baseline at 7 and 14 days; share of peaks within the 80 % interval; share of days that have no forecast so far ahead, and so count for no model.',
    regimeTable(regimes),
    '## Alarms by regime',
    'An alarm opens at a chance of one half that the floor is reached within 30 days, or where it is; it closes after two days below half of that. *Foreseeable*: crossings after a week without one, whose cause began at least 7 days before. *Warned*: an alarm was open 7 days before. *False*: alarms of subnets that never cross; a month of a subnet is 30 days. *Days off*: median of |ln(days told / days it took)|.',
    alarmTable(regimes),
    '## The two halves',
    'The method was chosen by the subnets with even numbers. Those with odd numbers were only reported.',
    halvesTable(regimes),
    '## Blocks',
    blocksText(regimes),
    '## A fleet',
    fleetText(fleet, screen),
  ].join('\n\n')}\n`;
}

const INTRODUCTION = `# Forecasting

Written by \`npm run forecast:report\`, which also prints all figures as JSON. The data are generated: no public series of free
addresses of subnets exist. \`test/forecast/generator\` simulates pods, nodes and the VPC CNI by integers and has no formula in common
with the forecast; its regimes and seeds were committed before any forecast ran on them.

How to read it. Each of 12 regimes has 16 subnets of 150 days. On each of the 92 days from day 28 to day 119 every model sees only the
hours before that day, and tells the peak of what is used 1, 3, 7, 14 and 30 days ahead (1 is the day itself). It is held against what was really wanted,
not against what was seen of it. What is wanted beyond the capacity can be seen by nobody: forecasts and
peaks are cut there, and mornings after a day on which nothing was free are left out. *MASE* is the mean absolute error over the mean change within a week of the days that were known: below 1
is better than that. The *pinball* score is that of the quantiles 0.1, 0.5 and 0.9 in the same unit. *Skill* is the share of the best
baseline's score that is saved. Subnets weigh the same within a regime, and regimes within the whole. The baselines' intervals are the middle 80 % of their own errors on
earlier days.`;

interface Goal {
  readonly text: string;
  readonly value: string;
  readonly isMet: boolean;
}

function goals(regimes: readonly RegimeReport[], fleet: RegimeFigures<ModelName>, screen: ScreenShares): string {
  const pooled = poolRegimes(regimes.map(({ all }) => all));
  const apart = regimes.filter(({ regime }) => !STEP_REGIMES.includes(regime));
  const recall = recallOf(apart);
  const stepRecall = recallOf(regimes.filter(({ regime }) => STEP_REGIMES.includes(regime)));
  const alarms = sumAlarms(regimes.map(({ all }) => all.models.forecast.alarms));
  const flat = regimes.find(({ regime }) => regime === 'flat')?.all.models.forecast.alarms.falseAlarms ?? Number.NaN;
  const rate = falseAlarmRate(alarms);
  const rows: Goal[] = [
    ...GOAL_DAYS.map((days) => {
      const mase = scoreOf(pooled.forecast, days)?.mase ?? Number.NaN;
      const reachable = meanScore(regimes.flatMap(({ oracle }) => scoreOf({ horizons: oracle }, days) ?? []))[0]?.mase;
      const value = `${fixed(mase)}; oracle ${fixed(reachable ?? Number.NaN)}`;
      return { text: `MASE at ${days} days below 1, pooled`, value, isMet: mase < 1 };
    }),
    ...GOAL_DAYS.map((days) => {
      const below = regimes.filter(({ all }) => (scoreOf(all.models.forecast, days)?.mase ?? Number.NaN) < 1);
      const text = `MASE at ${days} days below 1, in each regime`;
      const reachable = regimes.filter(({ oracle }) => (scoreOf({ horizons: oracle }, days)?.mase ?? Number.NaN) < 1);
      const value = `${below.length} of ${regimes.length}; oracle ${reachable.length}`;
      return { text, value, isMet: below.length === regimes.length };
    }),
    ...GOAL_DAYS.map((days) => {
      const saved = pinballSkill(pooled, days);
      return {
        text: `Pinball skill at ${days} days at least 10 %, pooled`,
        value: percent(saved),
        isMet: saved >= SKILL_MIN,
      };
    }),
    ...GOAL_DAYS.map((days) => {
      const skilled = regimes.filter(({ all }) => pinballSkill(modelScores(all), days) >= SKILL_MIN);
      const text = `Pinball skill at ${days} days at least 10 %, in each regime`;
      return { text, value: `${skilled.length} of ${regimes.length}`, isMet: skilled.length === regimes.length };
    }),
    ...JUDGED_DAYS.map((days) => {
      const share = scoreOf(pooled.forecast, days)?.coverage80 ?? Number.NaN;
      const count = regimes.reduce((sum, { all }) => sum + all.originCount, 0);
      const tolerance = coverageTolerance(NOMINAL_COVERAGE, count, days);
      const text = `80 % interval at ${days} ${days === 1 ? 'day' : 'days'} covers within ± ${percent(tolerance)}, pooled`;
      return { text, value: percent(share), isMet: Math.abs(share - NOMINAL_COVERAGE) <= tolerance };
    }),
    ...GOAL_DAYS.map((days) => {
      const within = regimes.filter(({ all }) => isCovered(all, days));
      const text = `80 % interval at ${days} days covers within its tolerance, in each regime`;
      return { text, value: `${within.length} of ${regimes.length}`, isMet: within.length === regimes.length };
    }),
    {
      text: 'Warned 7 days before at least 90 % of foreseeable crossings, steps apart',
      value: `${percent(recall.share)} of ${recall.count}`,
      isMet: recall.share >= RECALL_MIN,
    },
    {
      text: 'The same of crossings after a step',
      value: `${percent(stepRecall.share)} of ${stepRecall.count}`,
      isMet: stepRecall.share >= RECALL_MIN,
    },
    {
      text: 'At most 0.2 false alarms in a month of a subnet that never crosses and swings by 10 % a day',
      value: fixed(rate),
      isMet: rate <= FALSE_ALARMS_MAX,
    },
    { text: 'A flat subnet never alarms', value: `${flat} alarms`, isMet: flat === 0 },
    {
      text: 'The same of the fleet: at most 0.2 false alarms',
      value: fixed(falseAlarmRate(fleet.models.forecast.alarms)),
      isMet: falseAlarmRate(fleet.models.forecast.alarms) <= FALSE_ALARMS_MAX,
    },
    {
      text: 'The screen passes over nothing that alarms or is at risk',
      value: percent(screen.missed, 1),
      isMet: screen.missed === 0,
    },
    {
      text: 'The screen leaves at most 2 % of the fleet to be drawn',
      value: `${percent(screen.drawn, 1)}; ${percent(screen.alarming, 1)} alarm`,
      isMet: screen.drawn <= DRAWN_MAX,
    },
  ];
  const lines = rows.map(({ text, value, isMet }) => [text, value, isMet ? 'met' : '**not met**']);
  return `${table(['goal', 'figure', ''], lines)}\n\nThat nothing after an origin changes what was forecast at it is a property test (\`test/domain/trend/backtest.test.ts\`).`;
}

function badAt(regimes: readonly RegimeReport[]): string {
  const lines = regimes.flatMap(({ regime, all }) => {
    const { forecast } = all.models;
    const flaws = [
      ...GOAL_DAYS.flatMap((days) => {
        const mase = scoreOf(forecast, days)?.mase ?? Number.NaN;
        const best = bestBaseline(modelScores(all), days, 'mase');
        return mase < 1 ? [] : [`MASE ${fixed(mase)} at ${days} days (best baseline ${fixed(best)})`];
      }),
      ...GOAL_DAYS.flatMap((days) => {
        const saved = pinballSkill(modelScores(all), days);
        return saved >= 0 ? [] : [`quantiles ${percent(-saved)} worse than the best baseline at ${days} days`];
      }),
      ...GOAL_DAYS.flatMap((days) => {
        const share = scoreOf(forecast, days)?.coverage80 ?? Number.NaN;
        return isCovered(all, days) ? [] : [`interval covers ${percent(share)} at ${days} days`];
      }),
      ...(forecast.alarms.warned < RECALL_MIN * forecast.alarms.foreseeable
        ? [`warned of ${forecast.alarms.warned} of ${forecast.alarms.foreseeable} foreseeable crossings 7 days before`]
        : []),
    ];
    return flaws.length === 0 ? [] : [`- ${regime}: ${flaws.join('; ')}.`];
  });
  return lines.length === 0 ? 'Nothing that the goals name.' : lines.join('\n');
}

type Pooled = Readonly<Record<ModelName, Pick<ModelFigures, 'horizons'>>>;

function modelScores({ models }: RegimeFigures<ModelName>): Pooled {
  return models;
}

function poolRegimes(regimes: readonly RegimeFigures<ModelName>[]): Pooled {
  const of = (name: ModelName) => ({
    horizons: JUDGED_DAYS.flatMap((days) =>
      meanScore(regimes.flatMap(({ models }) => scoreOf(models[name], days) ?? [])),
    ),
  });
  return {
    forecast: of('forecast'),
    naive: of('naive'),
    seasonalDrift: of('seasonalDrift'),
    predictLinear: of('predictLinear'),
  };
}

function pooledTable(regimes: readonly RegimeReport[]): string {
  const pooled = poolRegimes(regimes.map(({ all }) => all));
  const rows = (['forecast', ...BASELINE_NAMES] as const).flatMap((name) =>
    pooled[name].horizons.map(({ days, mase, pinball, coverage80, winkler }) => {
      const brier = regimes.flatMap(({ all }) => all.models[name].brier[days] ?? []);
      const ofBrier = brier.length === 0 ? '' : fixed(brier.reduce((sum, each) => sum + each, 0) / brier.length, 3);
      return [TITLES[name], `${days}`, fixed(mase), fixed(pinball), percent(coverage80), fixed(winkler), ofBrier];
    }),
  );
  return table(['model', 'days', 'MASE', 'pinball', 'coverage', 'Winkler', 'Brier'], rows);
}

function regimeTable(regimes: readonly RegimeReport[]): string {
  const rows = regimes.map(({ regime, all, oracle }) => [
    regime,
    ...GOAL_DAYS.flatMap((days) => [
      fixed(scoreOf(all.models.forecast, days)?.mase ?? Number.NaN),
      fixed(bestBaseline(modelScores(all), days, 'mase')),
      fixed(scoreOf({ horizons: oracle }, days)?.mase ?? Number.NaN),
      percent(pinballSkill(modelScores(all), days)),
      percent(scoreOf(all.models.forecast, days)?.coverage80 ?? Number.NaN),
      percent(all.unansweredShare[days] ?? Number.NaN),
    ]),
  ]);
  const columns = GOAL_DAYS.flatMap((days) => [`${days} d: MASE`, 'best', 'oracle', 'skill', 'covered', 'untold']);
  return table(['regime', ...columns], rows);
}

function alarmTable(regimes: readonly RegimeReport[]): string {
  const rows = regimes.map(({ regime, all }) => {
    const { alarms, logDaysOff } = all.models.forecast;
    const byBaseline = BASELINE_NAMES.map((name) => all.models[name].alarms);
    return [
      regime,
      `${alarms.foreseeable}`,
      `${alarms.warned}`,
      byBaseline.map(({ warned }) => warned).join(' / '),
      alarms.leadDays.length === 0 ? '' : `${median(alarms.leadDays)}`,
      `${alarms.unforeseeable}`,
      `${alarms.falseAlarms}`,
      byBaseline.map(({ falseAlarms }) => falseAlarms).join(' / '),
      logDaysOff === undefined ? '' : fixed(logDaysOff),
    ];
  });
  const columns = [
    'foreseeable',
    'warned',
    'baselines',
    'median days before',
    'not foreseeable',
    'false',
    'baselines',
    'days off',
  ];
  return table(['regime', ...columns], rows);
}

function halvesTable(regimes: readonly RegimeReport[]): string {
  const rows = (['even', 'odd'] as const).map((half) => {
    const figures = regimes.map((each) => each[half]);
    const pooled = poolRegimes(figures);
    const alarms = sumAlarms(figures.map(({ models }) => models.forecast.alarms));
    return [
      half,
      ...GOAL_DAYS.flatMap((days) => [
        fixed(scoreOf(pooled.forecast, days)?.mase ?? Number.NaN),
        percent(pinballSkill(pooled, days)),
        percent(scoreOf(pooled.forecast, days)?.coverage80 ?? Number.NaN),
      ]),
      `${alarms.warned} of ${alarms.foreseeable}`,
      fixed(falseAlarmRate(alarms)),
    ];
  });
  const columns = GOAL_DAYS.flatMap((days) => [`${days} d: MASE`, 'skill', 'covered']);
  return table(['half', ...columns, 'warned', 'false alarms a month'], rows);
}

function blocksText(regimes: readonly RegimeReport[]): string {
  const judged = regimes.flatMap(({ regime, blocks }) => (blocks === undefined ? [] : [{ regime, blocks }]));
  const pooled = poolRegimes(judged.map(({ blocks }) => blocks));
  const scores = (models: Pooled) =>
    GOAL_DAYS.flatMap((days) => [
      fixed(scoreOf(models.forecast, days)?.mase ?? Number.NaN),
      fixed(bestBaseline(models, days, 'mase')),
      percent(pinballSkill(models, days)),
      percent(scoreOf(models.forecast, days)?.coverage80 ?? Number.NaN),
    ]);
  const alarmsOf = ({ foreseeable, warned, falseAlarms, ...rest }: ModelFigures['alarms']) => [
    `${warned} of ${foreseeable}`,
    `${falseAlarms}`,
    fixed(falseAlarmRate({ foreseeable, warned, falseAlarms, ...rest })),
  ];
  const rows = judged.map(({ regime, blocks }) => [
    regime,
    `${blocks.subnetCount}`,
    ...scores(modelScores(blocks)),
    ...alarmsOf(blocks.models.forecast.alarms),
  ]);
  const all = [
    'all',
    `${judged.reduce((sum, { blocks }) => sum + blocks.subnetCount, 0)}`,
    ...scores(pooled),
    ...alarmsOf(sumAlarms(judged.map(({ blocks }) => blocks.models.forecast.alarms))),
  ];
  const columns = GOAL_DAYS.flatMap((days) => [`${days} d: MASE`, 'best', 'skill', 'covered']);
  return `The same of the /28 blocks that are not free, of the subnets whose nodes take prefixes, from the day on which they do. Running out is having none left. Blocks were not looked at when constants were chosen.\n\n${table(
    ['regime', 'subnets', ...columns, 'warned', 'false alarms', 'a month, of those that swing'],
    [...rows, all],
  )}`;
}

function fleetText(fleet: RegimeFigures<ModelName>, { drawn, alarming, needed }: ScreenShares): string {
  const rows = (['forecast', ...BASELINE_NAMES] as const).map((name) => {
    const { alarms } = fleet.models[name];
    return [
      TITLES[name],
      `${alarms.warned} of ${alarms.foreseeable}`,
      `${alarms.falseAlarms}`,
      fixed(falseAlarmRate(alarms)),
    ];
  });
  return `${fleet.subnetCount} subnets of a fleet in which most are steady and far from full. Its mix is an assumption. The screen leaves ${percent(drawn, 1)} of all mornings to be drawn; the goal is 2 %. On ${percent(alarming, 1)} of them the forecast alarms, on ${percent(needed, 1)} it alarms or puts the subnet at risk (a chance of one in ten within 30 days), so no screen that misses none of them leaves less.\n\n${table(
    ['model', 'warned', 'false alarms', 'a month, of those that swing'],
    rows,
  )}`;
}

function isCovered(figures: RegimeFigures<ModelName>, days: number): boolean {
  const share = scoreOf(figures.models.forecast, days)?.coverage80 ?? Number.NaN;
  return Math.abs(share - NOMINAL_COVERAGE) <= coverageTolerance(NOMINAL_COVERAGE, figures.originCount, days);
}

function pinballSkill(models: Pooled, days: number): number {
  const pinball = scoreOf(models.forecast, days)?.pinball ?? Number.NaN;
  return skill(pinball, bestBaseline(models, days, 'pinball')) ?? Number.NaN;
}

function bestBaseline(models: Pooled, days: number, score: 'mase' | 'pinball'): number {
  return Math.min(...BASELINE_NAMES.map((name) => scoreOf(models[name], days)?.[score] ?? Number.NaN));
}

function recallOf(regimes: readonly RegimeReport[]): { readonly share: number; readonly count: number } {
  const { warned, foreseeable } = sumAlarms(regimes.map(({ all }) => all.models.forecast.alarms));
  return { share: warned / foreseeable, count: foreseeable };
}

function falseAlarmRate({ falseAlarmsSwinging, daysSwinging }: ModelFigures['alarms']): number {
  return (falseAlarmsSwinging * DAYS_PER_MONTH) / daysSwinging;
}

function scoreOf(
  { horizons }: Pick<ModelFigures, 'horizons'>,
  days: number,
): ModelFigures['horizons'][number] | undefined {
  return horizons.find((each) => each.days === days);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function fixed(value: number, digits = 2): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–';
}

function percent(share: number, digits = 0): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(digits)} %` : '–';
}
