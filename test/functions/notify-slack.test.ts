import { describe, expect, it } from 'vitest';
import { createNotifySlackHandler } from '../../functions/notify-slack.ts';
import { raiseScanAlerts } from '../../lib/audit/raise-scan-alerts.ts';
import type { Run, RunStore } from '../../lib/audit/store-ports.ts';
import type { Alert } from '../../lib/domain/alert/alert.ts';
import { stepOf } from '../../lib/domain/alert/alert-step.ts';
import { createMemoryAlertStore } from '../../lib/local/service/memory-alert-store.ts';
import { createMemoryNotificationStore } from '../../lib/local/service/memory-notification-store.ts';
import { Settings } from '../../lib/settings/settings.ts';
import type { SecretName } from '../../lib/wiring/secret-reader.ts';
import { createSlackNotifier } from '../../lib/wiring/slack-notifier.ts';
import { anAlert } from '../domain/alert/an-alert.ts';
import { memorySilenceStore } from '../helpers/memory-silence-store.ts';
import { createFakeSlack } from '../notify/slack/fake-slack.ts';
import { createVirtualClock } from '../notify/slack/virtual-clock.ts';
import { anOutcome, aPlan, NOT_SEEN } from '../store/audit-values.ts';
import { createRecordingTelemetry } from '../wiring/recording-telemetry.ts';

const CHANNEL_ID = 'C0PLATFORM';
const START = '2026-11-23T05:00:00.000Z';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SLACK = {
  defaultChannel: '#platform',
  quietHours: [{ from: '22:00', to: '06:00' }],
  mentions: [{ mention: 'here' }],
};

interface Options {
  readonly slack?: object | undefined;
  readonly secrets?: Partial<Record<SecretName, string>>;
  readonly runs?: readonly Run[];
}

/** The function over stores in memory and a Slack that goes well, at 5 in the morning. */
function aNotifier({ slack: settings = SLACK, secrets = { 'slack-bot-token': 'xoxb-test' }, runs = [] }: Options = {}) {
  const clock = createVirtualClock(Date.parse(START));
  const telemetry = createRecordingTelemetry();
  const alerts = createMemoryAlertStore();
  const silences = memorySilenceStore();
  const slack = createFakeSlack({
    seed: 1,
    clock,
    faultProbability: 0,
    canReadHistory: true,
    channels: [CHANNEL_ID, 'C0PAYMENTS'],
    channelNames: { '#platform': CHANNEL_ID, '#payments': 'C0PAYMENTS' },
  });
  let ids = 0;
  const notifier = createSlackNotifier({
    settings: Settings.parse({
      owners: [{ match: { account: '111122223333' }, team: 'payments', channel: '#payments' }],
      notifications: { slack: settings, baseUrl: 'https://elbowroom.example/' },
    }),
    alerts,
    silences,
    runs: ledger(runs),
    notifications: createMemoryNotificationStore(),
    settleMs: 15_000,
    readSecret: async (name) => [secrets[name] ?? []].flat(),
    clock,
    fetch: slack.fetch,
    randomFraction: () => 0,
    newId: () => String(++ids),
    preview: (channel, { text }) => telemetry.log.info('preview', { channel, text }),
  });
  const handler = createNotifySlackHandler({ telemetry, clock, slack: notifier });
  const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 4 * MINUTE_MS };
  return {
    clock,
    slack,
    alerts,
    silences,
    telemetry,
    sweep: () => clock.run(handler({ scheduledAt: START }, context)),
    confirm: (confirmChannel: string) => clock.run(handler({ confirmChannel, askedBy: 'ana' }, context)),
    pass: (ms: number) => clock.run(clock.sleep(ms)),
    previews: () => telemetry.lines.filter(({ message }) => message === 'preview').map(({ fields }) => fields),
    async open(alert: Partial<Alert> & Pick<Alert, 'alertId'>) {
      const at = new Date(clock.now()).toISOString();
      const opened = anAlert({ ...alert, openedAt: at, observedAt: at });
      await alerts.writeStep(stepOf(undefined, 'opened', at, opened), undefined, ['slack']);
    },
  };
}

function ledger(runs: readonly Run[]): RunStore {
  return {
    listRuns: async () => runs.map(({ plan }) => plan.slot),
    readRun: async (slot) => runs.find(({ plan }) => plan.slot === slot),
    createRun: async (plan) => plan,
    recordOutcomes: async () => undefined,
  };
}

/** A scan in which every account failed. */
function aFailedScan(at: string, accountIds: readonly string[]): Run {
  const [account] = aPlan().accounts;
  if (account === undefined) {
    throw new Error('Expected a plan with an account');
  }
  const targets = accountIds.map((accountId) => ({ accountId, region: 'eu-west-1' }));
  return {
    plan: {
      ...aPlan(),
      slot: { kind: 'scan', at },
      targets,
      notSeen: [],
      accounts: accountIds.map((accountId) => ({ ...account, accountId, outcome: 'planned' })),
    },
    outcomes: targets.map((target) =>
      anOutcome({ target, state: 'failed', notSeen: [{ ...NOT_SEEN, accountId: target.accountId }] }),
    ),
  };
}

const OTHER_TEAM = { where: { ...anAlert().where, team: 'data' } };

describe('notify-slack', () => {
  it('sends nothing without a token, shows what it would send, and says so', async () => {
    const { open, sweep, confirm, slack, alerts, previews } = aNotifier({ secrets: {} });
    await open({ alertId: 'a', severity: 'critical' });
    expect(await sweep()).toMatchObject({ alerts: { toldCount: 0, previewedCount: 1 } });
    expect(previews()).toMatchObject([{ channel: '#payments', text: expect.stringContaining('addresses run out') }]);
    await expect(confirm('#payments')).rejects.toThrow(
      'Cannot post a test message to the channel "#payments": Slack answered nothing: there is no bot token',
    );
    expect(slack.posts).toEqual([]);
    expect(await alerts.pending('slack')).toEqual([]);
  });

  it('tells each channel once it is confirmed, what is not critical after quiet hours', async () => {
    const { open, sweep, confirm, slack, pass } = aNotifier();
    expect(await confirm('#platform')).toMatchObject({ channel: '#platform', channelId: CHANNEL_ID });
    await open({ alertId: 'a', ...OTHER_TEAM });
    await open({ alertId: 'b', severity: 'critical', ...OTHER_TEAM });
    await pass(MINUTE_MS);
    expect(await sweep()).toMatchObject({ alerts: { toldCount: 1 } });
    expect(slack.messages.at(-1)?.text).toContain('<!here>');
    await pass(HOUR_MS);
    expect(await sweep()).toMatchObject({ alerts: { toldCount: 1, previewedCount: 0 } });
    expect(slack.messages).toHaveLength(3);
    expect(JSON.stringify(slack.messages.at(-1)?.blocks)).toContain('https://elbowroom.example/alerts/a');
  });

  it('tells no channel that the settings do not name', async () => {
    const { confirm, slack } = aNotifier();
    await expect(confirm('#random')).rejects.toThrow('expected one of #platform, #payments');
    expect(slack.posts).toEqual([]);
  });

  it('tells the digest of a day at its time, once, and later where a sweep was missed', async () => {
    const { open, sweep, confirm, slack, pass, previews } = aNotifier();
    await confirm('#platform');
    await open({ alertId: 'a', ...OTHER_TEAM });
    await pass(3 * HOUR_MS - MINUTE_MS);
    expect(await sweep()).toMatchObject({ alerts: { toldCount: 1 }, digests: { toldCount: 0 } });
    await pass(2 * HOUR_MS);
    expect(await sweep()).toMatchObject({ digests: { toldCount: 1, previewedCount: 0 } });
    expect(slack.messages.at(-1)?.text).toBe('2026-11-23: 1 alert open, no scan is over yet');
    expect(await sweep()).toMatchObject({ digests: { toldCount: 0 } });
    await pass(24 * HOUR_MS);
    expect(await sweep()).toMatchObject({ digests: { toldCount: 1 } });
    // A channel of a team hears of a day only where something is the matter.
    expect(previews()).toEqual([]);
    expect(slack.messages).toHaveLength(4);
  });

  it('tells the digest though an alert cannot be told', async () => {
    const { open, sweep, confirm, pass, slack, alerts } = aNotifier();
    await confirm('#platform');
    await open({ alertId: 'a', ...OTHER_TEAM });
    const { confirm: confirmAlert } = alerts;
    alerts.confirm = () => Promise.reject(new Error('the table is gone'));
    await pass(4 * HOUR_MS);
    await expect(sweep()).rejects.toThrow('Cannot tell 1 of 1 notifications');
    expect(slack.messages.at(-1)?.text).toContain('2026-11-23: 1 alert open');
    alerts.confirm = confirmAlert;
    // What was told is not told again, though nobody wrote down that it was.
    expect(await sweep()).toMatchObject({ alerts: { toldCount: 0 }, digests: { toldCount: 0 } });
    expect(await alerts.pending('slack')).toEqual([]);
  });

  it('shows a digest once that nobody confirmed', async () => {
    const { open, sweep, pass, previews } = aNotifier();
    await open({ alertId: 'a' });
    await pass(4 * HOUR_MS);
    await sweep();
    await sweep();
    expect(previews().map(({ channel }) => channel)).toEqual(['#payments', '#platform', '#payments']);
  });

  it('tells a thousand accounts that are new and all fail at once in at most five messages', async () => {
    const accountIds = Array.from({ length: 1_000 }, (_, index) => String(100_000_000_000 + index));
    const runs = ['2026-11-23T03:00:00.000Z', '2026-11-23T02:00:00.000Z'].map((at) => aFailedScan(at, accountIds));
    const { open, sweep, confirm, pass, slack, alerts, clock } = aNotifier({ runs });
    await confirm('#platform');
    for (const accountId of accountIds) {
      const where = { ...anAlert().where, team: undefined, accountId, accountIds: [accountId] };
      await open({ alertId: `exhaustion.${accountId}`, isFirstJudgement: true, severity: 'critical', where });
    }
    // Each is written for itself, and a hint comes after the first few.
    const { writeStep } = alerts;
    alerts.writeStep = async (...step) => {
      await clock.sleep(30);
      return writeStep(...step);
    };
    const raised = raiseScanAlerts({
      alerts,
      runs: ledger(runs),
      subscribers: ['slack'],
      hint: () => Promise.resolve(),
      now: () => new Date(clock.now()).toISOString(),
    });
    await pass(135);
    expect(await alerts.pending('slack')).toHaveLength(1_004);
    await sweep();
    await clock.run(raised);
    for (let minutes = 0; minutes < 5 * 60; minutes += 5) {
      await sweep();
      await pass(5 * MINUTE_MS);
    }
    expect(await alerts.pending('slack')).toEqual([]);
    const [, ...told] = slack.messages.map(({ text }) => text);
    expect(told).toHaveLength(3);
    expect(told.join('\n')).toContain('1,000 alerts opened');
    expect(told.join('\n')).toContain('First look at 1,000 accounts: 1,000 alerts');
    expect(told.join('\n')).toContain('2026-11-23: 2,000 alerts open, 1 thing not seen');
    expect(slack.problems).toEqual([]);
  });

  it('refuses what it does not know', async () => {
    const { telemetry, clock } = aNotifier();
    const handler = createNotifySlackHandler({
      telemetry,
      clock,
      slack: { handle: () => Promise.reject(new Error('never asked')) },
    });
    const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => MINUTE_MS };
    await expect(clock.run(handler({ channel: '#platform' }, context))).rejects.toThrow(
      'expected a map with scheduledAt, or one with confirmChannel, askedBy',
    );
  });
});
