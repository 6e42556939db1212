import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../lib/domain/alert/alert.ts';
import type { AlertTransitionType } from '../../../lib/domain/alert/alert-transition.ts';
import { createMemoryNotificationStore } from '../../../lib/local/service/memory-notification-store.ts';
import { aTransition, SETTING } from '../../../lib/local/service/slack-samples.ts';
import { createChannelPace } from '../../../lib/notify/slack/channel-pace.ts';
import { deliverNotification, type NotificationPorts } from '../../../lib/notify/slack/deliver-notification.ts';
import type { ChartPicture } from '../../../lib/notify/slack/follow-with-chart.ts';
import { createSlackClient, type Fetch, type FetchAnswer } from '../../../lib/notify/slack/slack-client.ts';
import { anAlert, aPending } from '../../domain/alert/an-alert.ts';
import { expectGolden } from '../../helpers/golden.ts';
import { losingAnswers } from './a-notifier.ts';
import { createFakeSlack } from './fake-slack.ts';
import { createVirtualClock } from './virtual-clock.ts';

const CHANNEL = 'C0PLATFORM';
const START_MS = Date.parse('2026-11-23T12:00:00.000Z');
/** As much of one as Slack is said to look at. */
const A_PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1);

interface Options {
  readonly chartOf?: (alert: Alert) => Promise<ChartPicture | undefined>;
  readonly around?: (fetch: Fetch) => Fetch;
}

async function aNotifier({ chartOf = async (alert) => aPicture(alert), around = (fetch) => fetch }: Options = {}) {
  const clock = createVirtualClock(START_MS);
  const slack = createFakeSlack({ seed: 1, clock, faultProbability: 0, canReadHistory: true, channels: [CHANNEL] });
  const store = createMemoryNotificationStore();
  const failures: unknown[] = [];
  await store.writeConfirmation({
    channel: CHANNEL,
    channelId: CHANNEL,
    confirmedAt: SETTING.now,
    confirmedBy: 'ana',
    canReadHistory: true,
  });
  let claims = 0;
  const ports: NotificationPorts = {
    client: createSlackClient({ fetch: around(slack.fetch), clock, botToken: async () => 'xoxb-test' }),
    store,
    clock,
    pace: createChannelPace(clock),
    charts: { chartOf, onChartFailed: (alertId, reason) => failures.push([alertId, reason]) },
    randomFraction: () => 0,
    newClaimId: () => String(++claims),
    policy: {
      channelOf: () => CHANNEL,
      quietUntilMs: () => undefined,
      mentionOf: () => undefined,
      webhooks: [],
      channels: [CHANNEL],
    },
    fetch: slack.fetch,
    secrets: { botToken: async () => 'xoxb-test', webhookUrl: async () => undefined },
    setting: () => SETTING,
    preview: () => undefined,
  };
  const deliver = (notification: Parameters<typeof deliverNotification>[0]) =>
    clock.run(deliverNotification(notification, ports, clock.now() + 50_000));
  return { clock, slack, failures, deliver };
}

function aPicture({ alertId, sequence }: Alert): ChartPicture {
  return { fileName: `chart-${sequence}.png`, title: 'Free addresses', altText: alertId, bytes: A_PNG };
}

const OPENED = aPending(anAlert());
const ALERT = { kind: 'alert', ...OPENED } as const;
const { alertId } = OPENED.alert;

function stepOf(type: AlertTransitionType, sequence: number, severity: Alert['severity'] = 'warning') {
  const transition = aTransition(anAlert({ severity, sequence: sequence - 1 }), type);
  return { kind: 'alert', alert: transition.alert, transitions: [transition] } as const;
}

describe('a chart', () => {
  it('follows the text into its thread, as Slack takes files', async () => {
    const { slack, failures, deliver } = await aNotifier();
    expect(await deliver(ALERT)).toMatchObject({ toldCount: 1 });
    expect(slack.files.shared).toEqual([
      {
        fileName: 'chart-1.png',
        title: 'Free addresses',
        altText: alertId,
        bytes: A_PNG,
        channel: CHANNEL,
        threadTs: slack.messages[0]?.ts,
      },
    ]);
    expect(failures).toEqual([]);
    expectGolden('slack/chart-requests.json', `${JSON.stringify(slack.files.requests, undefined, 2)}\n`);
  });

  it('comes with what opens or gets worse, and with nothing else', async () => {
    const { slack, deliver } = await aNotifier();
    await deliver(ALERT);
    await deliver(stepOf('acknowledged', 2));
    await deliver(stepOf('changed', 3));
    await deliver(stepOf('changed', 4, 'critical'));
    await deliver(stepOf('resolved', 5));
    expect(slack.files.shared.map(({ fileName }) => fileName)).toEqual(['chart-1.png', 'chart-4.png']);
    expect(new Set(slack.files.shared.map(({ threadTs }) => threadTs))).toEqual(new Set([slack.messages[0]?.ts]));
  });

  it('comes once for several steps that are told at once, and not for what is closed by then', async () => {
    const { slack, deliver } = await aNotifier();
    const worse = stepOf('changed', 2, 'critical');
    await deliver({ ...worse, transitions: [OPENED.transitions[0], ...worse.transitions] });
    expect(slack.files.shared.map(({ fileName }) => fileName)).toEqual(['chart-2.png']);
    const reopened = stepOf('opened', 4);
    const closed = stepOf('resolved', 5);
    await deliver(stepOf('resolved', 3));
    await deliver({ ...closed, transitions: [...reopened.transitions, ...closed.transitions] });
    expect(slack.messages).toHaveLength(5);
    expect(slack.files.shared).toHaveLength(1);
  });

  it('does not come for many that are told as one', async () => {
    const { slack, deliver } = await aNotifier();
    await deliver({ kind: 'first-judgements', digestId: 'd', alerts: [OPENED] });
    expect(slack.messages).toHaveLength(1);
    expect(slack.files.requests).toEqual([]);
  });

  it('is not sent where there is nothing to draw', async () => {
    const { slack, failures, deliver } = await aNotifier({ chartOf: async () => undefined });
    expect(await deliver(ALERT)).toMatchObject({ toldCount: 1 });
    expect([slack.files.requests, failures]).toEqual([[], []]);
  });
});

describe('a chart that fails', () => {
  it('changes nothing of what was told, and is not tried again', async () => {
    const { slack, failures, deliver } = await aNotifier({
      chartOf: async () => {
        throw new Error('no font');
      },
    });
    expect(await deliver(ALERT)).toMatchObject({ done: [{ alertId, sequence: 1 }], toldCount: 1, refusals: [] });
    await deliver(ALERT);
    expect(failures).toEqual([[alertId, new Error('no font')]]);
    expect([slack.messages.length, slack.files.requests.length]).toEqual([1, 0]);
  });

  it.each([
    { path: 'getUploadURLExternal', answer: { status: 429, text: '' }, state: 'rate-limited' },
    { path: '/upload/', answer: { status: 500, text: '' }, state: 'answer-lost' },
    {
      path: 'completeUploadExternal',
      answer: { status: 200, text: '{"ok":false,"error":"missing_scope"}' },
      state: 'refused',
    },
  ])('at $path is $state, and the alert is told all the same', async ({ path, answer, state }) => {
    const { slack, failures, deliver } = await aNotifier({
      around: (fetch) => async (url, init) =>
        url.includes(path) ? answered(answer.status, answer.text) : fetch(url, init),
    });
    expect(await deliver(ALERT)).toMatchObject({ toldCount: 1, refusals: [], againAtMs: undefined });
    expect(failures).toMatchObject([[alertId, { state }]]);
    expect(slack.files.shared).toEqual([]);
  });

  it('is not made good by another process, whose look finds the text', async () => {
    const { clock, slack, deliver } = await aNotifier({ around: losingAnswers(1) });
    await deliver(ALERT);
    await clock.run(clock.sleep(120_000));
    expect(await deliver(ALERT)).toMatchObject({ done: [{ alertId, sequence: 1 }], toldCount: 0 });
    expect([slack.messages.length, slack.files.requests.length]).toEqual([1, 0]);
  });
});

describe('a repeat that Slack lets wait', () => {
  it('is not sent where the first has appeared meanwhile', async () => {
    const scripted = {
      post: [answered(429, '', '30')],
      look: [answered(200, '{"ok":true,"messages":[]}')],
    };
    const asked = { post: 0, look: 0 };
    const { clock, slack, deliver } = await aNotifier({
      around: (fetch) => async (url, init) => {
        const kind = url.includes('conversations.') ? 'look' : 'post';
        asked[kind] += 1;
        if (kind === 'post' && asked.post === 1) {
          await fetch(url, init);
          throw new TypeError('terminated');
        }
        return scripted[kind].shift() ?? fetch(url, init);
      },
    });
    await deliver(ALERT);
    await clock.run(clock.sleep(120_000));
    expect(await deliver(ALERT)).toMatchObject({ done: [{ alertId, sequence: 1 }], repeatedCount: 0 });
    expect(asked).toEqual({ look: 2, post: 2 });
    expect(slack.messages).toHaveLength(1);
  });
});

function answered(status: number, text: string, retryAfter: string | null = null): FetchAnswer {
  return { status, headers: { get: (name) => (name === 'retry-after' ? retryAfter : null) }, text: async () => text };
}
