import type { PendingPost } from '../../../lib/audit/notification-ports.ts';

/** A post that begins a thread, as `overrides` says otherwise. */
export function aPost(overrides: Partial<PendingPost> = {}): PendingPost {
  return {
    claimId: 'c',
    key: 'k',
    sequence: 1,
    threadId: 't',
    channelId: 'C0',
    threadTs: undefined,
    claimedAtMs: 1_000_000,
    sendBeforeMs: 1_020_000,
    ...overrides,
  };
}
