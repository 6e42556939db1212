import pLimit from 'p-limit';
import type * as z from 'zod/mini';
import { err, type Result } from '../domain/result.ts';
import type { Invocation } from './lambda-stack.ts';
import { type Message, messageFields } from './message-fields.ts';
import { parseMessage } from './parse-message.ts';
import type { Log, LogFields, MetricName, MetricValues } from './telemetry.ts';

export interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: { readonly MessageGroupId?: string | undefined };
}

export interface BatchRun<M extends Message, R> {
  readonly schema: z.ZodMiniType<M>;
  /**
   * `by-group`: the queue is FIFO. Groups run side by side, a group in order, and what follows a failure in its group waits for
   * the failure's next delivery. `none`: every message runs for itself.
   */
  readonly order: 'none' | 'by-group';
  /** Messages, or groups, that run at once. */
  readonly atOnce: number;
  /** `retry`: the message is to be delivered again, though the result counts. */
  readonly run: (message: M, invocation: Invocation) => Promise<{ readonly result: R; readonly retry: boolean }>;
  /** What the log says of a result. */
  readonly summaryOf: (result: R) => LogFields;
  /** Whether a result is nothing out of the ordinary: one line of the log tells all of these of a batch. */
  readonly isToldWithOthers?: (result: R) => boolean;
  /** What a result counts as, besides its message. */
  readonly metricOf?: (result: R) => MetricName;
  /** What is done once per share of a batch, after its runs. Where it throws, every message of the share has failed. */
  readonly afterBatch?: {
    readonly shareOf: (message: M) => string;
    readonly end: (share: readonly Done<M, R>[], invocation: Invocation) => Promise<void>;
  };
}

export interface Done<M, R> {
  readonly message: M;
  readonly result: R;
}

export interface Batch {
  readonly ended: Promise<void>;
  /** The ids of the messages that would have to be delivered again if nothing more were done. */
  failures(): readonly string[];
  metrics(): MetricValues;
}

/** `ran`: its share has not ended yet. */
type State = 'waiting' | 'refused' | 'failed' | 'retried' | 'ran' | 'handled';

interface Entry<M, R> {
  readonly record: QueueRecord;
  readonly log: Log;
  state: State;
  done: Done<M, R> | undefined;
  /** What is told of it with others. */
  told: string | undefined;
}

const METRIC_OF_STATE: Readonly<Record<State, MetricName>> = {
  waiting: 'MessagesFailed',
  refused: 'MessagesRefused',
  failed: 'MessagesFailed',
  retried: 'MessagesFailed',
  ran: 'MessagesFailed',
  handled: 'MessagesHandled',
};

/** Starts the work on a batch of a queue's messages. Each is run once at the most; what was not run has failed. */
export function startBatch<M extends Message, R>(
  records: readonly QueueRecord[],
  options: BatchRun<M, R>,
  invocation: Invocation,
): Batch {
  const entries = records.map((record): Entry<M, R> => {
    const log = invocation.log.with({ messageId: record.messageId });
    return { record, log, state: 'waiting', done: undefined, told: undefined };
  });
  const lanes = options.order === 'by-group' ? groupsOf(entries) : entries.map((entry) => [entry]);
  const laneLimit = pLimit(options.atOnce);
  const work = async () => {
    await Promise.all(lanes.map((lane) => laneLimit(() => runLane(lane, options, invocation))));
    await endShares(entries, options, invocation);
    const handled = entries.flatMap(({ state, told }) => (state === 'handled' && told !== undefined ? [told] : []));
    if (handled.length > 0) {
      invocation.log.info('Handled messages', { handled });
    }
  };
  return {
    ended: work(),
    failures: () => failuresOf(lanes),
    metrics: () => metricsOf(entries, options),
  };
}

/** What names no group is one group: nothing says that its order does not matter. */
function groupsOf<M, R>(entries: readonly Entry<M, R>[]): readonly (readonly Entry<M, R>[])[] {
  return [...Map.groupBy(entries, ({ record }) => record.attributes.MessageGroupId).values()];
}

async function runLane<M extends Message, R>(
  lane: readonly Entry<M, R>[],
  options: BatchRun<M, R>,
  invocation: Invocation,
): Promise<void> {
  for (const entry of lane) {
    if (invocation.signal.aborted) {
      entry.log.warn('Left a message for its next delivery: the time is nearly over');
      return;
    }
    await runEntry(entry, options, invocation);
    if (entry.state !== 'ran' && entry.state !== 'handled') {
      return;
    }
  }
}

async function runEntry<M extends Message, R>(
  entry: Entry<M, R>,
  options: BatchRun<M, R>,
  invocation: Invocation,
): Promise<void> {
  const message = parseBody(options.schema, entry.record.body);
  if (!message.ok) {
    entry.state = 'refused';
    entry.log.error('Refused a message', { reason: message.error });
    return;
  }
  const about = messageFields(message.value);
  const log = entry.log.with(about);
  try {
    const { result, retry } = await options.run(message.value, { ...invocation, log });
    entry.done = { message: message.value, result };
    const summary = options.summaryOf(result);
    if (retry) {
      entry.state = 'retried';
      log.warn('Left a message for its next delivery: what failed may pass', { summary });
      return;
    }
    entry.state = options.afterBatch === undefined ? 'handled' : 'ran';
    if (options.isToldWithOthers?.(result) === true) {
      entry.told = lineOf({ ...about, ...summary });
      return;
    }
    log.info('Handled a message', { summary });
  } catch (error) {
    // Whatever it is, it must not cost the other messages of the batch: this one is delivered again, then a dead letter.
    entry.state = 'failed';
    log.error('Cannot handle a message', { error });
  }
}

/** As a line of a list: names would be most of it. */
function lineOf(fields: LogFields): string {
  return Object.values(fields)
    .filter((value) => !(Array.isArray(value) && value.length === 0))
    .map(String)
    .join(' ');
}

function parseBody<M>(schema: z.ZodMiniType<M>, body: string): Result<M> {
  let input: unknown;
  try {
    input = JSON.parse(body);
  } catch {
    // What the parser says repeats the text: the length is all that is safe to tell.
    return err(`the message: it is ${body.length} characters that are no JSON, expected a map`);
  }
  return parseMessage(schema, input);
}

async function endShares<M extends Message, R>(
  entries: readonly Entry<M, R>[],
  { afterBatch }: BatchRun<M, R>,
  invocation: Invocation,
): Promise<void> {
  if (afterBatch === undefined) {
    return;
  }
  const ended = entries.flatMap((entry) => (entry.done === undefined ? [] : [{ entry, done: entry.done }]));
  const shares = Map.groupBy(ended, ({ done }) => afterBatch.shareOf(done.message));
  const ends = [...shares].map(async ([share, members]) => {
    try {
      await afterBatch.end(
        members.map(({ done }) => done),
        invocation,
      );
      for (const { entry } of members.filter(({ entry: { state } }) => state === 'ran')) {
        entry.state = 'handled';
      }
    } catch (error) {
      // As for a single message: the other shares stand, and what has not ended has failed.
      invocation.log.error('Cannot keep what a share of the batch came to', {
        share,
        messageIds: members.map(({ entry }) => entry.record.messageId),
        error,
      });
    }
  });
  await Promise.all(ends);
}

/** What follows a failure in its lane fails with it, or it would be overtaken. */
function failuresOf<M, R>(lanes: readonly (readonly Entry<M, R>[])[]): readonly string[] {
  const failed = lanes.flatMap((lane) => {
    const first = lane.findIndex(({ state }) => state !== 'handled');
    return first === -1 ? [] : lane.slice(first);
  });
  return [...new Set(failed.map(({ record }) => record.messageId))];
}

function metricsOf<M extends Message, R>(entries: readonly Entry<M, R>[], { metricOf }: BatchRun<M, R>): MetricValues {
  const counts = new Map<MetricName, number>([
    ['MessagesHandled', 0],
    ['MessagesFailed', 0],
    ['MessagesRefused', 0],
  ]);
  const count = (name: MetricName) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const { state, done } of entries) {
    count(METRIC_OF_STATE[state]);
    if (done !== undefined && metricOf !== undefined) {
      count(metricOf(done.result));
    }
  }
  return Object.fromEntries(counts);
}
