import { nextBelow, nextChance, type Random, randomOf } from '../../../lib/local/simulated-aws/build/random.ts';
import type { Fetch, FetchAnswer, FetchInit, NotifyClock } from '../../../lib/notify/slack/slack-client.ts';
import { blockKitProblems } from './block-kit-problems.ts';
import { createFakeFiles, type FakeFiles } from './fake-files.ts';

/** Slack as its documentation says it behaves, in this process, going wrong by a seed. */
export interface FakeSlack {
  readonly fetch: Fetch;
  readonly messages: FakeMessage[];
  readonly files: FakeFiles;
  /** Every request to post that arrived or was lost on the way. */
  readonly posts: readonly FakePost[];
  readonly historyFailureCount: () => number;
  readonly faultCount: () => number;
  /** What was sent that Slack would refuse for its form. */
  readonly problems: readonly string[];
  /** From then on everything goes well, but what is late still comes. */
  heal(): void;
}

export interface FakeMessage {
  /** The request that made it. */
  readonly post: FakePost;
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  readonly key: string;
  text: string;
  blocks: unknown;
  readonly acceptedAtMs: number;
  readonly visibleFromMs: number;
  /** Whether Slack's own doing made it a second time. */
  readonly isEcho: boolean;
}

export interface FakePost {
  readonly key: string;
  readonly sentAtMs: number;
  readonly isMarked: boolean;
  isAnswered: boolean;
}

export interface FakeSlackOptions {
  readonly seed: number;
  readonly clock: NotifyClock;
  /** 0 to 1: how often something goes wrong. */
  readonly faultProbability: number;
  readonly canReadHistory: boolean;
  readonly channels: readonly string[];
  /** Ids of channels by their names, `#name`. Only posting takes a name. */
  readonly channelNames?: Readonly<Record<string, string>>;
}

const MESSAGE_INTERVAL_MS = 1_000;
const HISTORY_DELAY_MAX_MS = 30_000;
const LATE_MAX_MS = 150_000;
const LATENCY_MAX_MS = 400;
const FAULTS = [
  'rate-limit',
  'error-before',
  'error-after',
  'no-answer-before',
  'no-answer-after',
  'late',
  'echo',
] as const;
type Fault = (typeof FAULTS)[number];

export function createFakeSlack({
  seed,
  clock,
  faultProbability,
  canReadHistory,
  channels,
  channelNames = {},
}: FakeSlackOptions): FakeSlack {
  const random: Random = randomOf(seed);
  const messages: FakeMessage[] = [];
  const posts: FakePost[] = [];
  const problems: string[] = [];
  const files = createFakeFiles({
    seed,
    faultProbability,
    channels,
    isRoot: (channel, at) =>
      messages.some(({ channel: of, ts, threadTs }) => of === channel && ts === at && threadTs === undefined),
  });
  const lastAcceptedMs = new Map<string, number>();
  let isHealed = false;
  let faults = 0;
  let historyFailures = 0;
  let count = 0;

  const drawFault = (): Fault | undefined => {
    if (isHealed || !nextChance(random, faultProbability)) {
      return undefined;
    }
    faults += 1;
    return FAULTS[nextBelow(random, FAULTS.length)];
  };

  const accept = (body: PostBody, post: FakePost, isEcho = false): FakeMessage => {
    count += 1;
    const acceptedAtMs = clock.now();
    const message: FakeMessage = {
      post,
      channel: body.channel,
      ts: `${Math.floor(acceptedAtMs / 1_000)}.${String(count).padStart(6, '0')}`,
      threadTs: body.thread_ts,
      key: body.metadata.event_payload.key,
      text: body.text,
      blocks: body.blocks,
      acceptedAtMs,
      visibleFromMs: acceptedAtMs + nextBelow(random, HISTORY_DELAY_MAX_MS),
      isEcho,
    };
    messages.push(message);
    return message;
  };

  const post = async (sent: PostBody, signal: AbortSignal): Promise<FetchAnswer> => {
    const body = { ...sent, channel: channelNames[sent.channel] ?? sent.channel };
    const entry: FakePost = {
      key: body.metadata.event_payload.key,
      sentAtMs: clock.now(),
      isMarked: body.text.startsWith('May be a repeat'),
      isAnswered: false,
    };
    posts.push(entry);
    const refusal = refusalOf(body, channels, messages);
    if (refusal !== undefined) {
      entry.isAnswered = true;
      return json({ ok: false, error: refusal });
    }
    problems.push(...blockKitProblems({ text: body.text, blocks: body.blocks ?? [] }));
    const fault = drawFault();
    const lastMs = lastAcceptedMs.get(body.channel);
    if (fault !== 'rate-limit' && lastMs !== undefined && clock.now() - lastMs < MESSAGE_INTERVAL_MS) {
      entry.isAnswered = true;
      return tooMany(1);
    }
    lastAcceptedMs.set(body.channel, clock.now());
    switch (fault) {
      case 'rate-limit':
        entry.isAnswered = true;
        return tooMany(1 + nextBelow(random, 30));
      case 'error-before':
        return answer(500, 'no', {});
      case 'error-after':
        accept(body, entry);
        return answer(500, 'no', {});
      case 'no-answer-before':
        return never(signal);
      case 'no-answer-after':
        accept(body, entry);
        return never(signal);
      case 'late':
        void clock.sleep(nextBelow(random, LATE_MAX_MS)).then(() => accept(body, entry));
        return never(signal);
      case 'echo':
        accept(body, entry);
        void clock.sleep(nextBelow(random, LATE_MAX_MS)).then(() => accept(body, entry, true));
        return never(signal);
      case undefined: {
        const { ts } = accept(body, entry);
        entry.isAnswered = true;
        return json({ ok: true, ts, channel: body.channel });
      }
    }
  };

  const update = (
    body: PostBody & { readonly ts: string },
    signal: AbortSignal,
  ): Promise<FetchAnswer> | FetchAnswer => {
    problems.push(...blockKitProblems({ text: body.text, blocks: body.blocks ?? [] }));
    const found = messages.find(({ ts, channel }) => ts === body.ts && channel === body.channel);
    if (found === undefined) {
      return json({ ok: false, error: 'message_not_found' });
    }
    const fault = drawFault();
    if (fault === 'rate-limit') {
      return tooMany(1 + nextBelow(random, 30));
    }
    if (fault !== 'error-before' && fault !== 'no-answer-before') {
      found.text = body.text;
      found.blocks = body.blocks;
    }
    return fault === undefined ? json({ ok: true, ts: body.ts }) : never(signal);
  };

  const history = (form: URLSearchParams, signal: AbortSignal): Promise<FetchAnswer> | FetchAnswer => {
    const fault = drawFault();
    if (fault !== undefined || !canReadHistory) {
      historyFailures += 1;
    }
    if (!canReadHistory) {
      return json({ ok: false, error: 'missing_scope' });
    }
    if (fault !== undefined) {
      return fault === 'rate-limit' ? tooMany(1) : fault === 'error-before' ? answer(500, 'no', {}) : never(signal);
    }
    return json(historyPage(messages, form, clock.now()));
  };

  return {
    messages,
    files,
    posts,
    problems,
    historyFailureCount: () => historyFailures,
    faultCount: () => faults,
    heal() {
      isHealed = true;
      files.heal();
    },
    async fetch(url, init) {
      const { body, signal, headers } = init;
      await clock.sleep(1 + nextBelow(random, LATENCY_MAX_MS));
      const ofFile = files.answer(url, init);
      if (ofFile !== undefined) {
        return ofFile;
      }
      if (headers['authorization'] !== 'Bearer xoxb-test') {
        return json({ ok: false, error: 'invalid_auth' });
      }
      const text = typeof body === 'string' ? body : '';
      switch (new URL(url).pathname) {
        case '/api/chat.postMessage':
          return post(bodyOf(text, headers), signal);
        case '/api/chat.update':
          return update(bodyOf(text, headers), signal);
        case '/api/conversations.history':
        case '/api/conversations.replies':
          return history(new URLSearchParams(text), signal);
        default:
          return json({ ok: false, error: 'unknown_method' });
      }
    },
  };
}

interface PostBody {
  readonly channel: string;
  readonly text: string;
  readonly blocks?: unknown;
  readonly thread_ts?: string;
  readonly metadata: { readonly event_payload: { readonly key: string } };
  readonly ts: string;
}

function bodyOf(text: string, headers: FetchInit['headers']): PostBody {
  if (headers['content-type'] !== 'application/json; charset=utf-8') {
    throw new Error(`Slack reads JSON only with its charset, not ${headers['content-type']}`);
  }
  // The client that is tested writes it; what it leaves out shows as a wrong answer.
  return JSON.parse(text) as PostBody;
}

function refusalOf(
  { channel, thread_ts: threadTs, metadata }: PostBody,
  channels: readonly string[],
  messages: readonly FakeMessage[],
): string | undefined {
  if (!channels.includes(channel)) {
    return 'channel_not_found';
  }
  if (metadata.event_payload.key === '') {
    return 'invalid_metadata_format';
  }
  const isRoot = messages.some((message) => message.ts === threadTs && message.threadTs === undefined);
  return threadTs === undefined || isRoot ? undefined : 'thread_not_found';
}

function historyPage(messages: readonly FakeMessage[], form: URLSearchParams, nowMs: number): object {
  const rootTs = form.get('ts');
  const oldest = Number(form.get('oldest'));
  const limit = Number(form.get('limit'));
  const offset = Number(form.get('cursor') ?? 0);
  const listed = messages
    .filter(({ channel, visibleFromMs }) => channel === form.get('channel') && visibleFromMs <= nowMs)
    .filter(({ ts, threadTs }) => (rootTs === null ? threadTs === undefined : ts === rootTs || threadTs === rootTs))
    .filter(({ ts }) => ts === rootTs || Number(ts) >= oldest)
    .sort((a, b) => (rootTs === null ? Number(b.ts) - Number(a.ts) : Number(a.ts) - Number(b.ts)));
  return {
    ok: true,
    messages: listed.slice(offset, offset + limit).map(({ ts, threadTs, key }) => ({
      type: 'message',
      ts,
      thread_ts: threadTs,
      ...(form.get('include_all_metadata') === 'true'
        ? { metadata: { event_type: 'elbowroom_notification', event_payload: { key } } }
        : {}),
    })),
    response_metadata: { next_cursor: offset + limit < listed.length ? String(offset + limit) : '' },
  };
}

function json(body: object): FetchAnswer {
  return answer(200, JSON.stringify(body), {});
}

function tooMany(seconds: number): FetchAnswer {
  return answer(429, '{"ok":false,"error":"ratelimited"}', { 'retry-after': String(seconds) });
}

function answer(status: number, text: string, headers: Readonly<Record<string, string>>): FetchAnswer {
  return { status, headers: { get: (name) => headers[name.toLowerCase()] ?? null }, text: async () => text };
}

function never(signal: AbortSignal): Promise<FetchAnswer> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
}
