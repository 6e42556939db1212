import type { PendingPost } from '../../audit/notification-ports.ts';
import type { HistoryMessage, SlackClient } from './slack-client.ts';

/** Whether a message that carries the key of a post is where that went: in its thread, or in its channel where it begins one. */
export type FoundPost =
  | { readonly state: 'found'; readonly ts: string }
  | { readonly state: 'absent' }
  /** `isLasting`: asking again would not help, for example for want of a scope. */
  | { readonly state: 'unreadable'; readonly isLasting: boolean };

/** Slack's clock and ours may differ by so much. Decided here. */
const CLOCK_SKEW_MS = 300_000;
/** With 200 messages a page: a channel that gets a message a second, for almost three hours. Decided here. */
const PAGES_MAX = 50;
/** There is no such thread any more, so nothing is in it. https://docs.slack.dev/reference/methods/conversations.replies#errors */
const THREAD_GONE = 'thread_not_found';

/**
 * Looks for posts by their keys, and reads each thread or channel that they went to once. Returns what became of each of them;
 * where one is there more than once, the earliest is found.
 */
export async function findPosts(
  client: SlackClient,
  posts: readonly PendingPost[],
): Promise<(post: PendingPost) => FoundPost> {
  const histories = new Map<string, History>();
  for (const post of posts.toSorted((a, b) => a.claimedAtMs - b.claimedAtMs)) {
    const place = placeOf(post);
    if (!histories.has(place)) {
      histories.set(place, await readSince(client, post));
    }
  }
  return (post) => {
    const history = histories.get(placeOf(post));
    if (history?.state === 'unreadable') {
      return history;
    }
    const ts = history?.tsByKey.get(post.key);
    return ts === undefined ? { state: 'absent' } : { state: 'found', ts };
  };
}

type History =
  | { readonly state: 'read'; readonly tsByKey: ReadonlyMap<HistoryMessage['key'], string> }
  | Extract<FoundPost, { readonly state: 'unreadable' }>;

function placeOf({ channelId, threadTs }: PendingPost): string {
  return JSON.stringify([channelId, threadTs]);
}

/** Reads what is where a post went, since that was claimed. */
async function readSince(client: SlackClient, { channelId, threadTs, claimedAtMs }: PendingPost): Promise<History> {
  const messages: HistoryMessage[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const outcome = await client.history({ channelId, threadTs, oldestMs: claimedAtMs - CLOCK_SKEW_MS, cursor });
    if (outcome.state !== 'done') {
      return outcome.state === 'refused' && outcome.error === THREAD_GONE
        ? { state: 'read', tsByKey: new Map() }
        : { state: 'unreadable', isLasting: outcome.state === 'refused' };
    }
    messages.push(...outcome.value.messages);
    cursor = outcome.value.nextCursor;
    if (cursor === undefined) {
      return { state: 'read', tsByKey: earliestByKey(messages) };
    }
  }
  return { state: 'unreadable', isLasting: true };
}

function earliestByKey(messages: readonly HistoryMessage[]): ReadonlyMap<HistoryMessage['key'], string> {
  // Of those that share a key the last one stands.
  const latestFirst = messages.toSorted((a, b) => (a.ts > b.ts ? -1 : 1));
  return new Map(latestFirst.map(({ key, ts }) => [key, ts]));
}
