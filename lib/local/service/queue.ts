import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { QueueHost, QueueKind } from './queue-host.ts';
import { contentDeduplicationId, type HeldMessage, type OutgoingMessage, toSqsRecord } from './queue-message.ts';

// biome-ignore lint/suspicious/noConfusingVoidType: a Lambda handler that returns nothing is typed so.
export type QueueHandler = (event: SQSEvent) => Promise<SQSBatchResponse | void>;

export interface QueueOptions {
  readonly name: string;
  readonly kind: QueueKind;
  /** Most messages of one event; nothing is waited for, an event has what is there. */
  readonly batchSizeMax: number;
  /** Most events under way at once. */
  readonly concurrencyMax: number;
  /** How long after its receipt a message that failed is received again. */
  readonly visibilityTimeoutMs: number;
  /** How often a message is received before it is a dead letter. */
  readonly maxReceiveCount: number;
  readonly handler: QueueHandler;
}

export interface DeadLetter {
  readonly body: string;
  readonly receiveCount: number;
  /** What the handler threw last; `undefined` where it only named the message. */
  readonly cause: unknown;
}

export interface Queue {
  /** Resolves when the messages are accepted. All or none: an error names the message that is refused. */
  send(messages: readonly OutgoingMessage[]): Promise<void>;
  deadLetters(): readonly DeadLetter[];
  /** Sends the dead letters again, as new messages, and returns how many they were. */
  redrive(): number;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const DELAY_MS_MAX = 900_000;
const MESSAGE_BYTES_MAX = 1_048_576;
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html */
const DEDUPLICATION_MS = 5 * 60_000;

/**
 * Messages that are received one after the other: those of a FIFO group, or a single one of a standard queue. While some of
 * them are in flight the group is in no list, so that nothing of it is received meanwhile.
 */
interface Group {
  readonly key: string;
  readonly messages: HeldMessage[];
  visibleAtMs: number;
}

/** What a handler did not finish of a batch. */
interface BatchFailure {
  readonly failedIds: ReadonlySet<string>;
  readonly cause: unknown;
}

interface QueueState {
  readonly options: QueueOptions;
  readonly host: QueueHost;
  readonly groups: Map<string, Group>;
  /** Visible now, in the order in which they became so. */
  readonly ready: Group[];
  readonly deadLetters: { readonly message: HeldMessage; readonly cause: unknown }[];
  /** When each deduplication id may be used again. */
  readonly deduplication: Map<string, number>;
  runningCount: number;
  isPumpDue: boolean;
}

/** Makes a queue that hands what it is sent to its handler, as SQS and Lambda do: at least once. */
export function createQueue(options: QueueOptions, host: QueueHost): Queue {
  const queue: QueueState = {
    options,
    host,
    groups: new Map(),
    ready: [],
    deadLetters: [],
    deduplication: new Map(),
    runningCount: 0,
    isPumpDue: false,
  };
  const accept = (messages: readonly OutgoingMessage[]): void => {
    for (const message of messages) {
      checkMessage(options, message);
    }
    for (const message of messages) {
      hold(queue, message);
    }
    duePump(queue);
  };
  return {
    // A refused message is a rejection, as it is with SQS.
    send: async (messages) => accept(messages),
    deadLetters: () =>
      queue.deadLetters.map(({ message: { body, receiveCount }, cause }) => ({ body, receiveCount, cause })),
    redrive() {
      const letters = queue.deadLetters.splice(0);
      for (const { message } of letters) {
        const { body, groupId } = message;
        // An id of its own: the message that failed may have been sent within the last 5 minutes.
        const fifo = groupId === undefined ? {} : { groupId, deduplicationId: `redrive-${host.nextNumber()}` };
        hold(queue, { body, ...fifo });
      }
      duePump(queue);
      return letters.length;
    },
  };
}

function checkMessage(
  { name, kind }: QueueOptions,
  { body, delayMs, groupId, deduplicationId }: OutgoingMessage,
): void {
  const refuse = (problem: string): never => {
    throw new RangeError(`Cannot send a message to the queue "${name}": ${problem}`);
  };
  const bytes = Buffer.byteLength(body);
  if (bytes === 0 || bytes > MESSAGE_BYTES_MAX) {
    refuse(`it has ${bytes} bytes, expected 1 to ${MESSAGE_BYTES_MAX}`);
  }
  if (kind === 'fifo' ? delayMs !== undefined : groupId !== undefined || deduplicationId !== undefined) {
    refuse(kind === 'fifo' ? 'a FIFO queue takes no delay of a message' : 'a standard queue takes no group');
  }
  if (kind === 'fifo' && groupId === undefined) {
    refuse('a FIFO queue needs a group');
  }
  if (delayMs !== undefined && !(delayMs >= 0 && delayMs <= DELAY_MS_MAX)) {
    refuse(`its delay is ${delayMs} ms, expected 0 to ${DELAY_MS_MAX}`);
  }
}

function hold(queue: QueueState, { body, delayMs = 0, groupId, deduplicationId }: OutgoingMessage): void {
  const { options, host } = queue;
  const nowMs = host.clock.now();
  const id = options.kind === 'fifo' ? (deduplicationId ?? contentDeduplicationId(body)) : undefined;
  if (id !== undefined && isRepeat(queue, id, nowMs)) {
    return;
  }
  const sequenceNumber = host.nextNumber();
  const messageId = `${options.name}-${sequenceNumber}`;
  const message: HeldMessage = {
    messageId,
    body,
    groupId,
    deduplicationId: id,
    sequenceNumber,
    sentAtMs: nowMs,
    firstReceivedAtMs: undefined,
    receiveCount: 0,
  };
  const key = groupId ?? messageId;
  const known = queue.groups.get(key);
  if (known === undefined) {
    const group: Group = { key, messages: [message], visibleAtMs: nowMs + delayMs };
    queue.groups.set(key, group);
    show(queue, group);
  } else {
    known.messages.push(message);
  }
}

function isRepeat({ deduplication }: QueueState, id: string, nowMs: number): boolean {
  for (const [oldId, freeAtMs] of deduplication) {
    // In the order of sending, so the first that still holds ends it.
    if (freeAtMs > nowMs) {
      break;
    }
    deduplication.delete(oldId);
  }
  if (deduplication.has(id)) {
    return true;
  }
  deduplication.set(id, nowMs + DEDUPLICATION_MS);
  return false;
}

/** Makes a group ready, now or when its time has come. */
function show(queue: QueueState, group: Group): void {
  const { host } = queue;
  if (group.visibleAtMs <= host.clock.now()) {
    queue.ready.push(group);
    host.readyCount += 1;
    duePump(queue);
  } else {
    host.wakeAt(group.visibleAtMs, () => show(queue, group));
  }
}

/** Batches are made after whoever is sending has sent all. */
function duePump(queue: QueueState): void {
  if (!queue.isPumpDue) {
    queue.isPumpDue = true;
    queueMicrotask(() => {
      queue.isPumpDue = false;
      pump(queue);
    });
  }
}

function pump(queue: QueueState): void {
  const { options, host } = queue;
  while (queue.runningCount < options.concurrencyMax && queue.ready.length > 0) {
    const groups = takeGroups(queue);
    queue.runningCount += 1;
    host.inFlightCount += 1;
    void runBatch(queue, groups).then(() => {
      queue.runningCount -= 1;
      host.inFlightCount -= 1;
      pump(queue);
      host.checkSettled();
    });
  }
}

interface TakenGroup {
  readonly group: Group;
  readonly messages: readonly HeldMessage[];
}

function takeGroups(queue: QueueState): readonly TakenGroup[] {
  const { options, host, ready } = queue;
  const taken: TakenGroup[] = [];
  let room = options.batchSizeMax;
  while (room > 0 && ready.length > 0) {
    const [group] = ready.splice(host.chance.pick(options.kind, ready.length), 1);
    if (group === undefined) {
      break;
    }
    host.readyCount -= 1;
    const messages = group.messages.splice(0, room);
    room -= messages.length;
    taken.push({ group, messages });
  }
  return taken;
}

async function runBatch(queue: QueueState, taken: readonly TakenGroup[]): Promise<void> {
  const { options, host } = queue;
  const receivedAtMs = host.clock.now();
  const messages = taken.flatMap((each) => each.messages);
  for (const message of messages) {
    message.receiveCount += 1;
    message.firstReceivedAtMs ??= receivedAtMs;
  }
  const records = messages.map((message) => toSqsRecord(options.name, message));
  const failure = await handle(options, { Records: records });
  if (failure.failedIds.size > 0) {
    host.onFailure(options.name, failure.cause);
  }
  for (const { group, messages: received } of taken) {
    settle(queue, group, { received, receivedAtMs, failure });
  }
}

/** A handler that throws, or names a message that it was not given, has failed the whole batch. */
async function handle({ handler }: QueueOptions, event: SQSEvent): Promise<BatchFailure> {
  const all = new Set(event.Records.map(({ messageId }) => messageId));
  let response: SQSBatchResponse | undefined;
  try {
    response = (await handler(event)) ?? undefined;
  } catch (cause) {
    return { failedIds: all, cause };
  }
  // Returning nothing, or an empty list, is success. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
  const named = (response?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return { failedIds: named.every((id) => all.has(id)) ? new Set(named) : all, cause: undefined };
}

interface Received {
  readonly received: readonly HeldMessage[];
  readonly receivedAtMs: number;
  readonly failure: BatchFailure;
}

/** Forgets what was handled, and keeps the rest in its place for another receipt, or among the dead letters. */
function settle(queue: QueueState, group: Group, { received, receivedAtMs, failure }: Received): void {
  const { options, host } = queue;
  const again: HeldMessage[] = [];
  let visibleAtMs = receivedAtMs;
  for (const message of received) {
    if (failure.failedIds.has(message.messageId)) {
      if (message.receiveCount >= options.maxReceiveCount) {
        queue.deadLetters.push({ message, cause: failure.cause });
      } else {
        again.push(message);
        visibleAtMs = receivedAtMs + options.visibilityTimeoutMs;
      }
    } else if (host.chance.isDuplicated(options.kind, message.receiveCount)) {
      again.push(message);
    }
  }
  group.messages.unshift(...again);
  if (group.messages.length === 0) {
    queue.groups.delete(group.key);
  } else {
    group.visibleAtMs = visibleAtMs;
    show(queue, group);
  }
}
