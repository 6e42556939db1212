import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BacktestOrigin,
  type BacktestSubject,
  backtest,
  type DemandForecast,
  type DemandModel,
  historyAt,
} from '../../../lib/domain/trend/backtest.ts';
import { alarmSpans } from '../../../lib/domain/trend/backtest-alarms.ts';
import { scoreBacktest } from '../../../lib/domain/trend/backtest-scores.ts';
import { BASELINES } from '../../../lib/domain/trend/baselines.ts';
import type { HourlyDemand } from '../../../lib/domain/trend/daily.ts';
import { judgedModel } from '../../../lib/domain/trend/judged-model.ts';

const SEED = 20_261_123;
const FIRST_DAY = 20_000;
const ALL = { forecast: judgedModel, ...BASELINES };

/** Each day has its peak in all of its hours. */
function aSubject(peaks: readonly (number | undefined)[], other: Partial<BacktestSubject> = {}): BacktestSubject {
  return {
    subnetId: 'subnet-a',
    kind: 'addresses',
    hours: peaks.flatMap((peak, day) => (peak === undefined ? [] : hoursOf(FIRST_DAY + day, peak))),
    events: [],
    floor: 13,
    capacityAt: () => 1019,
    ...other,
  };
}

function hoursOf(day: number, peak: number): readonly HourlyDemand[] {
  return Array.from({ length: 24 }, (_, hour) => ({
    hour: 24 * day + hour,
    low: peak,
    peak,
    isCensored: false,
    isUnexplained: false,
    readingCount: 4,
  }));
}

const noisy = (count: number) => Array.from({ length: count }, (_, day) => 500 + 3 * day + ((day * 37) % 41));
const at = (day: number) => FIRST_DAY + day;

describe('backtest', () => {
  it('says the same of a day whatever is changed after it began', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 28, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 1019 }), { minLength: 60, maxLength: 60 }),
        fc.integer({ min: 51, max: 59 }),
        (day, other, eventDay) => {
          const told = noisy(60);
          const changed = told.map((peak, index) => (index < day ? peak : other[index]));
          const events = [{ day: at(eventDay), reason: 'migration-accepted' as const }];
          const first = backtest(aSubject(told), ALL, [at(day)]);
          const second = backtest(aSubject(changed, { events }), ALL, [at(day)]);
          expect(first.length).toBe(1);
          expect(second).toEqual(first);
        },
      ),
      { seed: SEED, numRuns: 25 },
    );
  });

  it('shows what changed before a day began, and the event of that day', () => {
    const event = { day: at(40), reason: 'migration-accepted' as const };
    const subject = aSubject(new Array<number>(60).fill(500), { events: [event] });
    expect(historyAt(subject, at(39))?.breaks).toEqual([]);
    expect(historyAt(subject, at(40))?.breaks).toEqual([event]);
    expect(historyAt(subject, at(40))?.series.days.length).toBe(40);
    expect(historyAt(subject, at(0))).toBeUndefined();
  });

  it('asks every model about the same days', () => {
    const seen: number[] = [];
    const watching: DemandModel = ({ today }) => {
      seen.push(today);
      return NOTHING;
    };
    const origins = backtest(aSubject(noisy(60)), { a: watching, b: watching }, [at(28), at(29)]);
    expect(seen).toEqual([at(28), at(28), at(29), at(29)]);
    expect(origins.map(({ today, history }) => [today, history.series.days.length])).toEqual([
      [at(28), 28],
      [at(29), 29],
    ]);
  });
});

describe('the baselines', () => {
  const weekly = Array.from({ length: 35 }, (_, day) => 400 + 2 * day + (day % 7 === 6 ? -100 : 0));
  const said = (name: keyof typeof BASELINES, peaks: readonly (number | undefined)[], days: number) => {
    const history = historyAt(aSubject(peaks), at(peaks.length));
    return history === undefined ? undefined : BASELINES[name](history).used.get(days)?.p50;
  };

  it('repeat the last peak', () => {
    expect(said('naive', [1, 2, 3, 9], 30)).toBe(9);
    expect(said('naive', [1, 2, 3, undefined], 1)).toBe(3);
  });

  it('repeat the day of the week and add what growth there was', () => {
    // Weekends come as weekends, and two addresses more each day.
    expect([1, 7, 14].map((days) => said('seasonalDrift', weekly, days))).toEqual([470, 382, 396]);
  });

  it('draw the line of least squares through seven days', () => {
    expect(said('predictLinear', [999, 999, 10, 12, 14, 16, 18, 20, 22], 3)).toBeCloseTo(28, 9);
    expect(said('predictLinear', [999, 999, 10, 12, undefined, 16, 18, 20, 22], 3)).toBeCloseTo(28, 9);
  });

  it('tell an interval by what they were off by before, and when the floor is reached', () => {
    const history = historyAt(aSubject([...noisy(40), 996]), at(41));
    const { used, probability, daysToFloor } = history === undefined ? NOTHING : BASELINES.predictLinear(history);
    const week = used.get(7);
    expect(week !== undefined && week.p10 < week.p50 && week.p50 < week.p90).toBe(true);
    expect(daysToFloor).toBeGreaterThan(0);
    expect(probability.get(30)).toBe(1);
  });
});

describe('scoreBacktest', () => {
  const saying = (p50: number): DemandForecast => ({
    ...NOTHING,
    used: new Map([[1, { p10: p50 - 10, p50, p90: p50 + 10 }]]),
  });
  const origin = (today: number, forecasts: Record<'a' | 'b', DemandForecast>, scale: number | undefined = 5) => ({
    ...anOrigin(today, forecasts),
    scale,
  });

  it('measures errors by the change of a week, over days on which all answer', () => {
    const origins = [
      origin(at(1), { a: saying(100), b: saying(90) }),
      origin(at(2), { a: saying(100), b: saying(100) }),
      origin(at(3), { a: saying(1000), b: NOTHING }),
    ];
    const actualOn = () => 110;
    expect(scoreBacktest(origins, 'a', ['a', 'b'], actualOn)).toMatchObject([
      { days: 1, count: 2, mase: 2, coverage80: 1 },
    ]);
    expect(scoreBacktest(origins, 'b', ['a', 'b'], actualOn)).toMatchObject([{ mase: 3, coverage80: 0.5 }]);
    expect(scoreBacktest(origins, 'a', ['a'], actualOn)[0]?.count).toBe(3);
    // 10 too low: the quantiles lack 20, 10 and 0 of it.
    expect(scoreBacktest(origins, 'a', ['a', 'b'], actualOn)[0]?.pinball).toBeCloseTo((4 + 10 + 0) / 3 / 5, 12);
  });

  it('cuts at the capacity, and judges no morning after a day with nothing free', () => {
    const forecasts = { a: saying(2000), b: NOTHING };
    expect(scoreBacktest([origin(at(1), forecasts)], 'a', ['a'], () => 1100)).toMatchObject([
      { mase: 0, coverage80: 1 },
    ]);
    const { history, ...rest } = origin(at(1), forecasts);
    const [last] = history.series.days.slice(-1);
    const full = last === undefined ? [] : [{ ...last, isCensored: true }];
    const exhausted = { ...rest, history: { ...history, series: { ...history.series, days: full } } };
    expect(scoreBacktest([exhausted], 'a', ['a'], () => 1100)).toEqual([]);
  });

  it('says nothing where no day came or nothing ever changed', () => {
    const forecasts = { a: saying(100), b: saying(100) };
    expect(scoreBacktest([origin(at(1), forecasts)], 'a', ['a'], () => undefined)).toEqual([]);
    const still = { ...origin(at(1), forecasts), scale: undefined };
    expect(scoreBacktest([still], 'a', ['a'], () => 100)).toEqual([]);
  });
});

describe('alarmSpans', () => {
  const spans = (probabilities: readonly number[], now = 500) =>
    alarmSpans(
      probabilities.map((each, day) => {
        const made = anOrigin(at(day), { a: { ...NOTHING, probability: new Map([[30, each]]) } });
        return { ...made, history: { ...made.history, now } };
      }),
      'a',
    ).map(({ openedOn, closedOn }) => [
      openedOn - FIRST_DAY,
      closedOn === undefined ? undefined : closedOn - FIRST_DAY,
    ]);

  it('opens at one half', () => {
    expect(spans([0.49, 0.49])).toEqual([]);
    expect(spans([0.49, 0.5])).toEqual([[1, undefined]]);
  });

  it('closes after two days below a quarter, and not by one', () => {
    expect(spans([0.5, 0.24, 0.25, 0.24, 0.24, 0.24])).toEqual([[0, 5]]);
    expect(spans([0.5, 0.24, 0.24, 0.24, 0.5])).toEqual([
      [0, 3],
      [4, undefined],
    ]);
  });

  it('opens at the floor whatever is forecast', () => {
    expect(spans([0], 14)).toEqual([]);
    expect(spans([0], 13)).toEqual([[0, undefined]]);
  });

  it('with less than four weeks of history only opens where fewer than 40 % are free', () => {
    const short = (now: number) => {
      const { history, ...made } = anOrigin(at(0), { a: { ...NOTHING, probability: new Map([[30, 1]]) } });
      const series = { ...history.series, days: history.series.days.slice(0, 27) };
      return alarmSpans([{ ...made, history: { ...history, now, series } }], 'a').length;
    };
    expect([short(407), short(408)]).toEqual([1, 0]);
  });
});

const NOTHING: DemandForecast = { used: new Map(), probability: new Map(), daysToFloor: undefined };

function anOrigin<Name extends string>(today: number, forecasts: Record<Name, DemandForecast>): BacktestOrigin<Name> {
  const history = historyAt(aSubject(noisy(28)), at(28));
  if (history === undefined) {
    throw new Error('28 days are a history');
  }
  return { today, history, scale: 5, forecasts };
}
