import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JudgeVpcMessage } from '../../events/judge-vpc.ts';
import { ScanTargetMessage } from '../../events/scan-target.ts';
import { slotText } from '../../lib/audit/slot.ts';
import { type QueueFunction, queueFunction } from '../../lib/wiring/queue-function.ts';
import { createFakeClock, settle } from '../aws/fake-clock.ts';
import { createRecordingTelemetry } from './recording-telemetry.ts';

const MINUTE_MS = 60_000;
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => MINUTE_MS };

/** What becomes of a message when it is run; the last two never are. */
const FATES = ['done', 'retry', 'throws', 'no-json', 'wrong'] as const;
type Fate = (typeof FATES)[number];

interface Sent {
  readonly fate: Fate;
  readonly group: number;
  readonly hour: number;
}

function recordOf({ fate, group, hour }: Sent, index: number) {
  const slot = { kind: 'scan', at: `2026-11-23T0${hour}:00:00.000Z` };
  const target = { accountId: String(index).padStart(12, '0'), region: 'eu-central-1' };
  const message = fate === 'wrong' ? { slot, target } : { slot, target, purpose: 'observe' };
  return {
    messageId: `m${index}`,
    body: fate === 'no-json' ? '{"slot": ' : JSON.stringify(message),
    attributes: { MessageGroupId: `g${group}` },
  };
}

const indexOf = ({ target }: ScanTargetMessage) => Number(target.accountId);

interface World {
  readonly sent: readonly Sent[];
  readonly order: 'none' | 'by-group';
  readonly atOnce: number;
  /** Hours whose share cannot be kept. */
  readonly brokenHours: readonly number[];
}

/** Runs a batch and says what ran, in the order of the starts and of the ends, and what failed. */
async function runWorld({ sent, order, atOnce, brokenHours }: World, onRun: (runCount: number) => Promise<void>) {
  const started: number[] = [];
  const ended: number[] = [];
  const shares: { readonly slot: string; readonly indexes: readonly number[] }[] = [];
  const telemetry = createRecordingTelemetry();
  const clock = createFakeClock();
  let runningMost = 0;
  const handler = queueFunction<ScanTargetMessage, number>({
    name: 'scan-target',
    schema: ScanTargetMessage,
    telemetry,
    clock,
    order,
    atOnce,
    async run(message) {
      const index = indexOf(message);
      started.push(index);
      runningMost = Math.max(runningMost, started.length - ended.length);
      await onRun(started.length);
      ended.push(index);
      if (sent[index]?.fate === 'throws') {
        throw new Error(`no ${index}`);
      }
      return { result: index, retry: sent[index]?.fate === 'retry' };
    },
    summaryOf: (index) => ({ index }),
    afterBatch: {
      shareOf: ({ slot }) => slotText(slot),
      async end(share) {
        await settle();
        const [first] = share;
        const hour = Number(first?.message.slot.at.slice(12, 13));
        shares.push({
          slot: slotText(first?.message.slot ?? { kind: 'scan', at: '' }),
          indexes: share.map(({ result }) => result),
        });
        if (brokenHours.includes(hour)) {
          throw new Error('no ledger');
        }
      },
    },
  });
  const answer = await handler({ Records: sent.map(recordOf) }, context);
  const failed = answer.batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier.slice(1)));
  return { started, ended, shares, failed, runningMost, telemetry, clock };
}

const sentOf = (groupMax: number) =>
  fc.array(
    fc.record({
      fate: fc.constantFrom(...FATES),
      group: fc.nat({ max: groupMax }),
      hour: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 12 },
  );
const worlds = (order: World['order']) =>
  fc.record({
    sent: sentOf(3),
    order: fc.constant(order),
    atOnce: fc.integer({ min: 1, max: 4 }),
    brokenHours: fc.subarray([0, 1, 2]),
  });

const runs = (fate: Fate) => fate !== 'no-json' && fate !== 'wrong';
const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);
/** Some runs take longer than others. */
const uneven = async (runCount: number) => {
  for (let turn = 0; turn < runCount % 3; turn += 1) {
    await settle();
  }
};

describe('a batch of a standard queue', () => {
  it('runs every message that parses once, and reports exactly those that failed', async () => {
    await fc.assert(
      fc.asyncProperty(worlds('none'), async (world) => {
        const { started, failed, runningMost } = await runWorld(world, uneven);
        const { sent, brokenHours } = world;
        expect(sorted(started)).toEqual(indexesOf(sent, ({ fate }) => runs(fate)));
        expect(sorted(failed)).toEqual(
          indexesOf(sent, ({ fate, hour }) => fate !== 'done' || brokenHours.includes(hour)),
        );
        expect(runningMost).toBeLessThanOrEqual(world.atOnce);
      }),
    );
  });

  it('ends each share once, with all that came to a result', async () => {
    await fc.assert(
      fc.asyncProperty(worlds('none'), async (world) => {
        const { shares } = await runWorld(world, uneven);
        const expected = [0, 1, 2].flatMap((hour) => {
          const indexes = indexesOf(world.sent, (one) => one.hour === hour && ['done', 'retry'].includes(one.fate));
          return indexes.length === 0 ? [] : [{ slot: `scan/2026-11-23T0${hour}:00:00.000Z`, indexes }];
        });
        expect(shares.toSorted((a, b) => (a.slot < b.slot ? -1 : 1))).toEqual(expected);
      }),
    );
  });

  it('counts every message once', async () => {
    await fc.assert(
      fc.asyncProperty(worlds('none'), async (world) => {
        const { telemetry, failed } = await runWorld(world, uneven);
        const refused = world.sent.filter(({ fate }) => !runs(fate)).length;
        expect(telemetry.published).toEqual([
          {
            MessagesHandled: world.sent.length - failed.length,
            MessagesRefused: refused,
            MessagesFailed: failed.length - refused,
            Duration: 0,
          },
        ]);
      }),
    );
  });

  it('starts nothing more once the time is nearly over, and reports what it left', async () => {
    await fc.assert(
      fc.asyncProperty(worlds('none'), fc.integer({ min: 1, max: 12 }), async (world, lastRun) => {
        const clock = createFakeClock();
        const started: number[] = [];
        let startedLate = false;
        let isOver = false;
        const handler = queueFunction<ScanTargetMessage, number>({
          ...plainOptions(clock),
          atOnce: world.atOnce,
          async run(message, { signal }) {
            started.push(indexOf(message));
            startedLate ||= signal.aborted;
            if (started.length === lastRun) {
              await clock.advance(MINUTE_MS);
              isOver = signal.aborted;
            }
            return { result: indexOf(message), retry: world.sent[indexOf(message)]?.fate === 'retry' };
          },
        });
        const { batchItemFailures } = await handler({ Records: world.sent.map(recordOf) }, context);
        const failed = batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier.slice(1)));
        const ran = new Set(started);
        expect(ran.size).toBe(started.length);
        expect(startedLate).toBe(false);
        expect(isOver).toBe(started.length >= lastRun);
        expect(sorted(failed)).toEqual(indexesOf(world.sent, ({ fate }, index) => !ran.has(index) || fate === 'retry'));
      }),
    );
  });
});

/** What a FIFO queue's batch comes to, one message after the other. */
function fifoModel(sent: readonly Sent[]) {
  const blocked = new Set<number>();
  const ran: number[] = [];
  const failed: number[] = [];
  for (const [index, { fate, group }] of sent.entries()) {
    if (blocked.has(group)) {
      failed.push(index);
      continue;
    }
    if (runs(fate)) {
      ran.push(index);
    }
    if (fate !== 'done') {
      blocked.add(group);
      failed.push(index);
    }
  }
  return { ran, failed };
}

describe('a batch of a FIFO queue', () => {
  it('runs a group in order up to its first failure, and fails the rest of it unrun', async () => {
    await fc.assert(
      fc.asyncProperty(worlds('by-group'), async (world) => {
        const { started, ended, failed } = await runWorld({ ...world, brokenHours: [] }, uneven);
        const model = fifoModel(world.sent);
        expect(sorted(started)).toEqual(model.ran);
        expect(sorted(failed)).toEqual(model.failed);
        for (const group of [0, 1, 2, 3]) {
          const ofGroup = (index: number) => world.sent[index]?.group === group;
          const ran = model.ran.filter(ofGroup);
          expect(started.filter(ofGroup)).toEqual(ran);
          expect(ended.filter(ofGroup)).toEqual(ran);
        }
      }),
    );
  });

  it('runs two groups side by side, and never two messages of one', async () => {
    const sent = [0, 1, 0, 1].map((group): Sent => ({ fate: 'done', group, hour: 0 }));
    const both = await runWorld({ sent, order: 'by-group', atOnce: 2, brokenHours: [] }, () => settle());
    expect(both.started).toEqual([0, 1, 2, 3]);
    expect(both.runningMost).toBe(2);
    const one = await runWorld(
      { sent: sent.map((message) => ({ ...message, group: 0 })), order: 'by-group', atOnce: 2, brokenHours: [] },
      () => settle(),
    );
    expect(one.runningMost).toBe(1);
  });

  it('fails what follows a message whose share could not be kept', async () => {
    const sent = [0, 1, 2].map((hour): Sent => ({ fate: 'done', group: 0, hour }));
    const { started, failed } = await runWorld({ sent, order: 'by-group', atOnce: 1, brokenHours: [1] }, uneven);
    expect(started).toEqual([0, 1, 2]);
    expect(failed).toEqual([1, 2]);
  });

  it('takes messages without a group for one group', async () => {
    const handled: string[] = [];
    const handler = queueFunction<JudgeVpcMessage, undefined>({
      name: 'judge-vpc',
      schema: JudgeVpcMessage,
      telemetry: createRecordingTelemetry(),
      clock: createFakeClock(),
      order: 'by-group',
      atOnce: 4,
      run: async ({ vpc }) => {
        handled.push(vpc.vpcId);
        throw new Error('no');
      },
      summaryOf: () => ({}),
    });
    const body = (vpcId: string) =>
      JSON.stringify({
        vpc: { ownerId: '444455556666', region: 'eu-central-1', vpcId },
        viewerAccountId: '111122223333',
        slot: { kind: 'scan', at: '2026-11-23T08:00:00Z' },
      });
    const Records = ['vpc-1', 'vpc-2'].map((id) => ({ messageId: id, body: body(id), attributes: {} }));
    expect(await handler({ Records }, context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'vpc-1' }, { itemIdentifier: 'vpc-2' }],
    });
    expect(handled).toEqual(['vpc-1']);
  });
});

describe('what a queue function says', () => {
  it('names the message, its slot and its target on every line, and why it failed', async () => {
    const sent: Sent[] = FATES.map((fate) => ({ fate, group: 0, hour: 8 }));
    const { telemetry } = await runWorld({ sent, order: 'none', atOnce: 5, brokenHours: [] }, uneven);
    const lines = telemetry.lines.toSorted((a, b) =>
      String(a.fields['messageId']) < String(b.fields['messageId']) ? -1 : 1,
    );
    const about = (index: number) => ({
      requestId: 'request-1',
      messageId: `m${index}`,
      slot: 'scan/2026-11-23T08:00:00.000Z',
      accountId: String(index).padStart(12, '0'),
      region: 'eu-central-1',
    });
    expect(lines).toEqual([
      { level: 'info', message: 'Handled a message', fields: { ...about(0), summary: { index: 0 } } },
      {
        level: 'warn',
        message: 'Left a message for its next delivery: what failed may pass',
        fields: { ...about(1), summary: { index: 1 } },
      },
      { level: 'error', message: 'Cannot handle a message', fields: { ...about(2), error: new Error('no 2') } },
      {
        level: 'error',
        message: 'Refused a message',
        fields: {
          requestId: 'request-1',
          messageId: 'm3',
          reason: 'the message: it is 9 characters that are no JSON, expected a map',
        },
      },
      {
        level: 'error',
        message: 'Refused a message',
        fields: {
          requestId: 'request-1',
          messageId: 'm4',
          reason: '"purpose": it is absent, expected one of observe, retire',
        },
      },
    ]);
  });

  it('counts results beside messages, those of a repeated attempt too', async () => {
    const telemetry = createRecordingTelemetry();
    const handler = queueFunction<ScanTargetMessage, number>({
      ...plainOptions(createFakeClock()),
      telemetry,
      run: async (message) => ({ result: indexOf(message), retry: indexOf(message) === 1 }),
      metricOf: (index) => (index === 0 ? 'TargetsFinished' : 'TargetsFailed'),
    });
    const sent: Sent[] = [0, 1, 2].map(() => ({ fate: 'done', group: 0, hour: 8 }));
    await handler({ Records: sent.map(recordOf) }, context);
    expect(telemetry.published).toEqual([
      { MessagesHandled: 2, MessagesFailed: 1, MessagesRefused: 0, TargetsFinished: 1, TargetsFailed: 2, Duration: 0 },
    ]);
  });

  it.each([
    [{}, '"Records": it is absent, expected a list of messages'],
    ['x', 'the message: current value is "x", expected a batch of SQS'],
    [
      { Records: [{ messageId: '', body: '', attributes: {} }] },
      '"Records[0].messageId": current value is "", expected the id of a message',
    ],
  ])('throws for an event that is no batch: %j', async (event, reason) => {
    const telemetry = createRecordingTelemetry();
    const handler = queueFunction<ScanTargetMessage, number>({ ...plainOptions(createFakeClock()), telemetry });
    await expect(handler(event, context)).rejects.toThrow(`Cannot read the batch of scan-target: ${reason}`);
    expect(telemetry.published).toEqual([{ MessagesHandled: 0, MessagesFailed: 0, MessagesRefused: 1, Duration: 0 }]);
  });
});

describe('a queue function that does not end by itself', () => {
  it('answers with what is done, shortly before Lambda would kill it', async () => {
    const telemetry = createRecordingTelemetry();
    const never = new Promise<never>(() => undefined);
    const handler = queueFunction<ScanTargetMessage, number>({
      ...plainOptions(createFakeClock()),
      telemetry,
      run: async (message) => (indexOf(message) === 1 ? never : { result: indexOf(message), retry: false }),
    });
    const sent: Sent[] = [0, 1, 2].map(() => ({ fate: 'done', group: 0, hour: 8 }));
    // The last resort comes a second before the end: at once.
    const answer = await handler(
      { Records: sent.map(recordOf) },
      { ...context, getRemainingTimeInMillis: () => 1_020 },
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(telemetry.published).toEqual([{ MessagesHandled: 2, MessagesFailed: 1, MessagesRefused: 0, Duration: 0 }]);
    expect(telemetry.lines.at(-1)).toMatchObject({ level: 'error', fields: { requestId: 'request-1' } });
  });

  it('takes messages whose share is not kept for failed', async () => {
    const handler = queueFunction<ScanTargetMessage, number>({
      ...plainOptions(createFakeClock()),
      afterBatch: { shareOf: ({ slot }) => slot.at, end: () => new Promise(() => undefined) },
    });
    const sent: Sent[] = [{ fate: 'done', group: 0, hour: 8 }];
    const answer = await handler(
      { Records: sent.map(recordOf) },
      { ...context, getRemainingTimeInMillis: () => 1_020 },
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  });
});

function plainOptions(clock: ReturnType<typeof createFakeClock>): QueueFunction<ScanTargetMessage, number> {
  return {
    name: 'scan-target',
    schema: ScanTargetMessage,
    telemetry: createRecordingTelemetry(),
    clock,
    order: 'none',
    atOnce: 4,
    run: async (message) => ({ result: indexOf(message), retry: false }),
    summaryOf: (index) => ({ index }),
  };
}

function indexesOf(sent: readonly Sent[], predicate: (one: Sent, index: number) => boolean): number[] {
  return sent.flatMap((one, index) => (predicate(one, index) ? [index] : []));
}
