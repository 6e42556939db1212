import * as z from 'zod/mini';
import type { Block } from './block-kit.ts';

/** Time and chance as posting sees them, so that tests can replay both. */
export interface NotifyClock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Resolves after `durationMs`; rejects once the signal is aborted. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** As much of `fetch` as is used. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchAnswer>;

export interface FetchInit {
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly signal: AbortSignal;
}

export interface FetchAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/**
 * What came of a call.
 * - `rate-limited`, `refused`: Slack did not do it.
 * - `answer-lost`: it may have been done, or be done yet.
 */
export type SlackOutcome<T> =
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'rate-limited'; readonly retryAfterMs: number }
  /** `error` is Slack's own code, such as `channel_not_found`. */
  | { readonly state: 'refused'; readonly error: string }
  | { readonly state: 'answer-lost'; readonly reason: string };

export interface PostInput {
  /** Its id. A name with "#" is taken here as well, and nowhere else. */
  readonly channelId: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The first message of the thread that it goes to; `undefined` begins one. */
  readonly threadTs: string | undefined;
  /** Whether a reply is shown in the channel too. */
  readonly isBroadcast: boolean;
  readonly key: string;
}

export interface PostedMessage {
  readonly ts: string;
  /** The id of the channel that it went to. */
  readonly channelId: string;
}

export interface UpdateInput {
  readonly channelId: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly key: string;
}

export interface HistoryInput {
  readonly channelId: string;
  readonly threadTs: string | undefined;
  /** Messages before are not looked at. */
  readonly oldestMs: number;
  readonly cursor: string | undefined;
}

export interface HistoryPage {
  readonly messages: readonly HistoryMessage[];
  readonly nextCursor: string | undefined;
}

export interface HistoryMessage {
  readonly ts: string;
  /** The key that was posted with it; `undefined` where another app or a person wrote it. */
  readonly key: string | undefined;
}

export interface UploadInput {
  readonly channelId: string;
  readonly threadTs: string;
  readonly fileName: string;
  readonly title: string;
  /** What the picture shows, for those who do not see it. */
  readonly altText: string;
  readonly bytes: Uint8Array;
}

/** A client of Slack's Web API. No call is tried again here: only who calls knows what may be done twice. */
export interface SlackClient {
  /** https://docs.slack.dev/reference/methods/chat.postMessage */
  post(input: PostInput): Promise<SlackOutcome<PostedMessage>>;
  /** https://docs.slack.dev/reference/methods/chat.update */
  update(input: UpdateInput): Promise<SlackOutcome<undefined>>;
  /** https://docs.slack.dev/reference/methods/conversations.history and https://docs.slack.dev/reference/methods/conversations.replies */
  history(input: HistoryInput): Promise<SlackOutcome<HistoryPage>>;
  /** https://docs.slack.dev/messaging/working-with-files#uploading_files */
  upload(input: UploadInput): Promise<SlackOutcome<undefined>>;
}

export interface SlackClientOptions {
  readonly fetch: Fetch;
  readonly clock: NotifyClock;
  /** Asked at each call: it may be rotated meanwhile. */
  readonly botToken: () => Promise<string>;
}

/** After so long without an answer a call is given up. */
export const CALL_TIMEOUT_MS = 10_000;
const API_ORIGIN = 'https://slack.com/api/';
/** Slack recommends no more. https://docs.slack.dev/reference/methods/conversations.replies */
export const HISTORY_PAGE_SIZE = 200;
export const METADATA_EVENT_TYPE = 'elbowroom_notification';
const MS_PER_SECOND = 1_000;
/** Slack says how long to wait; where it does not, a minute, the window that its limits count in. https://docs.slack.dev/apis/web-api/rate-limits */
const RETRY_AFTER_DEFAULT_MS = 60_000;
/** Of these Slack says that something may have been done. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const UNCERTAIN_ERRORS: readonly string[] = ['internal_error', 'fatal_error', 'request_timeout', 'service_unavailable'];
const RATE_LIMIT_ERRORS: readonly string[] = ['ratelimited', 'rate_limited'];

const ANSWER = z.looseObject({ ok: z.boolean(), error: z.optional(z.string()) });
const POSTED = z.looseObject({ ts: z.string(), channel: z.string() });
const HISTORY = z.looseObject({
  messages: z.array(
    z.looseObject({
      ts: z.string(),
      metadata: z.optional(
        z.looseObject({ event_type: z.optional(z.string()), event_payload: z.optional(z.looseObject({})) }),
      ),
    }),
  ),
  response_metadata: z.optional(z.looseObject({ next_cursor: z.optional(z.string()) })),
});
const UPLOAD_URL = z.looseObject({ upload_url: z.string(), file_id: z.string() });

export function createSlackClient(options: SlackClientOptions): SlackClient {
  return {
    async post({ channelId, text, blocks, threadTs, isBroadcast, key }) {
      const outcome = await callJson(options, 'chat.postMessage', {
        ...messageBody({ channelId, text, blocks, key }),
        ...(threadTs === undefined ? {} : { thread_ts: threadTs, reply_broadcast: isBroadcast }),
      });
      return parsed(outcome, POSTED, ({ ts, channel }) => ({ ts, channelId: channel }));
    },
    async update({ ts, ...input }) {
      return parsed(
        await callJson(options, 'chat.update', { ...messageBody(input), ts }),
        z.unknown(),
        () => undefined,
      );
    },
    async history({ channelId, threadTs, oldestMs, cursor }) {
      const method = threadTs === undefined ? 'conversations.history' : 'conversations.replies';
      const outcome = await callForm(options, method, {
        channel: channelId,
        ...(threadTs === undefined ? {} : { ts: threadTs }),
        oldest: timestampText(oldestMs),
        inclusive: 'true',
        include_all_metadata: 'true',
        limit: String(HISTORY_PAGE_SIZE),
        ...(cursor === undefined ? {} : { cursor }),
      });
      return parsed(outcome, HISTORY, toHistoryPage);
    },
    upload: (input) => upload(options, input),
  };
}

/** The key of a message that was posted by this application, as its metadata have it. */
function keyOf(metadata: z.infer<typeof HISTORY>['messages'][number]['metadata']): string | undefined {
  const key = metadata?.event_type === METADATA_EVENT_TYPE ? metadata.event_payload?.['key'] : undefined;
  return typeof key === 'string' ? key : undefined;
}

function toHistoryPage({ messages, response_metadata: next }: z.infer<typeof HISTORY>): HistoryPage {
  return {
    messages: messages.map(({ ts, metadata }) => ({ ts, key: keyOf(metadata) })),
    // Slack writes an empty cursor on the last page.
    nextCursor: next?.next_cursor === '' ? undefined : next?.next_cursor,
  };
}

function messageBody({ channelId, text, blocks, key }: Omit<UpdateInput, 'ts'>): Readonly<Record<string, unknown>> {
  return {
    channel: channelId,
    text,
    ...(blocks.length === 0 ? {} : { blocks }),
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: METADATA_EVENT_TYPE, event_payload: { key } },
  };
}

async function upload(options: SlackClientOptions, input: UploadInput): Promise<SlackOutcome<undefined>> {
  const place = parsed(
    await callForm(options, 'files.getUploadURLExternal', {
      filename: input.fileName,
      length: String(input.bytes.length),
      alt_txt: input.altText,
    }),
    UPLOAD_URL,
    (value) => value,
  );
  if (place.state !== 'done') {
    return place;
  }
  const { upload_url: url, file_id: fileId } = place.value;
  if (!url.startsWith('https://')) {
    return { state: 'refused', error: 'upload_url_not_https' };
  }
  const sent = await send(options, url, { 'content-type': 'application/octet-stream' }, input.bytes);
  if (sent.state !== 'done') {
    return sent;
  }
  const completed = await callJson(options, 'files.completeUploadExternal', {
    files: [{ id: fileId, title: input.title }],
    channel_id: input.channelId,
    thread_ts: input.threadTs,
  });
  return parsed(completed, z.unknown(), () => undefined);
}

async function callJson(
  options: SlackClientOptions,
  method: string,
  body: Readonly<Record<string, unknown>>,
): Promise<SlackOutcome<unknown>> {
  return call(options, method, 'application/json; charset=utf-8', JSON.stringify(body));
}

async function callForm(
  options: SlackClientOptions,
  method: string,
  body: Readonly<Record<string, string>>,
): Promise<SlackOutcome<unknown>> {
  return call(options, method, 'application/x-www-form-urlencoded', new URLSearchParams(body).toString());
}

async function call(
  options: SlackClientOptions,
  method: string,
  contentType: string,
  body: string,
): Promise<SlackOutcome<unknown>> {
  const headers = { 'content-type': contentType, authorization: `Bearer ${await options.botToken()}` };
  const sent = await send(options, API_ORIGIN + method, headers, body);
  return sent.state === 'done' ? readAnswer(sent.value) : sent;
}

/** Sends a request and judges its status; the value is what it answered. */
export async function send(
  { fetch, clock }: Pick<SlackClientOptions, 'fetch' | 'clock'>,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
): Promise<SlackOutcome<string>> {
  const answer = await withTimeout(clock, async (signal) => {
    const { status, headers: answered, text } = await answerOf(fetch(url, { method: 'POST', headers, body, signal }));
    return { status, retryAfter: answered.get('retry-after'), text };
  });
  if (!answer.ok) {
    return { state: 'answer-lost', reason: answer.reason };
  }
  const { status, retryAfter, text } = answer.value;
  if (status === TOO_MANY_REQUESTS) {
    return { state: 'rate-limited', retryAfterMs: retryAfterMs(retryAfter) };
  }
  if (status >= SERVER_ERRORS_FROM) {
    return { state: 'answer-lost', reason: `HTTP ${status}` };
  }
  return status >= CLIENT_ERRORS_FROM
    ? { state: 'refused', error: text.trim().slice(0, ERROR_LENGTH_MAX) || `http_${status}` }
    : { state: 'done', value: text };
}

const TOO_MANY_REQUESTS = 429;
const CLIENT_ERRORS_FROM = 400;
const SERVER_ERRORS_FROM = 500;
const ERROR_LENGTH_MAX = 100;

async function answerOf(
  request: Promise<FetchAnswer>,
): Promise<Pick<FetchAnswer, 'status' | 'headers'> & { text: string }> {
  const answer = await request;
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

type Timed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

async function withTimeout<T>(clock: NotifyClock, act: (signal: AbortSignal) => Promise<T>): Promise<Timed<T>> {
  const given = new AbortController();
  const timer = new AbortController();
  const timeout = clock.sleep(CALL_TIMEOUT_MS, timer.signal).then(
    (): Timed<T> => ({ ok: false, reason: `no answer within ${CALL_TIMEOUT_MS / MS_PER_SECOND} seconds` }),
    // The timer is stopped once there is an answer; nobody waits for it then.
    (): Timed<T> => ({ ok: false, reason: 'the timer was stopped' }),
  );
  const answer = act(given.signal).then(
    (value): Timed<T> => ({ ok: true, value }),
    // Whatever a connection fails with, the request may have arrived.
    (cause: unknown): Timed<T> => ({ ok: false, reason: cause instanceof Error ? cause.name : 'no connection' }),
  );
  const first = await Promise.race([answer, timeout]);
  timer.abort();
  given.abort();
  return first;
}

function retryAfterMs(header: string | null): number {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * MS_PER_SECOND) : RETRY_AFTER_DEFAULT_MS;
}

function readAnswer(text: string): SlackOutcome<unknown> {
  const body = jsonOf(text);
  const answer = ANSWER.safeParse(body);
  if (!answer.success) {
    return { state: 'answer-lost', reason: 'an answer that is not Slack’s' };
  }
  const { ok, error = 'unknown_error' } = answer.data;
  if (ok) {
    return { state: 'done', value: body };
  }
  if (RATE_LIMIT_ERRORS.includes(error)) {
    return { state: 'rate-limited', retryAfterMs: RETRY_AFTER_DEFAULT_MS };
  }
  return UNCERTAIN_ERRORS.includes(error) ? { state: 'answer-lost', reason: error } : { state: 'refused', error };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      return undefined;
    }
    throw cause;
  }
}

function parsed<T, U>(
  outcome: SlackOutcome<unknown>,
  schema: z.ZodMiniType<T>,
  then: (value: T) => U,
): SlackOutcome<U> {
  if (outcome.state !== 'done') {
    return outcome;
  }
  const value = schema.safeParse(outcome.value);
  return value.success
    ? { state: 'done', value: then(value.data) }
    : { state: 'answer-lost', reason: 'an answer without what it should have' };
}

/** Seconds with six decimals, as Slack writes the time of a message. */
function timestampText(ms: number): string {
  return (ms / MS_PER_SECOND).toFixed(6);
}
