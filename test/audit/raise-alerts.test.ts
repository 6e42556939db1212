import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acknowledgeAlert } from '../../lib/audit/acknowledge-alert.ts';
import type { AlertStore } from '../../lib/audit/alert-ports.ts';
import { pendingNotifications } from '../../lib/audit/pending-notifications.ts';
import { type RaiseAlertsPorts, raiseAlerts } from '../../lib/audit/raise-alerts.ts';
import { raiseScanAlerts } from '../../lib/audit/raise-scan-alerts.ts';
import { SNOOZE_DAYS_MAX, snoozeAlert } from '../../lib/audit/snooze-alert.ts';
import type { Run, RunPlan, TargetOutcome } from '../../lib/audit/store-ports.ts';
import type { PendingAlert } from '../../lib/domain/alert/alert-notification.ts';
import type { VpcState } from '../../lib/domain/capacity/vpc-state.ts';
import { createMemoryAlertStore } from '../../lib/local/service/memory-alert-store.ts';
import { aVpcState, type SubnetSketch } from '../domain/alert/a-vpc-state.ts';
import { memorySilenceStore } from '../helpers/memory-silence-store.ts';
import { anOutcome, aPlan, NOT_SEEN } from '../store/audit-values.ts';

const MS_PER_HOUR = 3_600_000;
const START_MS = Date.parse('2026-11-23T08:00:00.000Z');
const SLACK = 'slack';
const BUS = 'event-bus';
const NO_HINT = () => Promise.resolve();
const PROPERTY_RUNS = 150;

function at(hours: number): string {
  return new Date(START_MS + hours * MS_PER_HOUR).toISOString();
}

function ports(alerts: AlertStore, samples: Awaited<ReturnType<RaiseAlertsPorts['series']['samples']>> = []) {
  return {
    alerts,
    series: { samples: async () => samples },
    subscribers: [SLACK, BUS] as const,
    hint: NO_HINT,
    accountName: async () => 'payments',
  };
}

function sweepPorts(alerts: AlertStore, hours: number, silences = memorySilenceStore()) {
  return { alerts, silences, now: () => at(hours) };
}

function shortState(hours: number, free = 20, overrides: Partial<VpcState> = {}): VpcState {
  return aVpcState([{ subnetId: 'subnet-a', free }], { observedAt: at(hours), ...overrides });
}

class Died extends Error {}

/** A store whose user dies at a call, before it has its effect or after. */
function dying(alerts: AlertStore, callNumber: number, place: 'before' | 'after'): AlertStore {
  let calls = 0;
  const around = async <R>(call: () => Promise<R>): Promise<R> => {
    calls += 1;
    if (calls === callNumber && place === 'before') {
      throw new Died();
    }
    const result = await call();
    if (calls === callNumber) {
      throw new Died();
    }
    return result;
  };
  return {
    ...alerts,
    readAlerts: (home) => around(() => alerts.readAlerts(home)),
    writeStep: (...step) => around(() => alerts.writeStep(...step)),
    confirm: (...confirmation) => around(() => alerts.confirm(...confirmation)),
  };
}

async function untilDeath(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (!(cause instanceof Died)) {
      throw cause;
    }
  }
}

/** A subscriber that writes down what it tells before it confirms, and knows a repeat by its name. */
function aSubscriber(name: string) {
  const told = new Map<string, string>();
  const order = new Map<string, number[]>();
  const tell = ({ alert, transitions }: PendingAlert) => {
    for (const { sequence, type } of transitions) {
      const key = `${alert.alertId} ${sequence}`;
      if (!told.has(key)) {
        order.set(alert.alertId, [...(order.get(alert.alertId) ?? []), sequence]);
      }
      told.set(key, type);
    }
  };
  return {
    told,
    order,
    async sweep(alerts: AlertStore, hours: number) {
      const { notifications } = await pendingNotifications(name, sweepPorts(alerts, hours));
      for (const notification of notifications) {
        for (const one of notification.kind === 'alert' ? [notification] : notification.alerts) {
          tell(one);
          await alerts.confirm(one.alert.alertId, name, one.transitions.at(-1)?.sequence ?? 0);
        }
      }
    },
  };
}

const sketches = fc
  .array(fc.record({ free: fc.constantFrom(0, 10, 30, 45, 200), blocks: fc.constantFrom(0, 1, 14, undefined) }), {
    minLength: 0,
    maxLength: 4,
  })
  .map((subnets) =>
    subnets.map(
      ({ free, blocks }, index): SubnetSketch => ({
        subnetId: `subnet-${index}`,
        zone: `z${index % 2}`,
        free,
        ...(blocks === undefined ? {} : { blocks }),
      }),
    ),
  );

interface Chapter {
  readonly subnets: readonly SubnetSketch[];
  readonly hoursLater: number;
  readonly deaths: readonly { readonly call: number; readonly place: 'before' | 'after' }[];
  readonly repeats: number;
  readonly sweepDeath: number | undefined;
}

/** Dies some times, then comes through, and is repeated. */
async function raiseRoughly(state: VpcState, alerts: AlertStore, { deaths, repeats }: Chapter): Promise<void> {
  for (const { call, place } of deaths) {
    await untilDeath(() => raiseAlerts(state, ports(dying(alerts, call, place))));
  }
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    await raiseAlerts(state, ports(alerts));
  }
}

const stories = fc.array(
  fc.record<Chapter>({
    subnets: sketches,
    hoursLater: fc.integer({ min: 1, max: 60 }),
    deaths: fc.array(
      fc.record({ call: fc.integer({ min: 1, max: 6 }), place: fc.constantFrom('before' as const, 'after' as const) }),
      {
        maxLength: 3,
      },
    ),
    repeats: fc.integer({ min: 1, max: 2 }),
    sweepDeath: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('raiseAlerts', () => {
  it('ends in the same alerts however often it dies and is repeated, and no transition is lost or told twice', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const smooth = createMemoryAlertStore();
        const rough = createMemoryAlertStore();
        const subscriber = aSubscriber(SLACK);
        let hours = 0;
        for (const chapter of story) {
          hours += chapter.hoursLater;
          const state = aVpcState(chapter.subnets, { observedAt: at(hours) });
          await raiseAlerts(state, ports(smooth));
          await raiseRoughly(state, rough, chapter);
          const { sweepDeath } = chapter;
          const sweeper = sweepDeath === undefined ? rough : dying(rough, sweepDeath, 'before');
          await untilDeath(() => subscriber.sweep(sweeper, hours));
        }
        await subscriber.sweep(rough, hours + 1);
        const alertsOf = async (store: AlertStore) =>
          (await store.listAlerts()).toSorted((a, b) => (a.alertId < b.alertId ? -1 : 1));
        expect(await alertsOf(rough)).toEqual(await alertsOf(smooth));
        for (const alert of await smooth.listAlerts()) {
          const all = (await smooth.transitions(alert.alertId)).map(({ sequence }) => sequence);
          expect(subscriber.order.get(alert.alertId)).toEqual(all);
          expect(all).toEqual(all.map((_, index) => index + 1));
        }
        expect(await rough.pending(SLACK)).toEqual([]);
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  it('gives a hint where there is something to tell, and none where nothing changed', async () => {
    const alerts = createMemoryAlertStore();
    let hintCount = 0;
    const hint = async () => {
      hintCount += 1;
    };
    const hinting = { ...ports(alerts), hint };
    await raiseAlerts(shortState(0, 200), hinting);
    expect(hintCount).toBe(0);
    await raiseAlerts(shortState(1), hinting);
    expect(hintCount).toBe(1);
    await raiseAlerts(shortState(2), hinting);
    expect(hintCount).toBe(1);
    await raiseAlerts(shortState(3, 0), hinting);
    expect(hintCount).toBe(2);
    await raiseAlerts(shortState(1, 20, { firstObservedAt: at(0) }), { ...hinting, alerts: createMemoryAlertStore() });
    expect(hintCount).toBe(2);
  });

  it('opens silently what is judged for the first time, and by itself what comes later', async () => {
    const alerts = createMemoryAlertStore();
    await raiseAlerts(shortState(1.9, 20, { firstObservedAt: at(0) }), ports(alerts));
    expect((await alerts.listAlerts())[0]?.isFirstJudgement).toBe(true);
    const later = createMemoryAlertStore();
    await raiseAlerts(shortState(2, 20, { firstObservedAt: at(0) }), ports(later));
    expect((await later.listAlerts())[0]?.isFirstJudgement).toBe(false);
  });

  it('finds in the series that a residual is the same as at the scan before', async () => {
    const point = {
      availableIpAddressCount: 93,
      usedAddressCount: 151,
      freeAddressCount: 100,
      reservedAddressCount: 0,
      freePrefixCount: 5,
      freePrefixCountMost: 5,
      strandedAddressCount: 0,
    };
    const sample = (minutes: number, free: number | undefined) => ({
      observedAt: new Date(START_MS - minutes * 60_000).toISOString(),
      kind: 'scan' as const,
      viewerAccountId: '111122223333',
      points: new Map([['subnet-a', { ...point, freeAddressCount: free }]]),
    });
    const state = aVpcState([{ subnetId: 'subnet-a', free: 93, residual: -7 }]);
    const kinds = async (samples: ReturnType<typeof sample>[]) => {
      const alerts = createMemoryAlertStore();
      await raiseAlerts(state, ports(alerts, samples));
      return (await alerts.listAlerts()).map(({ kind }) => kind);
    };
    expect(await kinds([sample(60, 100), sample(15, undefined), sample(0, 93)])).toEqual(['residual-unexplained']);
    expect(await kinds([sample(120, 100), sample(60, 93)])).toEqual([]);
    expect(await kinds([])).toEqual([]);
  });

  it('lets an answer that comes between stand', async () => {
    const alerts = createMemoryAlertStore();
    await raiseAlerts(shortState(0), ports(alerts));
    const alertId = (await alerts.listAlerts())[0]?.alertId ?? '';
    const answers = { alerts, subscribers: [SLACK], hint: NO_HINT, now: () => at(1) };
    let isFirst = true;
    const interrupted: AlertStore = {
      ...alerts,
      async writeStep(...step) {
        if (isFirst) {
          isFirst = false;
          await acknowledgeAlert({ alertId, by: 'ana' }, answers);
        }
        return alerts.writeStep(...step);
      },
    };
    await raiseAlerts(shortState(2, 0), ports(interrupted));
    expect((await alerts.transitions(alertId)).map(({ type }) => type)).toEqual(['opened', 'acknowledged', 'changed']);
  });
});

describe('answers to alerts', () => {
  it('are refused of what is not there and of times out of bounds', async () => {
    const alerts = createMemoryAlertStore();
    await raiseAlerts(shortState(0), ports(alerts));
    const alertId = (await alerts.listAlerts())[0]?.alertId ?? '';
    const answers = { alerts, subscribers: [SLACK], hint: NO_HINT, now: () => at(0) };
    const snooze = async (until: string) => (await snoozeAlert({ alertId, by: 'ana', until }, answers)).outcome;
    expect(await snooze(at(0))).toBe('until-refused');
    expect(await snooze('tomorrow')).toBe('until-refused');
    expect(await snooze(at(SNOOZE_DAYS_MAX * 24 + 0.001))).toBe('until-refused');
    expect(await snooze(at(SNOOZE_DAYS_MAX * 24))).toBe('answered');
    expect(await snooze('2026-12-23T09:00:00+01:00')).toBe('already-so');
    expect(await acknowledgeAlert({ alertId: 'x', by: 'ana' }, answers)).toEqual({ outcome: 'not-found' });
    expect(await acknowledgeAlert({ alertId, by: 'ana' }, answers)).toMatchObject({ alert: { state: 'acknowledged' } });
  });
});

describe('pendingNotifications', () => {
  const silence = {
    silenceId: 's-1',
    match: { by: 'team', team: 'platform' },
    from: at(0),
    until: at(10),
    author: 'ana',
    reason: 'migration',
  } as const;

  it('keeps what is silenced until the silence ends, and says who silenced it', async () => {
    const alerts = createMemoryAlertStore();
    const silences = memorySilenceStore();
    await silences.writeSilence(silence);
    await raiseAlerts(shortState(1), ports(alerts));
    const during = await pendingNotifications(SLACK, sweepPorts(alerts, 9.99, silences));
    expect(during).toMatchObject({ notifications: [], silenced: [{ silence }] });
    const after = await pendingNotifications(SLACK, sweepPorts(alerts, 10, silences));
    expect(after).toMatchObject({ notifications: [{ kind: 'alert' }], silenced: [] });
  });

  it('tells nothing of what opened and ended in silence', async () => {
    const alerts = createMemoryAlertStore();
    const silences = memorySilenceStore();
    await silences.writeSilence(silence);
    await raiseAlerts(shortState(1), ports(alerts));
    await raiseAlerts(aVpcState([], { observedAt: at(2) }), ports(alerts));
    expect((await pendingNotifications(SLACK, sweepPorts(alerts, 3, silences))).silenced).toHaveLength(1);
    expect((await pendingNotifications(SLACK, sweepPorts(alerts, 11, silences))).notifications).toEqual([]);
    expect((await pendingNotifications(BUS, sweepPorts(alerts, 11, silences))).notifications).toHaveLength(1);
  });

  it('tells a thousand accounts that are new and a thousand that fail in at most five messages', async () => {
    const alerts = createMemoryAlertStore();
    const accountIds = Array.from({ length: 1_000 }, (_, index) => String(100_000_000_000 + index));
    for (const ownerId of accountIds) {
      const vpc = { ownerId, region: 'eu-west-1', vpcId: 'vpc-0a' };
      await raiseAlerts(shortState(0.2, 5, { vpc, firstObservedAt: at(0) }), ports(alerts));
    }
    const runs = [aScan(-2, accountIds, 'failed'), aScan(-1, accountIds, 'failed')];
    await raiseScanAlerts({ alerts, subscribers: [SLACK], hint: NO_HINT, runs: ledger(runs), now: () => at(0.1) });
    const told = [];
    for (const hours of [0.2, 0.3, 0.4, 1.2, 1.3]) {
      const { notifications } = await pendingNotifications(SLACK, sweepPorts(alerts, hours));
      told.push(...notifications);
      for (const one of notifications.flatMap((each) => (each.kind === 'alert' ? [each] : each.alerts))) {
        await alerts.confirm(one.alert.alertId, SLACK, one.alert.sequence);
      }
    }
    expect(told.map(({ kind }) => kind)).toEqual(['fold', 'first-judgements']);
    expect(await alerts.pending(SLACK)).toEqual([]);
  });
});

function aScan(hours: number, accountIds: readonly string[], state: TargetOutcome['state'] | 'lost'): Run {
  const slot = { kind: 'scan' as const, at: at(hours) };
  const targets = accountIds.map((accountId) => ({ accountId, region: 'eu-west-1' }));
  const [account] = aPlan().accounts;
  if (account === undefined) {
    throw new Error('Expected a plan with an account');
  }
  const plan: RunPlan = {
    ...aPlan(),
    slot,
    targets,
    notSeen: [],
    accounts: accountIds.map((accountId) => ({ ...account, accountId, outcome: 'planned' })),
  };
  const outcomes =
    state === 'lost'
      ? []
      : targets.map((target) => anOutcome({ target, state, notSeen: state === 'failed' ? [NOT_SEEN] : [] }));
  return { plan, outcomes };
}

function ledger(runs: readonly Run[]) {
  const newestFirst = runs.toSorted((a, b) => (a.plan.slot.at < b.plan.slot.at ? 1 : -1));
  return {
    listRuns: async () => newestFirst.map(({ plan }) => plan.slot),
    readRun: async (slot: RunPlan['slot']) => newestFirst.find(({ plan }) => plan.slot === slot),
  };
}

describe('raiseScanAlerts', () => {
  async function judged(runs: readonly Run[], hours: number, alerts = createMemoryAlertStore()) {
    await raiseScanAlerts({ alerts, subscribers: [SLACK], hint: NO_HINT, runs: ledger(runs), now: () => at(hours) });
    return alerts;
  }
  const types = async (alerts: AlertStore) => {
    const [alert] = await alerts.listAlerts();
    return alert === undefined ? [] : (await alerts.transitions(alert.alertId)).map(({ type }) => type);
  };

  it.each(['failed', 'missed', 'lost'] as const)(
    'tells an account of which two scans came to nothing: %s',
    async (state) => {
      const runs = [aScan(0, ['1'], state), aScan(1, ['1'], state)];
      expect(await types(await judged(runs, 2.1))).toEqual(['opened']);
      // The second is not over yet.
      expect(await types(await judged(runs, 2))).toEqual([]);
      expect(await types(await judged([aScan(0, ['1'], 'finished'), aScan(1, ['1'], state)], 2.1))).toEqual([]);
    },
  );

  it('resolves it when a scan comes through, and removes it when the account is gone', async () => {
    const failing = [aScan(0, ['1'], 'failed'), aScan(1, ['1'], 'failed')];
    const alerts = await judged(failing, 2.1);
    await judged(failing, 2.2, alerts);
    expect((await alerts.listAlerts())[0]).toMatchObject({ severity: 'critical', what: { cause: expect.any(String) } });
    await judged([...failing, aScan(2, ['1'], 'finished')], 3.1, alerts);
    expect(await types(alerts)).toEqual(['opened', 'resolved']);
    const gone = await judged(failing, 2.1);
    await judged([...failing, aScan(2, ['2'], 'finished')], 3.1, gone);
    expect(await types(gone)).toEqual(['opened', 'removed']);
  });
});
