import type { NotifyClock } from './slack-client.ts';

/** Slack takes a message a second and channel. https://docs.slack.dev/apis/web-api/rate-limits#message-posting */
const MESSAGE_INTERVAL_MS = 1_000;

/** Keeps one process within what Slack takes of a channel. Others' messages show as answers 429. */
export interface ChannelPace {
  /** Returns when the next message may be sent, and takes that turn where it is at most `waitMaxMs` away. */
  take(channelId: string, waitMaxMs: number): { readonly isTaken: boolean; readonly atMs: number };
  /** Nothing is sent before, as Slack asked. */
  hold(channelId: string, untilMs: number): void;
}

export function createChannelPace(clock: NotifyClock): ChannelPace {
  const nextAtMs = new Map<string, number>();
  const atOf = (channelId: string) => Math.max(clock.now(), nextAtMs.get(channelId) ?? Number.NEGATIVE_INFINITY);
  return {
    take(channelId, waitMaxMs) {
      const atMs = atOf(channelId);
      const isTaken = atMs - clock.now() <= waitMaxMs;
      if (isTaken) {
        nextAtMs.set(channelId, atMs + MESSAGE_INTERVAL_MS);
      }
      return { isTaken, atMs };
    },
    hold(channelId, untilMs) {
      nextAtMs.set(channelId, Math.max(untilMs, atOf(channelId)));
    },
  };
}
