import { type EventBridgeClient, PutEventsCommand, type PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import type { Instant } from '../../domain/fact.ts';
import { EVENT_SOURCE } from './event-names.ts';

export interface EventBusPorts {
  readonly client: Pick<EventBridgeClient, 'send'>;
  readonly clock: { sleep(durationMs: number): Promise<void> };
  /** At least 0, less than 1. */
  readonly randomFraction: () => number;
  /** The name or the ARN of the bus; `undefined` for the account's default one. */
  readonly busName: string | undefined;
}

export interface EventEntry {
  readonly detailType: string;
  /** JSON. */
  readonly detail: string;
  /** When what it tells of happened. */
  readonly at: Instant;
}

/** What did not get onto the bus, and why: an error's code, and its cause where it was thrown. */
export interface EventFailure {
  readonly code: string;
  readonly cause: unknown;
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const ENTRIES_MAX = 10;
/**
 * Of an entry, and here of a request. The bus takes more since 2026, targets do not all: this is what every one takes.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 */
export const ENTRY_BYTES_MAX = 262_144;
/** What the size of an entry counts for its time. */
const TIME_BYTES = 14;
const ATTEMPTS_MAX = 4;
const WAIT_MS_FIRST = 100;

/**
 * Puts events on a bus, in requests as large as it takes. Returns for each, in the order given, why it was not accepted, or
 * `undefined` where it was. What fails of a request is tried again alone, up to four times in all.
 */
export async function putEvents(
  ports: EventBusPorts,
  entries: readonly EventEntry[],
): Promise<readonly (EventFailure | undefined)[]> {
  const failures: (EventFailure | undefined)[] = [];
  for (const request of requestsOf(entries)) {
    failures.push(...(await putRequest(ports, request)));
  }
  return failures;
}

/** Returns how large an entry is as EventBridge counts. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
export function entryBytes({ detailType, detail }: EventEntry): number {
  return TIME_BYTES + Buffer.byteLength(EVENT_SOURCE + detailType) + Buffer.byteLength(detail);
}

function requestsOf(entries: readonly EventEntry[]): readonly (readonly EventEntry[])[] {
  const requests: EventEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entryBytes(entry);
    let request = requests.at(-1);
    if (request === undefined || request.length === ENTRIES_MAX || bytes + size > ENTRY_BYTES_MAX) {
      request = [];
      requests.push(request);
      bytes = 0;
    }
    request.push(entry);
    bytes += size;
  }
  return requests;
}

async function putRequest(
  ports: EventBusPorts,
  entries: readonly EventEntry[],
  attempt = 1,
): Promise<readonly (EventFailure | undefined)[]> {
  const failures = await attemptRequest(ports, entries);
  const failed = entries.filter((_, index) => failures[index] !== undefined);
  // The SDK has tried again by itself what was thrown.
  const isOver = attempt === ATTEMPTS_MAX || failures.some((failure) => failure?.cause !== undefined);
  if (failed.length === 0 || isOver) {
    return failures;
  }
  // Half of the wait is by chance, so that functions that were throttled together come back one by one.
  await ports.clock.sleep((WAIT_MS_FIRST * 2 ** (attempt - 1) * (1 + ports.randomFraction())) / 2);
  const again = (await putRequest(ports, failed, attempt + 1)).values();
  return failures.map((failure) => (failure === undefined ? undefined : again.next().value));
}

async function attemptRequest(
  { client, busName }: EventBusPorts,
  entries: readonly EventEntry[],
): Promise<readonly (EventFailure | undefined)[]> {
  const Entries = entries.map(({ detailType, detail, at }) => ({
    Source: EVENT_SOURCE,
    DetailType: detailType,
    Detail: detail,
    Time: new Date(at),
    ...(busName === undefined ? {} : { EventBusName: busName }),
  }));
  try {
    const answer = await client.send(new PutEventsCommand({ Entries }));
    return entries.map((_, index) => failureAt(answer, index));
  } catch (cause) {
    // What became of the entries is not known: they count as not accepted.
    const failure = { code: cause instanceof Error ? cause.name : String(cause), cause };
    return entries.map(() => failure);
  }
}

/** Only an id says that an entry was accepted; answers stand in the order of the entries. */
function failureAt({ Entries }: PutEventsCommandOutput, index: number): EventFailure | undefined {
  const answer = Entries?.[index];
  return answer?.EventId === undefined ? { code: answer?.ErrorCode ?? 'no answer', cause: undefined } : undefined;
}
