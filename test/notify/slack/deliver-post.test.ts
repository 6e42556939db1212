import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertNotification, PendingAlert } from '../../../lib/domain/alert/alert-notification.ts';
import { aTransition, SETTING } from '../../../lib/local/service/slack-samples.ts';
import type { Fetch, FetchAnswer } from '../../../lib/notify/slack/slack-client.ts';
import { UNSURE_MAX } from '../../../lib/notify/slack/unsure-posts.ts';
import { anAlert, aPending } from '../../domain/alert/an-alert.ts';
import { aNotifier, losingAnswers } from './a-notifier.ts';
import type { FakeMessage } from './fake-slack.ts';

const OPENED = aPending(anAlert());
const ALERT = { kind: 'alert', ...OPENED } as const;
const { alertId } = OPENED.alert;

const FATES = ['answered', 'answer-lost', 'lost', 'late'] as const;
type Fate = (typeof FATES)[number];
/** After that a post has lapsed, and whatever was taken shows in the history. */
const LAPSED_MS = 120_000;

/** Posts that fare as said, and those after them well. What is late arrives when it is let in. */
async function aFatefulNotifier(fates: readonly Fate[]) {
  const left = [...fates];
  const waiting: (() => Promise<unknown>)[] = [];
  const late = new Set<FakeMessage | undefined>();
  let historyCount = 0;
  const postBy = async (fetch: Fetch, ...request: Parameters<Fetch>): Promise<FetchAnswer> => {
    const fate = left.shift() ?? 'answered';
    if (fate === 'answered') {
      return fetch(...request);
    }
    if (fate === 'answer-lost') {
      await fetch(...request);
    }
    if (fate === 'late') {
      waiting.push(() => fetch(...request));
    }
    throw new TypeError('terminated');
  };
  const notifier = await aNotifier({
    around: (fetch) => (url, init) => {
      historyCount += url.includes('conversations.') ? 1 : 0;
      return url.endsWith('chat.postMessage') ? postBy(fetch, url, init) : fetch(url, init);
    },
  });
  const { clock, slack } = notifier;
  return {
    ...notifier,
    historyCount: () => historyCount,
    lapse: () => clock.run(clock.sleep(LAPSED_MS)),
    async letIn() {
      for (const arrive of waiting.splice(0)) {
        // The channel takes a message a second.
        await clock.run(clock.sleep(1_000).then(arrive));
        late.add(slack.messages.at(-1));
      }
    },
    /** What each message told, whether it is marked, and whether it was let in. */
    told: () =>
      slack.messages.map((message) => ({
        names: [...JSON.stringify(message.blocks).matchAll(/`(net-\d+)`/g)].map(([, name]) => name),
        isMarked: message.text.startsWith('May be a repeat'),
        isLate: late.has(message),
        message,
      })),
  };
}

function pendingOf(index: number): PendingAlert {
  const subnetId = `subnet-${index}`;
  const subnets = [{ subnetId, name: `net-${index}`, cidrBlock: '10.0.0.0/24' }];
  return aPending(
    anAlert({ alertId: `exhaustion.${subnetId}`, subject: { kind: 'subnet', subnetId }, where: { subnets } }),
  );
}

function listOf(kind: 'first-judgements' | 'fold', count: number): AlertNotification {
  const alerts = Array.from({ length: count }, (_, index) => pendingOf(index));
  return kind === 'fold'
    ? { kind, foldId: 'f', alertKind: 'exhaustion', type: 'opened', cause: undefined, since: SETTING.now, alerts }
    : { kind, digestId: 'd', alerts };
}

describe('a lost answer', () => {
  it('is looked for after a minute, and the message not sent again', async () => {
    const { clock, slack, deliver } = await aNotifier({ around: losingAnswers(1) });
    const first = await deliver(ALERT);
    expect(first).toMatchObject({ done: [], toldCount: 0 });
    expect((await deliver(ALERT)).done).toEqual([]);
    await clock.run(clock.sleep(60_000));
    expect(await deliver(ALERT)).toMatchObject({ done: [{ alertId, sequence: 1 }], repeatedCount: 0 });
    expect(slack.messages).toHaveLength(1);
  });

  it('that cannot be looked for is sent once more, and says so', async () => {
    const { clock, slack, deliver } = await aNotifier({
      around: (fetch) => {
        const losing = losingAnswers(1)(fetch);
        return async (url, init) =>
          url.includes('conversations.')
            ? { status: 200, headers: { get: () => null }, text: async () => '{"ok":false,"error":"missing_scope"}' }
            : losing(url, init);
      },
    });
    await deliver(ALERT);
    await clock.run(clock.sleep(90_000));
    expect(await deliver(ALERT)).toMatchObject({ toldCount: 1, repeatedCount: 1 });
    expect(slack.messages.map(({ text }) => text.startsWith('May be a repeat'))).toEqual([false, true]);
  });
});

describe.each(['first-judgements', 'fold'] as const)(
  'a list of kind %s that has grown since its answer was lost',
  (kind) => {
    it('tells what joined it alone, where it had arrived', async () => {
      const { deliver, lapse, told, slack } = await aFatefulNotifier(['answer-lost']);
      expect((await deliver(listOf(kind, 2))).done).toEqual([]);
      await lapse();
      expect(await deliver(listOf(kind, 3))).toMatchObject({ toldCount: 1, repeatedCount: 0 });
      expect(told()).toMatchObject([
        { names: ['net-0', 'net-1'], isMarked: false },
        { names: ['net-2'], isMarked: false },
      ]);
      expect(slack.messages.map(({ threadTs }) => threadTs)).toEqual([undefined, slack.messages[0]?.ts]);
    });

    it('is told once, as possibly a repeat, where it had not arrived', async () => {
      const { deliver, lapse, told } = await aFatefulNotifier(['lost']);
      await deliver(listOf(kind, 2));
      await lapse();
      const { done, ...report } = await deliver(listOf(kind, 3));
      expect(done).toHaveLength(3);
      expect(report).toMatchObject({ toldCount: 1, repeatedCount: 1 });
      expect(told()).toMatchObject([{ names: ['net-0', 'net-1', 'net-2'], isMarked: true }]);
    });

    it('tells nothing twice, where it arrives after it was sent again in vain', async () => {
      const { deliver, lapse, letIn, told, slack } = await aFatefulNotifier(['late', 'lost']);
      await deliver(listOf(kind, 2));
      await lapse();
      await deliver(listOf(kind, 3));
      await letIn();
      await lapse();
      expect((await deliver(listOf(kind, 3))).done).toHaveLength(3);
      expect(told()).toMatchObject([
        { names: ['net-0', 'net-1'], isMarked: false },
        { names: ['net-2'], isMarked: true },
      ]);
      expect(slack.messages[1]?.threadTs).toBe(slack.messages[0]?.ts);
    });

    it('is not told alert by alert either, where it arrives after one of them was', async () => {
      const { deliver, lapse, letIn, told } = await aFatefulNotifier(['late', 'lost']);
      const alone = { kind: 'alert', ...pendingOf(0) } as const;
      await deliver(listOf(kind, 2));
      await lapse();
      await deliver(alone);
      await letIn();
      await lapse();
      expect(await deliver(alone)).toMatchObject({ done: [{ sequence: 1 }], toldCount: 0 });
      expect(told()).toMatchObject([{ names: ['net-0', 'net-1'], isMarked: false }]);
    });
  },
);

describe('posts whose answers were lost one after the other', () => {
  const opened = pendingOf(0);
  const acknowledged = aTransition(opened.alert, 'acknowledged');
  const both = { alert: acknowledged.alert, transitions: [opened.transitions[0], acknowledged] } as const;
  const last = { kind: 'alert', alert: acknowledged.alert, transitions: [acknowledged] } as const;

  /** Tells a list whose alert goes on before it is told again, both times without an answer, and lets in what is late. */
  async function toldInTwoSteps(fates: readonly Fate[]) {
    const notifier = await aFatefulNotifier(fates);
    const { deliver, lapse, letIn } = notifier;
    await deliver({ kind: 'first-judgements', digestId: 'd', alerts: [opened] });
    await lapse();
    await deliver({ kind: 'first-judgements', digestId: 'd', alerts: [both] });
    await letIn();
    await lapse();
    return notifier;
  }

  it('leave in doubt what only a later one tells, where the first is found', async () => {
    const { deliver, told } = await toldInTwoSteps(['late', 'lost']);
    expect(await deliver(last)).toMatchObject({ repeatedCount: 1 });
    expect(told().map(({ isMarked }) => isMarked)).toEqual([false, true]);
  });

  it('have told the furthest of what is found', async () => {
    const { deliver, told } = await toldInTwoSteps(['late', 'late']);
    expect(await deliver(last)).toMatchObject({ done: [{ sequence: 2 }], toldCount: 0 });
    expect(told()).toHaveLength(2);
  });

  it('are looked for by one look at their channel, and the first of them no more after some', async () => {
    const attemptCount = UNSURE_MAX + 2;
    const fates = Array.from({ length: attemptCount }, (): Fate => 'lost');
    const { deliver, lapse, historyCount, store } = await aFatefulNotifier(fates);
    for (let attempt = 1; attempt <= attemptCount; attempt += 1) {
      await deliver(listOf('fold', attempt));
      expect(historyCount()).toBe(attempt - 1);
      const record = (await store.readRecord(pendingOf(0).alert.alertId))?.record;
      expect(record?.lapsed).toHaveLength(Math.min(attempt - 1, UNSURE_MAX));
      await lapse();
    }
    expect(await deliver(listOf('fold', 1))).toMatchObject({ toldCount: 1, repeatedCount: 1 });
  });

  const step = fc.record({
    fate: fc.constantFrom(...FATES),
    count: fc.integer({ min: 1, max: 4 }),
    letsIn: fc.boolean(),
  });

  it('tell nothing that a message which shows has told, and lose nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: UNSURE_MAX }), async (steps) => {
        const { deliver, lapse, letIn, told } = await aFatefulNotifier(steps.map(({ fate }) => fate));
        // What had nothing to post left its fate to those after it.
        const healed = steps.map(() => ({ count: 4, letsIn: true }));
        for (const { count, letsIn } of [...steps, ...healed]) {
          await deliver(listOf('first-judgements', count));
          if (letsIn) {
            await letIn();
          }
          await lapse();
        }
        expect((await deliver(listOf('first-judgements', 4))).done).toHaveLength(4);
        for (const name of ['net-0', 'net-1', 'net-2', 'net-3']) {
          const tellers = told().filter(({ names }) => names.includes(name));
          expect(tellers).not.toEqual([]);
          const repeats = tellers.filter(
            ({ isLate, message: { post } }) =>
              !isLate && tellers.some(({ message }) => message.visibleFromMs < post.sentAtMs),
          );
          expect(repeats).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
