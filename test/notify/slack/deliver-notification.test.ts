import { describe, expect, it } from 'vitest';
import type { NotificationStore } from '../../../lib/audit/notification-ports.ts';
import { aTransition, SETTING } from '../../../lib/local/service/slack-samples.ts';
import { confirmChannel } from '../../../lib/notify/slack/confirm-channel.ts';
import { deliverDailyDigest, deliverNotification } from '../../../lib/notify/slack/deliver-notification.ts';
import { createDigestMarks } from '../../../lib/notify/slack/digest-marks.ts';
import type { Fetch, FetchAnswer } from '../../../lib/notify/slack/slack-client.ts';
import { anAlert, aPending } from '../../domain/alert/an-alert.ts';
import { aNotifier, CHANNEL, START_MS } from './a-notifier.ts';

const OPENED = aPending(anAlert());
const ALERT = { kind: 'alert', ...OPENED } as const;
const { alertId } = OPENED.alert;

function stepOf(type: 'changed' | 'resolved', sequence: number, severity: 'critical' | 'warning' = 'warning') {
  const transition = aTransition(anAlert({ severity, sequence: sequence - 1 }), type);
  return { kind: 'alert', alert: transition.alert, transitions: [transition] } as const;
}

describe('a dry run', () => {
  it('is the default until a test message has reached the channel', async () => {
    const { clock, slack, store, ports, previews, deliver } = await aNotifier({ isConfirmed: false });
    expect(await deliver(ALERT)).toMatchObject({ done: [{ alertId, sequence: 1 }], toldCount: 0, previewedCount: 1 });
    expect(previews).toHaveLength(1);
    expect(slack.messages).toEqual([]);
    const confirmed = await clock.run(confirmChannel({ channel: CHANNEL, askedBy: 'ana' }, ports));
    expect(confirmed).toMatchObject({ ok: true, value: { canReadHistory: true, confirmedBy: 'ana' } });
    expect(await store.readConfirmation(CHANNEL)).toBeDefined();
    await clock.run(clock.sleep(1_000));
    expect(await deliver(stepOf('changed', 2))).toMatchObject({ toldCount: 1, previewedCount: 0 });
    // Nothing was told before, so what changed is told in full.
    expect(slack.messages.map(({ threadTs }) => threadTs)).toEqual([undefined, undefined]);
    expect(JSON.stringify(slack.messages[1]?.blocks)).toContain('*Account*');
  });

  it('ends for the id that Slack answers with, where the settings name the channel', async () => {
    const { clock, slack, store, ports, deliver } = await aNotifier({
      isConfirmed: false,
      policy: { channelOf: () => '#platform', channels: ['#platform'] },
    });
    const confirmed = await clock.run(confirmChannel({ channel: '#platform', askedBy: 'ana' }, ports));
    expect(confirmed).toMatchObject({ ok: true, value: { channel: '#platform', channelId: CHANNEL } });
    await clock.run(clock.sleep(1_000));
    await deliver(ALERT);
    await deliver(stepOf('changed', 2));
    // Neither a history nor the first message of a thread can be asked for by a name.
    expect(slack.messages.map(({ channel }) => channel)).toEqual([CHANNEL, CHANNEL, CHANNEL]);
    expect((await store.readRecord(alertId))?.record).toMatchObject({ channelId: CHANNEL, shownSequence: 2 });
  });

  it('is not ended for a channel that the settings do not name', async () => {
    const { clock, ports, slack } = await aNotifier({ isConfirmed: false });
    expect(await clock.run(confirmChannel({ channel: '#plattform', askedBy: 'ana' }, ports))).toEqual({
      ok: false,
      error:
        'Cannot confirm the channel "#plattform": the settings do not name it, expected one of C0PLATFORM, C0OTHER',
    });
    expect(slack.messages).toEqual([]);
  });

  it('is not ended without a bot token', async () => {
    const { clock, ports, store } = await aNotifier({ isConfirmed: false, botToken: undefined });
    expect(await clock.run(confirmChannel({ channel: CHANNEL, askedBy: 'ana' }, ports))).toMatchObject({ ok: false });
    expect(await store.readConfirmation(CHANNEL)).toBeUndefined();
  });

  it('does not come back where the bot token is gone: everything waits for it', async () => {
    const { deliver, previews } = await aNotifier({ botToken: undefined });
    const refusals = [{ recipient: CHANNEL, error: 'no_bot_token' }];
    expect(await deliver(ALERT)).toMatchObject({ done: [], previewedCount: 0, refusals });
    expect(previews).toEqual([]);
  });

  it('stays where the test message does not get there', async () => {
    const { clock, store, ports } = await aNotifier({ isConfirmed: false });
    const confirmed = await clock.run(confirmChannel({ channel: 'C0OTHER', askedBy: 'ana' }, ports));
    expect(confirmed).toEqual({
      ok: false,
      error: 'Cannot post a test message to the channel "C0OTHER": Slack answered channel_not_found',
    });
    expect(await store.readConfirmation('C0OTHER')).toBeUndefined();
  });
});

describe('a thread', () => {
  it('holds what changes, shows the newest state first, and is closed by what resolves it', async () => {
    const { slack, deliver } = await aNotifier();
    await deliver(ALERT);
    await deliver(stepOf('changed', 2, 'critical'));
    await deliver(stepOf('resolved', 3));
    const [root, ...replies] = slack.messages;
    expect(replies.map(({ threadTs }) => threadTs)).toEqual([root?.ts, root?.ts]);
    expect(root?.text).toContain('✅ Resolved');
    expect(JSON.stringify(root?.blocks)).not.toContain('acknowledge');
    expect(replies[0]?.text).toContain('<!here>');
    expect(replies[1]?.text).not.toContain('<!here>');
    await deliver({ ...ALERT, transitions: [{ ...ALERT.transitions[0], sequence: 4 }] });
    expect(slack.messages[3]?.threadTs).toBeUndefined();
  });

  it('is told once, however often it is asked for', async () => {
    const { slack, deliver } = await aNotifier();
    expect((await deliver(ALERT)).toldCount).toBe(1);
    expect(await deliver(ALERT)).toMatchObject({ done: [{ alertId, sequence: 1 }], toldCount: 0 });
    expect(slack.messages).toHaveLength(1);
  });

  it('begins anew where somebody deleted its first message', async () => {
    const { clock, slack, deliver } = await aNotifier();
    await deliver(ALERT);
    // As if it were another channel's: Slack knows no such thread.
    slack.messages.splice(0);
    await clock.run(clock.sleep(1_000));
    expect((await deliver(stepOf('changed', 2))).toldCount).toBe(1);
    expect(slack.messages.map(({ threadTs }) => threadTs)).toEqual([undefined]);
  });

  it('of a fold goes on with each of its alerts, and keeps its first message', async () => {
    const { slack, deliver } = await aNotifier();
    const fold = {
      kind: 'fold',
      foldId: 'f',
      alertKind: 'exhaustion',
      type: 'opened',
      cause: undefined,
      since: SETTING.now,
      alerts: [OPENED],
    } as const;
    await deliver(fold);
    await deliver(fold);
    await deliver(ALERT);
    await deliver(stepOf('changed', 2));
    expect(slack.messages.map(({ threadTs }) => threadTs)).toEqual([undefined, slack.messages[0]?.ts]);
    expect(slack.messages[0]?.text).toContain('1 alert opened');
  });
});

describe('what Slack refuses', () => {
  const refusing =
    (error: string, whenBlocks: boolean) =>
    (fetch: Fetch): Fetch =>
    (url, init) =>
      typeof init.body === 'string' && init.body.includes('"blocks"') === whenBlocks
        ? Promise.resolve({
            status: 200,
            headers: { get: () => null },
            text: async () => `{"ok":false,"error":"${error}"}`,
          })
        : fetch(url, init);

  it('for its blocks is told as plain text, rather than not', async () => {
    const { slack, deliver } = await aNotifier({ around: refusing('invalid_blocks', true) });
    expect((await deliver(ALERT)).toldCount).toBe(1);
    expect(slack.messages[0]).toMatchObject({ blocks: undefined, text: expect.stringContaining('addresses run out') });
  });

  it('is reported, and told once it takes it', async () => {
    let isArchived = true;
    const archive = refusing('is_archived', true);
    const { deliver } = await aNotifier({
      around: (fetch) => (url, init) => (isArchived ? archive(fetch) : fetch)(url, init),
    });
    expect(await deliver(ALERT)).toMatchObject({ done: [], refusals: [{ recipient: CHANNEL, error: 'is_archived' }] });
    isArchived = false;
    expect(await deliver(ALERT)).toMatchObject({ toldCount: 1, repeatedCount: 0 });
  });
});

describe('a channel with a webhook', () => {
  const URL = 'https://hooks.slack.example/T0/B0/x';

  /** A channel that a webhook posts to, and what was posted; `answers` come first. */
  async function aWebhook(answers: readonly (() => Promise<FetchAnswer>)[] = []) {
    const bodies: string[] = [];
    const left = [...answers];
    const notifier = await aNotifier({
      isConfirmed: false,
      webhookUrl: URL,
      policy: { webhooks: [CHANNEL] },
      around: () => async (url, init) => {
        bodies.push(`${url} ${String(init.body)}`);
        return left.shift()?.() ?? answerOf(200, 'ok');
      },
    });
    await notifier.clock.run(confirmChannel({ channel: CHANNEL, askedBy: 'ana' }, notifier.ports));
    await notifier.clock.run(notifier.clock.sleep(1_000));
    return { ...notifier, bodies };
  }

  const answerOf = async (status: number, text: string, retryAfter?: string): Promise<FetchAnswer> => ({
    status,
    headers: { get: () => retryAfter ?? null },
    text: async () => text,
  });

  it('is a dry run until a test message has reached it by the webhook', async () => {
    const { store, bodies } = await aWebhook();
    expect(bodies).toHaveLength(1);
    expect(await store.readConfirmation(CHANNEL)).toMatchObject({ channelId: undefined, canReadHistory: false });
    const app = await aNotifier({ policy: { webhooks: [CHANNEL] } });
    expect(await app.deliver(ALERT)).toMatchObject({ previewedCount: 1, toldCount: 0 });
  });

  it('is told each step as a message of its own that asks for nothing', async () => {
    const { bodies, deliver } = await aWebhook();
    expect(await deliver(ALERT)).toMatchObject({ done: [{ alertId, sequence: 1 }], toldCount: 1 });
    expect(await deliver(ALERT)).toMatchObject({ done: [{ alertId, sequence: 1 }], toldCount: 0 });
    expect(await deliver(stepOf('changed', 2, 'critical'))).toMatchObject({ toldCount: 1 });
    expect(bodies).toHaveLength(3);
    expect(bodies[2]).toMatch(/^https:\/\/hooks\.slack\.example\/T0\/B0\/x .*\*Account\*/);
    expect(bodies.join()).not.toContain('acknowledge');
  });

  it('is told again where the answer was lost, and after the time that Slack asks for', async () => {
    const ok = () => answerOf(200, 'ok');
    const { bodies, deliver } = await aWebhook([
      ok,
      () => Promise.reject(new TypeError('x')),
      () => answerOf(429, '', '7'),
    ]);
    expect(await deliver(ALERT)).toMatchObject({ toldCount: 1 });
    expect(bodies).toHaveLength(4);
  });

  it('keeps what it refuses', async () => {
    const { deliver } = await aWebhook([() => answerOf(200, 'ok'), () => answerOf(404, 'no_service')]);
    expect(await deliver(ALERT)).toMatchObject({ done: [], refusals: [{ recipient: CHANNEL, error: 'no_service' }] });
  });

  it('waits where its URL is gone', async () => {
    const { ports, clock } = await aWebhook();
    const gone = { ...ports, secrets: { ...ports.secrets, webhookUrl: async () => undefined } };
    const report = await clock.run(deliverNotification(ALERT, gone, clock.now()));
    expect(report).toMatchObject({ done: [], refusals: [{ recipient: CHANNEL, error: 'no_webhook_url' }] });
  });
});

describe('routes and quiet hours', () => {
  it('leave alone what is routed to nobody', async () => {
    const { slack, deliver } = await aNotifier({ policy: { channelOf: () => undefined } });
    expect(await deliver(ALERT)).toMatchObject({ done: [{ alertId, sequence: 1 }], toldCount: 0 });
    expect(slack.messages).toEqual([]);
  });

  it('hold what is not critical until they end', async () => {
    const untilMs = START_MS + 3_600_000;
    const { deliver } = await aNotifier({
      policy: { quietUntilMs: (_, nowMs) => (nowMs < untilMs ? untilMs : undefined) },
    });
    expect(await deliver(ALERT)).toMatchObject({ done: [], againAtMs: untilMs });
    expect(await deliver(stepOf('changed', 2, 'critical'))).toMatchObject({ toldCount: 1 });
  });
});

const DIGEST = {
  day: '2026-11-23',
  open: [OPENED.alert],
  changed: [],
  silenced: [],
  notSeen: [],
  coverage: { expectedTargets: 1, finishedTargets: 1, observedAt: SETTING.now },
};

/** A store whose user stops before or after its request of a number. */
function dyingStore(store: NotificationStore, deathAt: number, moment: 'before' | 'after'): NotificationStore {
  let count = 0;
  const asked = async <T>(act: () => Promise<T>): Promise<T> => {
    count += 1;
    if (count === deathAt && moment === 'before') {
      throw new Error('the process stopped');
    }
    const result = await act();
    if (count === deathAt) {
      throw new Error('the process stopped');
    }
    return result;
  };
  return {
    readRecord: (recordId) => asked(() => store.readRecord(recordId)),
    writeRecord: (record, version) => asked(() => store.writeRecord(record, version)),
    readConfirmation: (channel) => asked(() => store.readConfirmation(channel)),
    writeConfirmation: (confirmation) => asked(() => store.writeConfirmation(confirmation)),
  };
}

describe('lists', () => {
  it('of first judgements and of a day are told once', async () => {
    const { clock, slack, ports, deliver } = await aNotifier();
    const first = { kind: 'first-judgements', digestId: 'd', alerts: [OPENED] } as const;
    expect((await deliver(first)).toldCount).toBe(1);
    expect((await deliver(first)).toldCount).toBe(0);
    const digest = DIGEST;
    const told = () => clock.run(deliverDailyDigest(digest, CHANNEL, ports, clock.now() + 50_000));
    expect(await told()).toMatchObject({ toldCount: 1 });
    expect(await told()).toMatchObject({ toldCount: 0, refusals: [], againAtMs: undefined });
    expect(slack.messages).toHaveLength(2);
  });

  it.each(['before', 'after'] as const)(
    'of a day are told once, though their teller stops %s any request',
    async (moment) => {
      for (let deathAt = 1; ; deathAt += 1) {
        const { clock, slack, store, ports } = await aNotifier();
        const marks = createDigestMarks(store);
        const tell = (mine: NotificationStore) =>
          clock.run(deliverDailyDigest(DIGEST, CHANNEL, { ...ports, store: mine }, clock.now() + 120_000));
        const isDead = await tell(dyingStore(store, deathAt, moment)).then(
          () => false,
          () => true,
        );
        await tell(store);
        expect(slack.messages).toHaveLength(1);
        expect(await marks.isDone(DIGEST.day, CHANNEL)).toBe(true);
        if (!isDead) {
          expect(deathAt).toBeGreaterThan(5);
          return;
        }
      }
    },
  );
});
