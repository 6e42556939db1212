import { describe, expect, it } from 'vitest';
import { type TellDailyDigestPorts, tellDailyDigest } from '../../lib/audit/daily-digest.ts';
import { type DeliveryReport, NOTHING_TOLD } from '../../lib/audit/delivery-report.ts';
import type { Run } from '../../lib/audit/store-ports.ts';
import type { Alert } from '../../lib/domain/alert/alert.ts';
import { stepOf } from '../../lib/domain/alert/alert-step.ts';
import type { DailyDigest } from '../../lib/domain/alert/daily-digest.ts';
import { createMemoryAlertStore } from '../../lib/local/service/memory-alert-store.ts';
import { anAlert } from '../domain/alert/an-alert.ts';
import { memorySilenceStore } from '../helpers/memory-silence-store.ts';
import { anOutcome, aPlan, NOT_SEEN } from '../store/audit-values.ts';

const NOW = '2026-11-23T12:00:00.000Z';
const DUE = { day: '2026-11-23', sinceMs: Date.parse('2026-11-22T08:00:00.000Z') };
const BEFORE = '2026-11-22T07:59:59.999Z';
const SINCE = '2026-11-22T08:00:00.000Z';
const DEADLINE_MS = Date.parse(NOW) + 60_000;

const OF_DATA = { where: { ...anAlert().where, team: 'data' } };

/** Two channels, one of a team and one of all others; where `due` is absent, no digest is. */
async function aDay({
  runs = [],
  ...options
}: {
  readonly runs?: readonly Run[];
  readonly due?: typeof DUE | undefined;
}) {
  const due = 'due' in options ? options.due : DUE;
  const alerts = createMemoryAlertStore();
  const silences = memorySilenceStore();
  const done = new Set<string>();
  const delivered: { readonly channel: string; readonly digest: DailyDigest }[] = [];
  let reads = 0;
  let answer: (channel: string) => DeliveryReport = () => ({ ...NOTHING_TOLD, toldCount: 1 });
  const ports: TellDailyDigestPorts = {
    alerts: {
      listAlerts: () => {
        reads += 1;
        return alerts.listAlerts();
      },
      transitions: alerts.transitions,
    },
    silences,
    runs: {
      listRuns: async () => runs.map(({ plan }) => plan.slot),
      readRun: async (slot) => runs.find(({ plan }) => plan.slot === slot),
    },
    clock: { now: () => Date.parse(NOW) },
    schedule: {
      digestDue: () => due,
      channels: ['#all', '#data'],
      defaultChannel: '#all',
      channelOf: ({ where }) => (where.team === 'data' ? '#data' : '#all'),
    },
    marks: {
      isDone: async (day, channel) => done.has(`${day} ${channel}`),
      markDone: async (day, channel) => {
        done.add(`${day} ${channel}`);
      },
    },
    deliver: async (digest, channel) => {
      delivered.push({ digest, channel });
      return answer(channel);
    },
  };
  return {
    alerts,
    silences,
    done,
    delivered,
    readCount: () => reads,
    answering: (next: typeof answer) => {
      answer = next;
    },
    tell: () => tellDailyDigest(ports, DEADLINE_MS),
    digestOf: (channel: string) => delivered.find((one) => one.channel === channel)?.digest,
    async open(alertId: string, at: string, changes: Partial<Alert> = {}) {
      await alerts.writeStep(
        stepOf(undefined, 'opened', at, anAlert({ ...changes, alertId, openedAt: at })),
        undefined,
        [],
      );
    },
    async change(alertId: string, at: string, type: 'changed' | 'resolved', changes: Partial<Alert>) {
      const stored = await alerts.readAlert(alertId);
      await alerts.writeStep(stepOf(stored?.alert, type, at, changes), stored, []);
    },
  };
}

function aScan(at: string, outcomes: Run['outcomes']): Run {
  const targets = ['eu-west-1', 'eu-west-2', 'eu-west-3'].map((region) => ({ accountId: '111122223333', region }));
  return { plan: { ...aPlan(), slot: { kind: 'scan', at }, targets, notSeen: [] }, outcomes };
}

describe('tellDailyDigest', () => {
  it('says of each channel what is open, by urgency, and what changed since the digest before', async () => {
    const day = await aDay({});
    await day.open('old', BEFORE);
    await day.open('ended', BEFORE);
    await day.change('ended', SINCE, 'resolved', { state: 'resolved' });
    await day.open('bad', SINCE);
    await day.change('bad', '2026-11-23T01:00:00.000Z', 'changed', { severity: 'critical' });
    await day.open('theirs', SINCE, OF_DATA);
    expect(await day.tell()).toEqual({ toldCount: 2, previewedCount: 0, refusals: [] });
    const digest = day.digestOf('#all');
    expect(digest).toMatchObject({ day: '2026-11-23', silenced: [], coverage: undefined, notSeen: [] });
    expect(digest?.open.map(({ alertId }) => alertId)).toEqual(['bad', 'old']);
    expect(digest?.changed.map(({ alert, type }) => `${alert.alertId} ${type} ${alert.severity}`)).toEqual([
      'bad opened warning',
      'ended resolved warning',
      'bad changed critical',
    ]);
    expect(day.digestOf('#data')?.open.map(({ alertId }) => alertId)).toEqual(['theirs']);
  });

  it('tells a quiet day in the default channel alone', async () => {
    const day = await aDay({});
    expect(await day.tell()).toMatchObject({ toldCount: 1 });
    expect(day.delivered.map(({ channel }) => channel)).toEqual(['#all']);
    expect([...day.done]).toEqual(['2026-11-23 #all', '2026-11-23 #data']);
  });

  it('names who silenced what', async () => {
    const day = await aDay({});
    await day.open('a', BEFORE);
    const silence = {
      silenceId: 's',
      match: { by: 'account', accountId: '111122223333' },
      from: BEFORE,
      until: '2026-11-24T00:00:00.000Z',
      author: 'ana',
      reason: 'migration',
    } as const;
    await day.silences.writeSilence(silence);
    await day.tell();
    expect(day.digestOf('#all')).toMatchObject({ open: [], silenced: [{ alert: { alertId: 'a' }, silence }] });
  });

  it('says of the newest scan that is over what it did not see, once for what failed alike, what is required first', async () => {
    const entry = { ...NOT_SEEN, resourceIds: [] };
    const failed = anOutcome({ state: 'failed', notSeen: [{ ...entry, region: 'eu-west-1', isRequired: false }] });
    const clusters = ['eu-west-1', 'eu-west-2'].map((region) => ({ ...entry, region }));
    const over = aScan('2026-11-23T10:00:00.000Z', [
      failed,
      anOutcome({ target: { accountId: '111122223333', region: 'eu-west-2' }, notSeen: clusters }),
    ]);
    const underWay = aScan('2026-11-23T11:00:00.000Z', []);
    const day = await aDay({ runs: [underWay, over] });
    await day.tell();
    const digest = day.digestOf('#all');
    expect(digest?.coverage).toEqual({
      expectedTargets: 3,
      finishedTargets: 1,
      observedAt: '2026-11-23T10:00:00.000Z',
    });
    expect(digest?.notSeen.map((sentence) => sentence.split(':').slice(0, 3).join(':'))).toEqual([
      'clusters of 2 accounts and regions: eks:DescribeCluster access-denied',
      'region of 111122223333 eu-west-3: elbowroom:ScanTarget not-attempted',
      'clusters of 111122223333 eu-west-1: eks:DescribeCluster access-denied',
    ]);
  });

  it('tells each channel once, and reads nothing more of the day', async () => {
    const day = await aDay({});
    await day.tell();
    await day.tell();
    expect(day.delivered).toHaveLength(1);
    expect(day.readCount()).toBe(1);
  });

  it.each([
    [{ ...NOTHING_TOLD, againAtMs: DEADLINE_MS }],
    [{ ...NOTHING_TOLD, refusals: [{ recipient: '#all', error: 'is_archived' }] }],
  ])('comes again with what a channel did not take: %j', async (report) => {
    const day = await aDay({});
    await day.open('theirs', SINCE, OF_DATA);
    day.answering((channel) => (channel === '#all' ? report : { ...NOTHING_TOLD, toldCount: 1 }));
    expect(await day.tell()).toMatchObject({ toldCount: 1, refusals: report.refusals });
    expect([...day.done]).toEqual(['2026-11-23 #data']);
    day.answering(() => ({ ...NOTHING_TOLD, toldCount: 1 }));
    await day.tell();
    expect(day.delivered.map(({ channel }) => channel)).toEqual(['#all', '#data', '#all']);
  });

  it('reads nothing before its time', async () => {
    const day = await aDay({ due: undefined });
    expect(await day.tell()).toEqual({ toldCount: 0, previewedCount: 0, refusals: [] });
    expect(day.readCount()).toBe(0);
  });
});
