import { nextBelow, nextChance, type Random, randomOf } from '../../../lib/local/simulated-aws/build/random.ts';
import type { FetchAnswer, FetchInit } from '../../../lib/notify/slack/slack-client.ts';

/**
 * How Slack takes files: a place is asked for, the bytes are sent there, and only then the file is shared.
 * https://docs.slack.dev/messaging/working-with-files#uploading_files
 */
export interface FakeFiles {
  /** In the order in which they appeared. */
  readonly shared: readonly SharedFile[];
  /** Everything that was asked, as a person would tell it. */
  readonly requests: readonly FileRequest[];
  /** Answers a request about files; `undefined` where it is about something else. */
  answer(url: string, init: FetchInit): Promise<FetchAnswer> | undefined;
  heal(): void;
}

export interface SharedFile {
  readonly fileName: string;
  readonly title: string;
  readonly altText: string;
  readonly bytes: Uint8Array;
  readonly channel: string;
  readonly threadTs: string;
}

export interface FileRequest {
  readonly method: string;
  readonly contentType: string | undefined;
  readonly hasToken: boolean;
  readonly body: unknown;
}

export interface FakeFilesOptions {
  readonly seed: number;
  readonly faultProbability: number;
  readonly channels: readonly string[];
  /** Whether a thread of a channel begins with this message: the documents forbid a reply's. */
  readonly isRoot: (channel: string, ts: string) => boolean;
}

/** https://docs.slack.dev/reference/methods/files.getUploadURLExternal#errors */
const ALT_TEXT_LENGTH_MAX = 1_000;
const UPLOAD_PATH = '/upload/v1/';
const PNG_SIGNATURE = '89504e470d0a1a0a';
const FAULTS = ['rate-limit', 'error', 'no-answer-before', 'no-answer-after'] as const;

interface Place {
  readonly fileName: string;
  readonly altText: string;
  readonly length: number;
  bytes: Uint8Array | undefined;
  isShared: boolean;
}

type Refusal = string;

export function createFakeFiles({ seed, faultProbability, channels, isRoot }: FakeFilesOptions): FakeFiles {
  // Its own chances: what happens to files changes nothing of what happens to messages.
  const random: Random = randomOf(`files/${seed}`);
  const places = new Map<string, Place>();
  const shared: SharedFile[] = [];
  const requests: FileRequest[] = [];
  let isHealed = false;

  const place = (form: URLSearchParams): object | Refusal => {
    const [fileName, length, altText] = [form.get('filename'), Number(form.get('length')), form.get('alt_txt') ?? ''];
    if (fileName === null || !Number.isInteger(length) || length <= 0) {
      return 'missing_argument';
    }
    if (altText.length > ALT_TEXT_LENGTH_MAX) {
      return 'alt_txt_too_large';
    }
    const fileId = `F${places.size + 1}`;
    places.set(fileId, { fileName, altText, length, bytes: undefined, isShared: false });
    return { ok: true, upload_url: `https://files.slack.com${UPLOAD_PATH}${fileId}`, file_id: fileId };
  };

  const receive = (fileId: string, bytes: Uint8Array): FetchAnswer => {
    const at = places.get(fileId);
    if (at === undefined || at.bytes !== undefined || at.length !== bytes.length || !isPng(bytes)) {
      return answerOf(400, 'no');
    }
    at.bytes = bytes;
    return answerOf(200, `OK - ${bytes.length}`);
  };

  const share = (body: CompleteBody): object | Refusal => {
    const [file, ...more] = body.files;
    const at = places.get(file?.id ?? '');
    if (file === undefined || more.length > 0 || at?.bytes === undefined || at.isShared) {
      return 'file_not_found';
    }
    if (!channels.includes(body.channel_id)) {
      return 'channel_not_found';
    }
    if (!isRoot(body.channel_id, body.thread_ts)) {
      return 'invalid_thread_ts';
    }
    at.isShared = true;
    const { fileName, altText, bytes } = at;
    shared.push({ fileName, altText, bytes, title: file.title, channel: body.channel_id, threadTs: body.thread_ts });
    return { ok: true, files: [{ id: file.id, title: file.title }] };
  };

  const act = (path: string, { body }: FetchInit): FetchAnswer => {
    const text = typeof body === 'string' ? body : '';
    if (path.startsWith(UPLOAD_PATH)) {
      return receive(path.slice(UPLOAD_PATH.length), typeof body === 'string' ? new TextEncoder().encode(body) : body);
    }
    return path.endsWith('getUploadURLExternal')
      ? jsonOf(place(new URLSearchParams(text)))
      : // The client that is tested writes it; what it leaves out shows as a wrong answer.
        jsonOf(share(JSON.parse(text) as CompleteBody));
  };

  return {
    shared,
    requests,
    heal() {
      isHealed = true;
    },
    answer(url, init) {
      const path = new URL(url).pathname;
      const isUpload = path.startsWith(UPLOAD_PATH);
      if (!isUpload && !path.startsWith('/api/files.')) {
        return undefined;
      }
      requests.push(requestOf(path, init));
      if (isUpload === (init.headers['authorization'] !== undefined)) {
        return Promise.resolve(isUpload ? answerOf(400, 'a token was sent') : jsonOf('not_authed'));
      }
      const fault =
        !isHealed && nextChance(random, faultProbability) ? FAULTS[nextBelow(random, FAULTS.length)] : undefined;
      switch (fault) {
        case undefined:
          return Promise.resolve(act(path, init));
        case 'rate-limit':
          return Promise.resolve(answerOf(429, '{"ok":false,"error":"ratelimited"}'));
        case 'error':
          return Promise.resolve(answerOf(500, 'no'));
        case 'no-answer-after':
          act(path, init);
          return never(init.signal);
        case 'no-answer-before':
          return never(init.signal);
      }
    },
  };
}

interface CompleteBody {
  readonly files: readonly { readonly id: string; readonly title: string }[];
  readonly channel_id: string;
  readonly thread_ts: string;
}

function requestOf(path: string, { headers, body }: FetchInit): FileRequest {
  const contentType = headers['content-type'];
  const isForm = contentType === 'application/x-www-form-urlencoded';
  return {
    method: path,
    contentType,
    hasToken: headers['authorization'] !== undefined,
    body:
      typeof body !== 'string'
        ? `${body.length} bytes`
        : isForm
          ? Object.fromEntries(new URLSearchParams(body))
          : JSON.parse(body),
  };
}

function isPng(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.slice(0, PNG_SIGNATURE.length / 2)).toString('hex') === PNG_SIGNATURE;
}

function jsonOf(result: object | Refusal): FetchAnswer {
  return answerOf(200, JSON.stringify(typeof result === 'string' ? { ok: false, error: result } : result));
}

function answerOf(status: number, text: string): FetchAnswer {
  return { status, headers: { get: () => null }, text: async () => text };
}

function never(signal: AbortSignal): Promise<FetchAnswer> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
}
