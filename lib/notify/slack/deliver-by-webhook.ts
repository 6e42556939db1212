import { readRecord, updateRecord } from '../record-update.ts';
import type { DeliveryPorts, Post, PostOutcome, ToldSequence } from './deliver-post.ts';
import { postToWebhook, type WebhookPorts } from './post-to-webhook.ts';

const RETRY_MS = 10_000;
/** Whoever delivers waits so long for its turn in a channel; after that somebody else may take the work. */
const TURN_WAIT_MAX_MS = 30_000;

export type WebhookDeliveryPorts = WebhookPorts & Pick<DeliveryPorts, 'store' | 'pace'>;

/**
 * Tells something by an incoming webhook, each as a message of its own that says everything. At least once: what was told is
 * written down afterwards, so whoever stops between, or has no answer, tells it again, and nothing marks that.
 */
export async function deliverByWebhook(post: Post, url: string, ports: WebhookDeliveryPorts): Promise<PostOutcome> {
  const { store, pace, clock } = ports;
  const open: ToldSequence[] = [];
  for (const one of post.told) {
    if ((await readRecord(store, one.recordId)).toldSequence < one.sequence) {
      open.push(one);
    }
  }
  if (open.length === 0) {
    return { state: 'already-told' };
  }
  const turn = pace.take(post.channelId, TURN_WAIT_MAX_MS);
  if (!turn.isTaken) {
    return { state: 'later', atMs: turn.atMs, reason: 'the channel takes a message a second' };
  }
  await clock.sleep(Math.max(0, turn.atMs - clock.now()));
  const outcome = await postToWebhook(url, post.messageOf(open, 'root'), ports);
  switch (outcome.state) {
    case 'done':
      for (const { recordId, sequence } of open) {
        await updateRecord(store, recordId, (record) =>
          record.toldSequence < sequence ? { ...record, toldSequence: sequence } : undefined,
        );
      }
      return { state: 'told', isRepeated: false };
    case 'rate-limited': {
      const atMs = clock.now() + outcome.retryAfterMs;
      pace.hold(post.channelId, atMs);
      return { state: 'later', atMs, reason: 'Slack asked to wait' };
    }
    case 'answer-lost':
      return { state: 'later', atMs: clock.now() + RETRY_MS, reason: `the answer was lost: ${outcome.reason}` };
    case 'refused':
      return { state: 'refused', error: outcome.error };
  }
}
