import { SendMessageBatchCommand, type SendMessageBatchCommandOutput, type SQSClient } from '@aws-sdk/client-sqs';
import pLimit from 'p-limit';
import type { Clock } from '../aws/clock.ts';

export interface SqsPorts {
  readonly client: Pick<SQSClient, 'send'>;
  readonly clock: Clock;
  /** At least 0, less than 1. */
  readonly randomFraction: () => number;
  /** A name that no other call, here or elsewhere, ever returns. */
  readonly newId: () => string;
}

export interface OutgoingMessage {
  readonly body: string;
  readonly delaySeconds?: number;
  /** Of a FIFO queue. */
  readonly group?: { readonly groupId: string; readonly deduplicationId: string };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const BATCH_LENGTH_MAX = 10;
/** Of a batch and of a message. Queues take 1 MiB since 2025, those made before it a quarter of that: this is what all take. */
const BATCH_BYTES_MAX = 262_144;
const BATCHES_AT_ONCE = 8;
const ATTEMPTS_MAX = 5;
const WAIT_MS_FIRST = 100;

interface Entry {
  readonly id: string;
  readonly message: OutgoingMessage;
}

/** What a batch could not send, and why. */
interface Failure {
  readonly count: number;
  readonly code: string;
  readonly cause: unknown;
}

/**
 * Sends messages to a queue in batches, and resolves once SQS has accepted all of them. An entry that SQS reports as failed is
 * sent again, up to five times in all; throws an error that says how many messages SQS did not accept.
 *
 * Those of a group are accepted in their order: a batch holds one of each group, and the next one waits for it.
 */
export async function sendToSqs(sqs: SqsPorts, queueUrl: string, messages: readonly OutgoingMessage[]): Promise<void> {
  const batches = batchesOf(messages);
  const isOrdered = messages.some(({ group }) => group !== undefined);
  const failures = isOrdered ? await sendInOrder(sqs, queueUrl, batches) : await sendAtOnce(sqs, queueUrl, batches);
  if (failures.length === 0) {
    return;
  }
  const count = failures.reduce((total, failure) => total + failure.count, 0);
  const codes = [...new Set(failures.map(({ code }) => code))].join(', ');
  const cause = failures.find((failure) => failure.cause !== undefined)?.cause;
  throw new Error(`Cannot send ${count} of ${messages.length} messages to "${queueUrl}": ${codes}`, { cause });
}

function batchesOf(messages: readonly OutgoingMessage[]): readonly (readonly Entry[])[] {
  const batches: Entry[][] = [];
  let groups = new Set<string>();
  let bytes = 0;
  for (const message of messages) {
    const { body, group } = message;
    const size = Buffer.byteLength(body);
    let batch = batches.at(-1);
    const isFull = batch?.length === BATCH_LENGTH_MAX || bytes + size > BATCH_BYTES_MAX;
    if (batch === undefined || isFull || (group !== undefined && groups.has(group.groupId))) {
      batch = [];
      batches.push(batch);
      groups = new Set();
      bytes = 0;
    }
    batch.push({ id: String(batch.length), message });
    bytes += size;
    if (group !== undefined) {
      groups.add(group.groupId);
    }
  }
  return batches;
}

async function sendInOrder(
  sqs: SqsPorts,
  queueUrl: string,
  batches: readonly (readonly Entry[])[],
): Promise<Failure[]> {
  for (const [index, batch] of batches.entries()) {
    const failures = await sendBatch(sqs, queueUrl, batch);
    if (failures.length > 0) {
      const rest = batches.slice(index + 1).reduce((total, { length }) => total + length, 0);
      return rest === 0 ? failures : [...failures, { count: rest, code: 'not sent after that', cause: undefined }];
    }
  }
  return [];
}

/** All of them end before it does: what goes on after an invocation is frozen halfway. */
async function sendAtOnce(sqs: SqsPorts, queueUrl: string, batches: readonly (readonly Entry[])[]): Promise<Failure[]> {
  const limit = pLimit(BATCHES_AT_ONCE);
  return (await Promise.all(batches.map((batch) => limit(() => sendBatch(sqs, queueUrl, batch))))).flat();
}

async function sendBatch(sqs: SqsPorts, queueUrl: string, batch: readonly Entry[]): Promise<Failure[]> {
  const refused: Failure[] = [];
  let unsent = batch;
  let code = '';
  for (let attempt = 0; attempt < ATTEMPTS_MAX && unsent.length > 0; attempt += 1) {
    if (attempt > 0) {
      // Half of the wait is by chance, so that functions that were throttled together come back one by one.
      await sqs.clock.sleep((WAIT_MS_FIRST * 2 ** (attempt - 1) * (1 + sqs.randomFraction())) / 2);
    }
    const answer = await attemptBatch(sqs, queueUrl, unsent);
    if ('cause' in answer) {
      return [...refused, { count: unsent.length, ...answer }];
    }
    const { accepted, faulty, lastCode } = readAnswer(answer);
    const rejected = unsent.filter(({ id }) => faulty.has(id));
    refused.push(...rejected.map(({ id }) => ({ count: 1, code: faulty.get(id) ?? '', cause: undefined })));
    unsent = unsent.filter(({ id }) => !accepted.has(id) && !faulty.has(id));
    code = lastCode;
  }
  return unsent.length === 0 ? refused : [...refused, { count: unsent.length, code, cause: undefined }];
}

async function attemptBatch(
  { client }: SqsPorts,
  queueUrl: string,
  entries: readonly Entry[],
): Promise<SendMessageBatchCommandOutput | Omit<Failure, 'count'>> {
  try {
    return await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries.map(toRequestEntry) }));
  } catch (cause) {
    // The SDK has tried again by itself. Thrown on once the other batches have ended, with its cause.
    return { code: cause instanceof Error ? cause.name : String(cause), cause };
  }
}

function toRequestEntry({ id, message: { body, delaySeconds, group } }: Entry) {
  return {
    Id: id,
    MessageBody: body,
    ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
    ...(group === undefined ? {} : { MessageGroupId: group.groupId, MessageDeduplicationId: group.deduplicationId }),
  };
}

interface BatchAnswer {
  readonly accepted: ReadonlySet<string | undefined>;
  /** Those that SQS will never accept as they are: their codes by id. */
  readonly faulty: ReadonlyMap<string | undefined, string>;
  readonly lastCode: string;
}

/** An entry of which the answer says nothing was not accepted: only a list with its id in it says so. */
function readAnswer({ Successful, Failed }: SendMessageBatchCommandOutput): BatchAnswer {
  const failed = (Failed ?? []).map(({ Id, Code, SenderFault }) => ({ Id, Code: Code ?? 'no code', SenderFault }));
  return {
    accepted: new Set((Successful ?? []).map(({ Id }) => Id)),
    faulty: new Map(failed.filter(({ SenderFault }) => SenderFault === true).map(({ Id, Code }) => [Id, Code])),
    lastCode: failed.at(-1)?.Code ?? 'no answer',
  };
}
