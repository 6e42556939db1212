import type { SQSEvent, SQSRecord } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueueHandler, QueueOptions } from '../../../lib/local/service/queue.ts';
import { createQueues } from '../../../lib/local/service/queues.ts';
import { createFakeClock, settle } from '../../aws/fake-clock.ts';
import { drain } from './drain.ts';

const VISIBILITY_TIMEOUT_MS = 30_000;
const DEDUPLICATION_MS = 300_000;

function standardQueue(handler: QueueHandler, options: Partial<QueueOptions> = {}): QueueOptions {
  return {
    name: 'scan-target',
    kind: 'standard',
    batchSizeMax: 10,
    concurrencyMax: 4,
    visibilityTimeoutMs: VISIBILITY_TIMEOUT_MS,
    maxReceiveCount: 3,
    handler,
    ...options,
  };
}

function fifoQueue(handler: QueueHandler, options: Partial<QueueOptions> = {}): QueueOptions {
  return standardQueue(handler, { name: 'judge-vpc.fifo', kind: 'fifo', ...options });
}

interface Receipt {
  readonly body: string;
  readonly receiveCount: number;
  readonly atMs: number;
}

/** Notes every receipt; a body is failed as often as `failures` says. */
function scriptedHandler(nowMs: () => number, failures: ReadonlyMap<string, number> = new Map()) {
  const receipts: Receipt[] = [];
  const handler = async ({ Records }: SQSEvent) => {
    await settle();
    const failed = Records.filter((record) => {
      const receiveCount = Number(record.attributes.ApproximateReceiveCount);
      receipts.push({ body: record.body, receiveCount, atMs: nowMs() });
      return receiveCount <= (failures.get(record.body) ?? 0);
    });
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
  return { receipts, handler };
}

interface ExpectedReceipts {
  readonly failureCount: number;
  readonly delayMs: number;
  readonly maxReceiveCount: number;
  readonly duplicateProbability: number;
}

/** What a message that was sent at 0 ms may look like from outside. */
function expectReceipts(receipts: readonly Receipt[], expected: ExpectedReceipts): void {
  const { failureCount, delayMs, maxReceiveCount, duplicateProbability } = expected;
  const count = Math.min(failureCount + 1, maxReceiveCount);
  // Only a first receipt is ever repeated without need.
  const mayBeRepeated = failureCount === 0 && duplicateProbability > 0;
  const mustBeRepeated = failureCount === 0 && duplicateProbability === 1;
  expect(receipts.length).toBeGreaterThanOrEqual(mustBeRepeated ? count + 1 : count);
  expect(receipts.length).toBeLessThanOrEqual(mayBeRepeated ? count + 1 : count);
  for (const [attempt, { atMs, receiveCount }] of receipts.entries()) {
    expect(receiveCount).toBe(attempt + 1);
    expect(atMs).toBeGreaterThanOrEqual(delayMs + Math.min(attempt, failureCount) * VISIBILITY_TIMEOUT_MS);
  }
}

describe('a standard queue', () => {
  it('hands over what was sent, in batches of what is there, in the order sent', async () => {
    const clock = createFakeClock();
    const batches: string[][] = [];
    const queues = createQueues({ clock });
    const queue = queues.add(
      standardQueue(async ({ Records }) => void batches.push(Records.map(({ body }) => body)), { batchSizeMax: 2 }),
    );
    await queue.send(['a', 'b', 'c'].map((body) => ({ body })));
    await queues.idle();
    expect(batches).toEqual([['a', 'b'], ['c']]);
  });

  it('gives records the shape of the real event', async () => {
    const clock = createFakeClock(1_000);
    const records: SQSRecord[] = [];
    const queues = createQueues({ clock });
    const queue = queues.add(standardQueue(async ({ Records }) => void records.push(...Records)));
    await queue.send([{ body: '{"a":1}', delayMs: 500 }]);
    await drain(queues, clock);
    expect(records).toEqual([
      {
        messageId: 'scan-target-1',
        receiptHandle: 'scan-target-1#1',
        body: '{"a":1}',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: '1000',
          SenderId: '000000000000',
          ApproximateFirstReceiveTimestamp: '1500',
        },
        messageAttributes: {},
        // printf '{"a":1}' | md5sum
        md5OfBody: 'bb6cb5c68df4652941caf652a366f2d8',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:local:000000000000:scan-target',
        awsRegion: 'local',
      },
    ]);
  });

  it('hides a delayed message until its time', async () => {
    const clock = createFakeClock();
    const { receipts, handler } = scriptedHandler(clock.now);
    const queues = createQueues({ clock });
    await queues.add(standardQueue(handler)).send([{ body: 'late', delayMs: 60_000 }]);
    await clock.advance(59_999);
    expect(receipts).toEqual([]);
    await clock.advance(1);
    await queues.idle();
    expect(receipts).toMatchObject([{ body: 'late', receiveCount: 1 }]);
  });

  it('wakes for the earliest message, whatever was sent first', async () => {
    const clock = createFakeClock(0);
    const { receipts, handler } = scriptedHandler(clock.now);
    const queues = createQueues({ clock });
    const queue = queues.add(standardQueue(handler));
    for (const [body, delayMs] of [
      ['third', 300],
      ['first', 100],
      ['second', 200],
    ] as const) {
      await queue.send([{ body, delayMs }]);
    }
    await drain(queues, clock);
    expect(receipts.map(({ body, atMs }) => [body, atMs])).toEqual([
      ['first', 100],
      ['second', 200],
      ['third', 300],
    ]);
  });

  it('delivers what failed again when its visibility timeout has passed, and only that', async () => {
    const clock = createFakeClock(0);
    const { receipts, handler } = scriptedHandler(clock.now, new Map([['b', 1]]));
    const queues = createQueues({ clock });
    await queues.add(standardQueue(handler)).send([{ body: 'a' }, { body: 'b' }]);
    await queues.settled();
    await clock.advance(VISIBILITY_TIMEOUT_MS - 1);
    expect(receipts.map(({ body }) => body)).toEqual(['a', 'b']);
    await clock.advance(1);
    await queues.idle();
    expect(receipts.slice(2)).toEqual([{ body: 'b', receiveCount: 2, atMs: VISIBILITY_TIMEOUT_MS }]);
  });

  it.each<[string, QueueHandler]>([
    ['throws', () => Promise.reject(new Error('no answer'))],
    ['names a message that it was not given', async () => ({ batchItemFailures: [{ itemIdentifier: 'other' }] })],
    ['names a message without an id', async () => ({ batchItemFailures: [{ itemIdentifier: '' }] })],
  ])('takes the whole batch for failed where the handler %s', async (_, failing) => {
    const clock = createFakeClock();
    const failed: string[] = [];
    const queues = createQueues({ clock, onFailure: (name) => void failed.push(name) });
    const queue = queues.add(standardQueue(failing));
    await queue.send([{ body: 'a' }, { body: 'b' }]);
    await drain(queues, clock);
    expect(queue.deadLetters().map(({ body, receiveCount }) => [body, receiveCount])).toEqual([
      ['a', 3],
      ['b', 3],
    ]);
    expect(failed).toEqual(['scan-target', 'scan-target', 'scan-target']);
  });

  it('sends dead letters again as new messages', async () => {
    const clock = createFakeClock();
    let isBroken = true;
    const handled: string[] = [];
    const queues = createQueues({ clock });
    const queue = queues.add(
      standardQueue(async ({ Records }) => {
        if (isBroken) {
          throw new Error('still broken');
        }
        handled.push(...Records.map(({ body, attributes }) => `${body} ${attributes.ApproximateReceiveCount}`));
      }),
    );
    await queue.send([{ body: 'a' }]);
    await drain(queues, clock);
    expect(queue.deadLetters()).toMatchObject([{ body: 'a', cause: { message: 'still broken' } }]);
    isBroken = false;
    expect(queue.redrive()).toBe(1);
    await queues.idle();
    expect(handled).toEqual(['a 1']);
    expect(queue.deadLetters()).toEqual([]);
  });

  it.each([
    ['an empty body', { body: '' }],
    ['a delay of more than 15 minutes', { body: 'a', delayMs: 900_001 }],
    ['a negative delay', { body: 'a', delayMs: -1 }],
    ['a group', { body: 'a', groupId: 'g' }],
    ['more than a mebibyte', { body: 'ä'.repeat(524_289) }],
  ])('refuses a message with %s, and the ones sent along', async (_, wrong) => {
    const clock = createFakeClock();
    const { receipts, handler } = scriptedHandler(clock.now);
    const queues = createQueues({ clock });
    const queue = queues.add(standardQueue(handler));
    await expect(queue.send([{ body: 'fine' }, wrong])).rejects.toThrow(/Cannot send .* "scan-target": /);
    await queues.idle();
    expect(receipts).toEqual([]);
  });

  it('takes what is at the edge of what SQS takes', async () => {
    const clock = createFakeClock(0);
    const { receipts, handler } = scriptedHandler(clock.now);
    const queues = createQueues({ clock });
    await queues.add(standardQueue(handler)).send([{ body: 'ä'.repeat(524_288), delayMs: 900_000 }]);
    await drain(queues, clock);
    expect(receipts).toMatchObject([{ atMs: 900_000 }]);
  });

  it('receives each message until it is handled or too often, in bounded batches, whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ failureCount: fc.nat(5), delayMs: fc.nat(100_000) }), { maxLength: 40 }),
        fc.record({
          batchSizeMax: fc.integer({ min: 1, max: 10 }),
          concurrencyMax: fc.integer({ min: 1, max: 4 }),
          maxReceiveCount: fc.integer({ min: 1, max: 4 }),
        }),
        fc.option(fc.record({ seed: fc.nat(), duplicateProbability: fc.constantFrom(0, 0.3, 1) }), { nil: undefined }),
        async (plan, limits, disorder) => {
          const clock = createFakeClock(0);
          const failures = new Map(plan.map(({ failureCount }, index) => [String(index), failureCount]));
          const scripted = scriptedHandler(clock.now, failures);
          let underWay = 0;
          let mostUnderWay = 0;
          let largestBatch = 0;
          const queues = createQueues({ clock, ...(disorder === undefined ? {} : { disorder }) });
          const queue = queues.add(
            standardQueue(async (event) => {
              underWay += 1;
              mostUnderWay = Math.max(mostUnderWay, underWay);
              largestBatch = Math.max(largestBatch, event.Records.length);
              const response = await scripted.handler(event);
              underWay -= 1;
              return response;
            }, limits),
          );
          await queue.send(plan.map(({ delayMs }, index) => ({ body: String(index), delayMs })));
          await drain(queues, clock);
          expect(largestBatch).toBeLessThanOrEqual(limits.batchSizeMax);
          expect(mostUnderWay).toBeLessThanOrEqual(limits.concurrencyMax);
          const dead = new Set(queue.deadLetters().map(({ body }) => body));
          for (const [index, message] of plan.entries()) {
            const body = String(index);
            const receipts = scripted.receipts.filter((receipt) => receipt.body === body);
            const duplicateProbability = disorder?.duplicateProbability ?? 0;
            expectReceipts(receipts, { ...message, maxReceiveCount: limits.maxReceiveCount, duplicateProbability });
            expect(dead.has(body)).toBe(message.failureCount >= limits.maxReceiveCount);
          }
        },
      ),
    );
  });

  it('mixes up messages by its seed, the same way each time', async () => {
    const orderOf = async (seed: number) => {
      const clock = createFakeClock();
      const { receipts, handler } = scriptedHandler(clock.now);
      const queues = createQueues({ clock, disorder: { seed, duplicateProbability: 0.5 } });
      await queues.add(standardQueue(handler)).send(Array.from({ length: 20 }, (_, index) => ({ body: `${index}` })));
      await queues.idle();
      return receipts.map(({ body }) => body);
    };
    const order = await orderOf(1);
    expect(await orderOf(1)).toEqual(order);
    expect(await orderOf(2)).not.toEqual(order);
    expect(order).not.toEqual(order.toSorted((a, b) => Number(a) - Number(b)));
    expect(order.length).toBeGreaterThan(20);
    expect(new Set(order).size).toBe(20);
  });

  it('finishes what is ready when it closes, and gives up what is delayed', async () => {
    const clock = createFakeClock();
    const { receipts, handler } = scriptedHandler(clock.now, new Map([['failing', 9]]));
    const queues = createQueues({ clock });
    const queue = queues.add(standardQueue(handler));
    await queue.send([{ body: 'ready' }, { body: 'failing' }, { body: 'delayed', delayMs: 1 }]);
    await queues.close();
    await clock.advance(1_000_000);
    expect(receipts.map(({ body }) => body)).toEqual(['ready', 'failing']);
    expect(clock.sleeperCount).toBe(0);
  });

  it('is idle only when what handlers send each other is handled too', async () => {
    const clock = createFakeClock();
    const queues = createQueues({ clock });
    const { receipts, handler } = scriptedHandler(clock.now);
    const second = queues.add(fifoQueue(handler));
    const first = queues.add(
      standardQueue(async ({ Records }) => {
        await settle();
        await second.send(Records.map(({ body }) => ({ body, groupId: body })));
      }),
    );
    await first.send([{ body: 'a' }, { body: 'b' }]);
    await queues.idle();
    expect(receipts.map(({ body }) => body)).toEqual(['a', 'b']);
  });
});

interface Handled {
  readonly group: string;
  readonly body: string;
}

/** Handles records as Lambda wants it of a FIFO queue: after a failure the rest of its group is not touched. */
function handleInOrder(records: readonly SQSRecord[], failureCountOf: (body: string) => number) {
  const failedGroups = new Set<string>();
  const failed: string[] = [];
  const handled: Handled[] = [];
  for (const { messageId, body, attributes } of records) {
    const group = attributes.MessageGroupId ?? '';
    if (failedGroups.has(group) || Number(attributes.ApproximateReceiveCount) <= failureCountOf(body)) {
      failedGroups.add(group);
      failed.push(messageId);
    } else {
      handled.push({ group, body });
    }
  }
  return { handled, failed };
}

describe('a FIFO queue', () => {
  it('keeps one batch of a group in flight, and the order of each group, whatever fails', async () => {
    const message = fc.record({ group: fc.constantFrom('g', 'h', 'i'), failureCount: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 30 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 3 }),
        async (plan, batchSizeMax, concurrencyMax) => {
          const clock = createFakeClock(0);
          const inFlight = new Set<string>();
          const ended: Handled[] = [];
          const queues = createQueues({ clock, disorder: { seed: 1, duplicateProbability: 1 } });
          const queue = queues.add(
            fifoQueue(
              async ({ Records }) => {
                const groups = new Set(Records.map(({ attributes }) => attributes.MessageGroupId ?? ''));
                for (const group of groups) {
                  expect(inFlight.has(group)).toBe(false);
                  inFlight.add(group);
                }
                await settle();
                const { handled, failed } = handleInOrder(Records, (body) => plan[Number(body)]?.failureCount ?? 0);
                ended.push(...handled);
                for (const group of groups) {
                  inFlight.delete(group);
                }
                return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
              },
              { batchSizeMax, concurrencyMax, maxReceiveCount: 1_000 },
            ),
          );
          await queue.send(plan.map(({ group }, index) => ({ body: String(index), groupId: group })));
          await drain(queues, clock);
          for (const group of ['g', 'h', 'i']) {
            const sent = [...plan.keys()].filter((index) => plan[index]?.group === group).map(String);
            expect(ended.filter((each) => each.group === group).map(({ body }) => body)).toEqual(sent);
          }
        },
      ),
    );
  });

  it('holds a group back behind a message that failed, and lets the others pass', async () => {
    const clock = createFakeClock(0);
    const { receipts, handler } = scriptedHandler(clock.now, new Map([['g1', 1]]));
    const queues = createQueues({ clock });
    const queue = queues.add(fifoQueue(handler, { batchSizeMax: 1 }));
    await queue.send(['g1', 'g2', 'h1'].map((body) => ({ body, groupId: body.slice(0, 1) })));
    await drain(queues, clock);
    expect(receipts.map(({ body, atMs }) => [body, atMs])).toEqual([
      ['g1', 0],
      ['h1', 0],
      ['g1', VISIBILITY_TIMEOUT_MS],
      ['g2', VISIBILITY_TIMEOUT_MS],
    ]);
  });

  it('goes on with a group when its first message is a dead letter', async () => {
    const clock = createFakeClock();
    const { receipts, handler } = scriptedHandler(clock.now, new Map([['g1', 9]]));
    const queues = createQueues({ clock });
    const queue = queues.add(fifoQueue(handler, { batchSizeMax: 1 }));
    await queue.send(['g1', 'g2'].map((body) => ({ body, groupId: 'g' })));
    await drain(queues, clock);
    expect(receipts.map(({ body }) => body)).toEqual(['g1', 'g1', 'g1', 'g2']);
    expect(queue.deadLetters()).toMatchObject([{ body: 'g1', receiveCount: 3 }]);
    queue.redrive();
    await drain(queues, clock);
    expect(receipts.length).toBe(4 + 3);
  });

  it('drops what has the id of a message of the last 5 minutes, by a model', async () => {
    const sending = fc.record({
      id: fc.constantFrom('x', 'y'),
      waitMs: fc.constantFrom(0, 1, 149_999, 150_000, 300_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(sending, { maxLength: 20 }), async (plan) => {
        const clock = createFakeClock(0);
        const { receipts, handler } = scriptedHandler(clock.now);
        const queues = createQueues({ clock });
        const queue = queues.add(fifoQueue(handler));
        const accepted: { readonly id: string; readonly body: string; readonly atMs: number }[] = [];
        for (const [index, { id, waitMs }] of plan.entries()) {
          await clock.advance(waitMs);
          const body = String(index);
          const atMs = clock.now();
          if (!accepted.some((before) => before.id === id && atMs - before.atMs < DEDUPLICATION_MS)) {
            accepted.push({ id, body, atMs });
          }
          await queue.send([{ body, groupId: 'g', deduplicationId: id }]);
        }
        await queues.idle();
        expect(receipts.map(({ body }) => body)).toEqual(accepted.map(({ body }) => body));
      }),
    );
  });

  it('knows a repeated body again where no id is given', async () => {
    const clock = createFakeClock();
    const { receipts, handler } = scriptedHandler(clock.now);
    const queues = createQueues({ clock });
    await queues.add(fifoQueue(handler)).send(['a', 'b', 'a'].map((body) => ({ body, groupId: 'g' })));
    await queues.idle();
    expect(receipts.map(({ body }) => body)).toEqual(['a', 'b']);
  });

  it.each([
    ['no group', { body: 'a' }],
    ['a delay of its own', { body: 'a', groupId: 'g', delayMs: 1 }],
  ])('refuses a message with %s', async (_, wrong) => {
    const queues = createQueues({ clock: createFakeClock() });
    const queue = queues.add(fifoQueue(async () => undefined));
    await expect(queue.send([wrong])).rejects.toThrow('Cannot send a message to the queue "judge-vpc.fifo": ');
  });
});
