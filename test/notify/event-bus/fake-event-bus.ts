import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { EventBusPorts } from '../../../lib/notify/event-bus/put-events.ts';
import { createInProcessEndpoint } from '../../aws/in-process-endpoint.ts';

export interface SentEntry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  readonly Time: number;
  readonly EventBusName?: string;
}

/** `not-reached`: the request fails as a whole; `answer-lost`: as well, after the bus took it. */
export type EntryFate = 'accepted' | 'failed' | 'unmentioned' | 'not-reached' | 'answer-lost';

export interface FakeEventBus {
  readonly ports: EventBusPorts;
  /** The same bus without the SDK, for suites of many thousand events. */
  readonly quickClient: EventBusPorts['client'];
  /** What each request asked for. */
  readonly requests: readonly (readonly SentEntry[])[];
  /** What the bus took, in its order. */
  readonly accepted: readonly SentEntry[];
  readonly sleptMs: readonly number[];
}

const ACCEPTED = { EventId: 'event-1' };
const FAILED = { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' };
const ANSWERS: Readonly<Record<EntryFate, object>> = {
  accepted: ACCEPTED,
  failed: FAILED,
  unmentioned: FAILED,
  'not-reached': FAILED,
  'answer-lost': ACCEPTED,
};

/** An event bus behind the real SDK that answers each entry as it is told to. */
export function createFakeEventBus(fateOf: (entry: SentEntry, requestNumber: number) => EntryFate): FakeEventBus {
  const requests: (readonly SentEntry[])[] = [];
  const accepted: SentEntry[] = [];
  const sleptMs: number[] = [];
  const answer = (entries: readonly SentEntry[]) => {
    requests.push(entries);
    const fates = entries.map((entry) => ({ entry, fate: fateOf(entry, requests.length) }));
    accepted.push(
      ...fates.filter(({ fate }) => fate === 'accepted' || fate === 'answer-lost').map(({ entry }) => entry),
    );
    return fates.some(({ fate }) => fate === 'not-reached' || fate === 'answer-lost')
      ? undefined
      : fates.filter(({ fate }) => fate !== 'unmentioned').map(({ fate }) => ANSWERS[fate]);
  };
  const { requestHandler } = createInProcessEndpoint(({ parameters }) => {
    // The client that is tested writes it; what it leaves out shows as a wrong entry.
    const answers = answer(parameters['Entries'] as readonly SentEntry[]);
    return answers === undefined
      ? { statusCode: 400, body: JSON.stringify({ __type: 'AccessDeniedException', message: 'no' }) }
      : { statusCode: 200, body: JSON.stringify({ FailedEntryCount: 0, Entries: answers }) };
  });
  const client = new EventBridgeClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
    requestHandler,
  });
  const clock = {
    sleep: async (durationMs: number) => {
      sleptMs.push(durationMs);
    },
  };
  const send = async ({ input }: { readonly input: object }) => {
    // As above.
    const answers = answer((input as { readonly Entries: readonly SentEntry[] }).Entries);
    if (answers === undefined) {
      throw new Error('no');
    }
    return { $metadata: {}, Entries: answers };
  };
  // The one command that it is sent is answered as the bus does.
  const quickClient: EventBusPorts['client'] = { send: send as EventBridgeClient['send'] };
  return {
    quickClient,
    ports: { client, clock, randomFraction: () => 0.5, busName: 'alerts' },
    requests,
    accepted,
    sleptMs,
  };
}
