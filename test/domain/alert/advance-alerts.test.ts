import { describe, expect, it } from 'vitest';
import { advanceAlerts } from '../../../lib/domain/alert/advance-alerts.ts';
import type { Alert } from '../../../lib/domain/alert/alert.ts';
import type { AlertStep } from '../../../lib/domain/alert/alert-step.ts';
import { answerAlert } from '../../../lib/domain/alert/answer-alert.ts';
import { vpcConditions } from '../../../lib/domain/alert/vpc-conditions.ts';
import type { VpcState } from '../../../lib/domain/capacity/vpc-state.ts';
import { aForecast, aVpcState, type SubnetSketch } from './a-vpc-state.ts';

const MS_PER_HOUR = 3_600_000;
const START_MS = Date.parse('2026-11-23T08:00:00.000Z');
const WELL = 200;
/** 15 % of 251 is 37.65, and the floor is 13. */
const WARNING = 37;
const CRITICAL = 13;

function at(hours: number): string {
  return new Date(START_MS + hours * MS_PER_HOUR).toISOString();
}

/** Alerts that live through states, one hour of the story after another. */
function aStory(earlierResiduals: ReadonlyMap<string, number> = new Map()) {
  let stored: readonly Alert[] = [];
  const step = (hours: number, subnets: readonly SubnetSketch[], overrides: Partial<VpcState> = {}) => {
    const state = aVpcState(subnets, { observedAt: at(hours), ...overrides });
    const conditions = vpcConditions({ state, stored, accountName: 'payments', earlierResiduals });
    const steps = advanceAlerts({ stored, conditions, at: state.observedAt, isFirstJudgement: false });
    keep(steps);
    return typesOf(steps);
  };
  const keep = (steps: readonly AlertStep[]) => {
    const changed = new Map(steps.map(({ alert }) => [alert.alertId, alert]));
    stored = [...new Map([...stored.map((one) => [one.alertId, one] as const), ...changed]).values()];
  };
  return {
    step,
    keep,
    alerts: () => stored,
    alert: () => {
      const [only] = stored;
      if (only === undefined || stored.length !== 1) {
        throw new Error(`Expected one alert, found ${stored.length}`);
      }
      return only;
    },
  };
}

function typesOf(steps: readonly AlertStep[]): string[] {
  return steps.flatMap(({ transition }) => transition?.type ?? []);
}

function one(free: number, more: Partial<SubnetSketch> = {}): SubnetSketch[] {
  return [{ subnetId: 'subnet-a', free, ...more }];
}

describe('an alert of a subnet', () => {
  it.each([
    [38, undefined, false],
    [WARNING, 'warning', false],
    [14, 'warning', false],
    [CRITICAL, 'critical', false],
    [1, 'critical', false],
    [0, 'critical', true],
  ])('opens with %i addresses free as %s', (free, severity, isExhausted) => {
    const story = aStory();
    expect(story.step(0, one(free))).toEqual(severity === undefined ? [] : ['opened']);
    expect(story.alerts().map((alert) => [alert.kind, alert.severity, alert.isExhausted])).toEqual(
      severity === undefined ? [] : [['exhaustion', severity, isExhausted]],
    );
  });

  it('says what, where and what helps', () => {
    const story = aStory();
    story.step(0, one(WARNING));
    expect(story.alert()).toMatchObject({
      state: 'open',
      sequence: 1,
      where: { accountName: 'payments', vpcName: 'main', team: 'platform', subnets: [{ name: 'subnet-a' }] },
      what: {
        reasons: [
          { code: 'few-free-addresses', observed: WARNING, needed: 38, unit: 'addresses', severity: 'warning' },
        ],
        drivers: [{ kind: 'holder', text: '214 addresses are held by eks-node-primary of prod' }],
        change: { kind: 'add-subnet' },
      },
    });
  });

  it('is silent while nothing changes, and repeats nothing', () => {
    const story = aStory();
    story.step(0, one(WARNING));
    expect(story.step(0, one(WARNING))).toEqual([]);
    expect(story.step(1, one(WARNING - 1))).toEqual([]);
    expect(story.step(40, one(WARNING))).toEqual([]);
    expect(story.alert().sequence).toBe(1);
  });

  it('gets worse at once, and says that nothing is left', () => {
    const story = aStory();
    story.step(0, one(WARNING));
    expect(story.step(1, one(CRITICAL))).toEqual(['changed']);
    expect(story.step(2, one(0))).toEqual(['changed']);
    expect(story.alert()).toMatchObject({ severity: 'critical', isExhausted: true, sequence: 3 });
  });

  it('resolves after 48 hours above the margin, not a moment earlier', () => {
    const story = aStory();
    story.step(0, one(WARNING));
    expect(story.step(1, one(WELL))).toEqual([]);
    expect(story.step(48.999, one(WELL))).toEqual([]);
    expect(story.step(49, one(WELL))).toEqual(['resolved']);
    expect(story.alert()).toMatchObject({ state: 'resolved', sequence: 2 });
    expect(story.step(50, one(WELL))).toEqual([]);
  });

  it('stays while what is free is above the edge, but not by the margin', () => {
    const story = aStory();
    story.step(0, one(WARNING));
    // A fifth more than 38.
    expect(story.step(1, one(45))).toEqual([]);
    expect(story.step(100, one(45))).toEqual([]);
    expect(story.alert().improvedSince).toBeUndefined();
    story.step(101, one(46));
    expect(story.alert().improvedSince).toBe(at(101));
  });

  it('counts anew when it falls back within the 48 hours', () => {
    const story = aStory();
    story.step(0, one(WARNING));
    story.step(1, one(WELL));
    story.step(20, one(WARNING));
    story.step(21, one(WELL));
    expect(story.step(50, one(WELL))).toEqual([]);
    expect(story.step(69, one(WELL))).toEqual(['resolved']);
  });

  it('does not say each day that a daily peak has passed', () => {
    const story = aStory();
    const told = Array.from({ length: 10 }, (_, day) => [
      ...story.step(day * 24, one(CRITICAL)),
      ...story.step(day * 24 + 12, one(WELL)),
    ]).flat();
    expect(told).toEqual(['opened']);
  });

  it('goes from critical to warning by the same rule', () => {
    const story = aStory();
    story.step(0, one(CRITICAL));
    expect(story.step(1, one(30))).toEqual([]);
    expect(story.step(49, one(30))).toEqual(['changed']);
    expect(story.alert()).toMatchObject({ severity: 'warning', state: 'open' });
  });

  it('opens anew under the same id and goes on counting', () => {
    const story = aStory();
    story.step(0, one(WARNING));
    story.step(1, one(WELL));
    story.step(49, one(WELL));
    expect(story.step(50, one(WARNING))).toEqual(['opened']);
    expect(story.alert()).toMatchObject({ sequence: 3, state: 'open', openedAt: at(50) });
  });

  it('takes nothing for well that was not seen', () => {
    const story = aStory();
    story.step(0, one(WARNING));
    const unseen = [{ code: 'fact-stale', fact: 'subnets', observedAt: at(0) }] as const;
    story.step(1, one(WELL, { unseen }));
    story.step(60, one(WELL, { unseen }));
    expect(story.alerts().find(({ kind }) => kind === 'exhaustion')).toMatchObject({ state: 'open' });
    expect(story.step(61, one(WELL))).toEqual(['resolved']);
    expect(story.alerts().find(({ kind }) => kind === 'scan-stale')).toMatchObject({ state: 'resolved' });
    expect(story.alerts().find(({ kind }) => kind === 'exhaustion')).toMatchObject({ state: 'open' });
  });

  it('is removed with its subnet', () => {
    const story = aStory();
    story.step(0, one(WARNING));
    expect(story.step(1, [])).toEqual(['removed']);
    expect(story.alert()).toMatchObject({ state: 'removed', mergedInto: undefined });
    expect(story.step(2, [])).toEqual([]);
  });

  it('is none where no cluster lives', () => {
    expect(aStory().step(0, one(0, { clusterNames: [] }))).toEqual([]);
  });

  it('does not listen to an older observation', () => {
    const story = aStory();
    story.step(10, one(WARNING));
    expect(story.step(9, one(CRITICAL))).toEqual([]);
    expect(story.step(9, [])).toEqual([]);
  });
});

describe('an alert by a forecast', () => {
  const likely = (days: number, probability: number) =>
    aForecast(new Map([7, 14, 30, 90, 180].map((each) => [each, each >= days ? probability : 0])));

  it.each([
    [7, 0.5, 'critical'],
    [7, 0.499, undefined],
    [30, 0.5, 'warning'],
    [90, 0.5, 'info'],
    [90, 0.499, undefined],
    [180, 1, undefined],
  ])('likely within %i days by %f is %s', (days, probability, severity) => {
    const story = aStory();
    story.step(0, one(WELL, { exhaustion: likely(days, probability) }));
    expect(story.alerts().map((alert) => alert.severity)).toEqual(severity === undefined ? [] : [severity]);
  });

  it('tells dates with their interval and what is not known', () => {
    const story = aStory();
    story.step(0, one(WELL, { exhaustion: likely(30, 0.6) }));
    expect(story.alert().what).toMatchObject({
      reasons: [{ code: 'exhaustion-likely', observed: 0.6, needed: 0.5, unit: 'probability', withinDays: 30 }],
      forecast: { series: 'addresses', p10: '2026-12-03', p50: '2026-12-13', p90: undefined, caveats: ['gaps'] },
    });
  });

  it('stays above half the probability, and resolves 48 hours below it', () => {
    const story = aStory();
    story.step(0, one(WELL, { exhaustion: likely(30, 0.5) }));
    story.step(1, one(WELL, { exhaustion: likely(30, 0.25) }));
    expect(story.alert().improvedSince).toBeUndefined();
    story.step(2, one(WELL, { exhaustion: likely(30, 0.249) }));
    expect(story.step(49.9, one(WELL, { exhaustion: likely(30, 0) }))).toEqual([]);
    expect(story.step(50, one(WELL, { exhaustion: likely(30, 0) }))).toEqual(['resolved']);
  });

  it('is believed of a young history only where little is free', () => {
    const young = aForecast(new Map([[90, 0.9]]), { dayCount: 27 });
    expect(aStory().step(0, one(101, { exhaustion: young }))).toEqual([]);
    expect(aStory().step(0, one(100, { exhaustion: young }))).toEqual(['opened']);
  });

  it('ends by what is free where history begins anew', () => {
    const story = aStory();
    const exhaustion = { state: 'insufficient-history', dayCount: 1, neededDayCount: 3 } as const;
    story.step(0, one(50, { exhaustion: likely(30, 0.9) }));
    story.step(1, one(100, { exhaustion }));
    expect(story.step(60, one(100, { exhaustion }))).toEqual([]);
    story.step(61, one(101, { exhaustion }));
    expect(story.step(109, one(101, { exhaustion }))).toEqual(['resolved']);
  });
});

describe('an answer', () => {
  function answered(story: ReturnType<typeof aStory>, answer: Parameters<typeof answerAlert>[1], hours: number) {
    const result = answerAlert(story.alert(), answer, at(hours));
    if (result.outcome === 'answered') {
      story.keep([result.step]);
    }
    return result.outcome;
  }

  it('is given once, and taken back when it gets worse', () => {
    const story = aStory();
    story.step(0, one(WARNING));
    expect(answered(story, { type: 'acknowledged', by: 'ana' }, 1)).toBe('answered');
    expect(story.alert()).toMatchObject({ state: 'acknowledged', acknowledged: { by: 'ana', at: at(1) }, sequence: 2 });
    expect(answered(story, { type: 'acknowledged', by: 'bo' }, 2)).toBe('already-so');
    expect(story.step(3, one(WARNING))).toEqual([]);
    expect(story.step(4, one(CRITICAL))).toEqual(['changed']);
    expect(story.alert()).toMatchObject({ state: 'open', acknowledged: undefined });
  });

  it('to snooze ends at its time, or when it gets worse', () => {
    const story = aStory();
    story.step(0, one(WARNING));
    expect(answered(story, { type: 'snoozed', by: 'ana', until: at(10) }, 1)).toBe('answered');
    expect(answered(story, { type: 'snoozed', by: 'ana', until: at(10) }, 2)).toBe('already-so');
    expect(story.step(9.9, one(WARNING))).toEqual([]);
    expect(story.step(10, one(WARNING))).toEqual(['unsnoozed']);
    expect(story.alert()).toMatchObject({ state: 'open', snoozed: undefined });
    answered(story, { type: 'snoozed', by: 'ana', until: at(30) }, 11);
    expect(story.step(12, one(0))).toEqual(['changed']);
    expect(story.alert()).toMatchObject({ state: 'open', snoozed: undefined });
  });

  it('finds nothing to say where the alert has ended', () => {
    const story = aStory();
    story.step(0, one(WARNING));
    story.step(1, []);
    expect(answered(story, { type: 'acknowledged', by: 'ana' }, 2)).toBe('closed');
  });
});

describe('subnets that fail together', () => {
  const three = (a: number, b: number, c: number): SubnetSketch[] => [
    { subnetId: 'subnet-a', free: a, zone: 'z1' },
    { subnetId: 'subnet-b', free: b, zone: 'z2' },
    { subnetId: 'subnet-c', free: c, zone: 'z3' },
  ];
  const subjects = (story: ReturnType<typeof aStory>) =>
    story
      .alerts()
      .map(({ subject, state }) => `${subject.kind} ${state}`)
      .toSorted();

  it('are one alert of their cluster where most do, and one each where few do', () => {
    const most = aStory();
    expect(most.step(0, three(WARNING, CRITICAL, WELL))).toEqual(['opened']);
    expect(most.alert()).toMatchObject({
      subject: { kind: 'cluster', clusterName: 'prod' },
      severity: 'critical',
      where: { subnets: [{ subnetId: 'subnet-a' }, { subnetId: 'subnet-b' }] },
      what: { reasons: [{ resourceId: 'subnet-b' }, { resourceId: 'subnet-b' }, { resourceId: 'subnet-a' }] },
    });
    const few = aStory();
    few.step(0, [...three(WARNING, WARNING, WELL), { subnetId: 'subnet-d', free: WELL, zone: 'z4' }]);
    expect(subjects(few)).toEqual(['subnet open', 'subnet open']);
  });

  it('are one alert where most of a zone do', () => {
    const story = aStory();
    const zone = [
      { subnetId: 'subnet-a', free: WARNING, zone: 'z1' },
      { subnetId: 'subnet-b', free: WARNING, zone: 'z1' },
    ];
    const others = ['c', 'd', 'e', 'f'].map((name) => ({ subnetId: `subnet-${name}`, free: WELL, zone: 'z2' }));
    story.step(0, [...zone, ...others]);
    expect(subjects(story)).toEqual(['cluster open']);
  });

  it('take in the alert that one of them had', () => {
    const story = aStory();
    story.step(0, three(WARNING, WELL, WELL));
    expect(story.step(1, three(WARNING, WARNING, WELL))).toEqual(['opened', 'removed']);
    const cluster = story.alerts().find(({ subject }) => subject.kind === 'cluster');
    const subnet = story.alerts().find(({ subject }) => subject.kind === 'subnet');
    expect(subnet).toMatchObject({ state: 'removed', mergedInto: cluster?.alertId });
    expect(story.step(2, three(WARNING, WARNING, WELL))).toEqual([]);
  });

  it('are news when there are more of them', () => {
    const story = aStory();
    story.step(0, three(WARNING, WARNING, WELL));
    expect(story.step(1, three(WARNING, WARNING, WARNING))).toEqual(['changed']);
    expect(story.step(2, three(WARNING, WARNING, WARNING))).toEqual([]);
  });

  it('stay one alert until the last of them is well', () => {
    const story = aStory();
    story.step(0, three(WARNING, WARNING, WELL));
    story.step(1, three(WARNING, WELL, WELL));
    story.step(60, three(WARNING, WELL, WELL));
    expect(subjects(story)).toEqual(['cluster open']);
    story.step(61, three(WELL, WELL, WELL));
    expect(story.step(109, three(WELL, WELL, WELL))).toEqual(['resolved']);
  });

  it('are told of once where two clusters share them', () => {
    const story = aStory();
    story.step(
      0,
      three(WARNING, WARNING, WELL).map((subnet) => ({ ...subnet, clusterNames: ['prod', 'test'] })),
    );
    expect(story.alert().where.clusters.map(({ clusterName }) => clusterName)).toEqual(['prod', 'test']);
  });
});

describe('the other kinds', () => {
  it('tells once that no block is free where addresses are, and as exhaustion that no address is', () => {
    const story = aStory();
    expect(story.step(0, one(100, { blocks: 0 }))).toEqual(['opened']);
    expect(story.alert()).toMatchObject({ kind: 'no-free-prefix', severity: 'critical', isExhausted: true });
    const mild = aStory();
    mild.step(0, one(100, { blocks: 0, canFallBack: true }));
    expect(mild.alert()).toMatchObject({ kind: 'no-free-prefix', severity: 'warning', isExhausted: false });
    const full = aStory();
    full.step(0, one(0, { blocks: 0 }));
    expect(full.alert().kind).toBe('exhaustion');
    const few = aStory();
    few.step(0, one(100, { blocks: 1 }));
    expect(few.alert()).toMatchObject({ kind: 'exhaustion', what: { reasons: [{ code: 'few-free-prefixes' }] } });
  });

  it('tells a residual that is the same at two scans, and not one that moves', () => {
    const same = aStory(new Map([['subnet-a', -7]]));
    expect(same.step(0, one(100, { residual: -7 }))).toEqual(['opened']);
    expect(same.alert()).toMatchObject({ kind: 'residual-unexplained', severity: 'warning' });
    expect(aStory(new Map([['subnet-a', -6]])).step(0, one(100, { residual: -7 }))).toEqual([]);
    expect(aStory().step(0, one(100, { residual: -7 }))).toEqual([]);
    // Another number is no explanation.
    same.step(1, one(100, { residual: -9 }));
    same.step(30, one(100, { residual: -9 }));
    expect(same.alert().state).toBe('open');
    same.step(31, one(100));
    expect(same.step(37, one(100))).toEqual(['resolved']);
  });

  it('tells what was not seen of clusters, with one cause wherever it is the same', () => {
    const story = aStory();
    const error = {
      action: 'ec2:DescribeNetworkInterfaces',
      code: 'access-denied',
      message: 'no',
      awsErrorName: 'X',
    } as const;
    story.step(0, one(WELL, { unseen: [{ code: 'fact-not-seen', fact: 'network-interfaces', error }] }));
    expect(story.alert()).toMatchObject({
      kind: 'scan-stale',
      severity: 'warning',
      subject: { kind: 'target' },
      what: { cause: 'access-denied ec2:DescribeNetworkInterfaces', change: { kind: 'restore-access' } },
    });
    expect(story.step(1, one(WELL))).toEqual(['resolved']);
  });
});
