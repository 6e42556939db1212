import type { SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';

export type EntryFate = 'accepted' | 'failed' | 'sender-fault' | 'unmentioned';

export interface FakeSqs {
  readonly client: Pick<SQSClient, 'send'>;
  /** What each call asked for. */
  readonly calls: readonly (readonly SendMessageBatchRequestEntry[])[];
  /** What the queue took, in its order. */
  readonly accepted: readonly SendMessageBatchRequestEntry[];
}

/** A queue that answers each entry as it is told to, by its body and how often that body was sent before; it may throw. */
export function createFakeSqs(fateOf: (body: string, earlier: number) => EntryFate): FakeSqs {
  const calls: (readonly SendMessageBatchRequestEntry[])[] = [];
  const accepted: SendMessageBatchRequestEntry[] = [];
  const earlier = new Map<string, number>();
  const answer = async (command: unknown) => {
    if (!(command instanceof SendMessageBatchCommand)) {
      throw new Error('The fake queue knows SendMessageBatch only');
    }
    const entries = command.input.Entries ?? [];
    calls.push(entries);
    const fates = entries.map((entry) => {
      const body = entry.MessageBody ?? '';
      const count = earlier.get(body) ?? 0;
      earlier.set(body, count + 1);
      return { entry, fate: fateOf(body, count) };
    });
    accepted.push(...fates.filter(({ fate }) => fate === 'accepted').map(({ entry }) => entry));
    const of = (...wanted: readonly EntryFate[]) => fates.filter(({ fate }) => wanted.includes(fate));
    return {
      $metadata: {},
      Successful: of('accepted').map(({ entry }) => ({ Id: entry.Id, MessageId: 'm', MD5OfMessageBody: '' })),
      Failed: of('failed', 'sender-fault').map(({ entry, fate }) => ({
        Id: entry.Id,
        Code: fate === 'failed' ? 'InternalError' : 'InvalidMessageContents',
        SenderFault: fate === 'sender-fault',
      })),
    };
  };
  // The one command it knows is answered as SQS does; the others throw.
  return { client: { send: answer as SQSClient['send'] }, calls, accepted };
}
