import type { SlackMessage } from '../../notify/slack/block-kit.ts';
import type { PreviewedReply, PreviewedThread } from '../../notify/slack/preview-page.tsx';
import type {
  PostedMessage,
  PostInput,
  SlackClient,
  SlackOutcome,
  UpdateInput,
  UploadInput,
} from '../../notify/slack/slack-client.ts';

/** What Slack would show, kept in this process. */
export interface SlackPreviews {
  /** Takes what Slack would be sent, and answers as Slack does. Pictures are SVG documents. */
  readonly client: SlackClient;
  /** The newest first. */
  threads(): readonly PreviewedThread[];
}

const MS_PER_SECOND = 1_000;
const FRACTION_DIGITS = 6;

interface Thread extends Omit<PreviewedThread, 'message' | 'replies'> {
  message: SlackMessage;
  readonly replies: PreviewedReply[];
}

/** Makes a Slack of which only the newest `threadsMax` threads are kept; older ones are gone as if somebody had deleted them. */
export function createSlackPreviews({
  now,
  threadsMax,
}: {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly threadsMax: number;
}): SlackPreviews {
  /** By the name of their first message, in the order of sending. */
  const threads = new Map<string, Thread>();
  let messageCount = 0;
  const nextTs = (): string => {
    messageCount += 1;
    return `${Math.floor(now() / MS_PER_SECOND)}.${String(messageCount).padStart(FRACTION_DIGITS, '0')}`;
  };
  const post = ({ channelId, threadTs, isBroadcast, ...input }: PostInput): SlackOutcome<PostedMessage> => {
    const ts = nextTs();
    const sentAt = new Date(now()).toISOString();
    if (threadTs === undefined) {
      threads.set(nameOf(channelId, ts), { channelId, sentAt, message: messageOf(input), replies: [] });
      dropOldest(threads, threadsMax);
      return { state: 'done', value: { ts, channelId } };
    }
    const thread = threads.get(nameOf(channelId, threadTs));
    thread?.replies.push({ sentAt, message: messageOf(input), isBroadcast });
    return thread === undefined
      ? { state: 'refused', error: 'thread_not_found' }
      : { state: 'done', value: { ts, channelId } };
  };
  const update = ({ channelId, ts, ...input }: UpdateInput): SlackOutcome<undefined> => {
    const thread = threads.get(nameOf(channelId, ts));
    if (thread === undefined) {
      return { state: 'refused', error: 'message_not_found' };
    }
    thread.message = messageOf(input);
    return { state: 'done', value: undefined };
  };
  const upload = ({ channelId, threadTs, title, altText, bytes }: UploadInput): SlackOutcome<undefined> => {
    const thread = threads.get(nameOf(channelId, threadTs));
    if (thread === undefined) {
      return { state: 'refused', error: 'thread_not_found' };
    }
    const chart = { svg: new TextDecoder().decode(bytes), altText };
    const message = { text: title, blocks: [] };
    thread.replies.push({ sentAt: new Date(now()).toISOString(), message, isBroadcast: false, chart });
    return { state: 'done', value: undefined };
  };
  return {
    client: {
      post: async (input) => post(input),
      update: async (input) => update(input),
      // No answer is ever lost here, so nobody looks for a message.
      history: async () => ({ state: 'done', value: { messages: [], nextCursor: undefined } }),
      upload: async (input) => upload(input),
    },
    threads: () => [...threads.values()].toReversed(),
  };
}

function nameOf(channelId: string, ts: string): string {
  return `${channelId} ${ts}`;
}

function messageOf({ text, blocks }: SlackMessage): SlackMessage {
  return { text, blocks };
}

function dropOldest(threads: Map<string, Thread>, threadsMax: number): void {
  for (const name of threads.keys()) {
    if (threads.size <= threadsMax) {
      return;
    }
    threads.delete(name);
  }
}
