import type { NotificationRecord, PendingPost } from '../../audit/notification-ports.ts';

/**
 * Of so many messages each is looked for; then the one that was sent longest ago is given up. A minute and more lies between any
 * two, so it has had five. Decided here.
 */
export const UNSURE_MAX = 5;

/**
 * Returns the posts that may have told what comes next, the newest last. What was sent several times under the same key is one
 * message, to be looked for since it was first claimed.
 */
export function unsurePosts({ lapsed, pending, toldSequence }: NotificationRecord): readonly PendingPost[] {
  const byMessage = new Map<string, PendingPost>();
  for (const post of pending === undefined ? lapsed : [...lapsed, pending]) {
    if (post.sequence > toldSequence) {
      const message = JSON.stringify([post.key, post.channelId, post.threadTs]);
      const { claimedAtMs } = byMessage.get(message) ?? post;
      byMessage.delete(message);
      byMessage.set(message, { ...post, claimedAtMs });
    }
  }
  return [...byMessage.values()].slice(-UNSURE_MAX);
}
