import type { PendingPost } from '../../audit/notification-ports.ts';
import type { SlackClient } from './slack-client.ts';

/** Whether a message that carries a key is in its thread, or in its channel where it begins one. */
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

/** Looks for a post by its key. Where it is there more than once, the earliest is told. */
export async function findPost(client: SlackClient, pending: PendingPost): Promise<FoundPost> {
  const found: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const outcome = await client.history({
      channelId: pending.channelId,
      threadTs: pending.threadTs,
      oldestMs: pending.claimedAtMs - CLOCK_SKEW_MS,
      cursor,
    });
    if (outcome.state !== 'done') {
      return outcome.state === 'refused' && outcome.error === THREAD_GONE
        ? { state: 'absent' }
        : { state: 'unreadable', isLasting: outcome.state === 'refused' };
    }
    found.push(...outcome.value.messages.filter(({ key }) => key === pending.key).map(({ ts }) => ts));
    cursor = outcome.value.nextCursor;
    if (cursor === undefined) {
      const [ts] = found.toSorted();
      return ts === undefined ? { state: 'absent' } : { state: 'found', ts };
    }
  }
  return { state: 'unreadable', isLasting: true };
}
