import type { Instant } from '../domain/fact.ts';

/**
 * What a subscriber that posts messages keeps, so that each transition is told once whoever stops wherever. One record for each
 * alert, and one for each thread that several alerts share.
 */
export interface NotificationRecord {
  /** An alert's id, or the id of a fold or digest. */
  readonly recordId: string;
  /** Where it was told last; `undefined` before the first time. */
  readonly channelId: string | undefined;
  /** The first message of its thread, by Slack's `ts`; `undefined` where there is none, or it is closed. */
  readonly rootTs: string | undefined;
  /** Whether that message is about other alerts too, so that it never shows the state of this one. */
  readonly isRootShared: boolean;
  /** The last sequence that was told; 0 before the first. */
  readonly toldSequence: number;
  /** The sequence whose state the first message shows. */
  readonly shownSequence: number;
  /** Whether what was told last closed the thread. */
  readonly isClosed: boolean;
  readonly pending: PendingPost | undefined;
  /**
   * Posts before that one that may have told what comes next, the newest last: none was there when it was looked for, and each
   * may have come since. What is told while there are any is marked as possibly a repeat.
   */
  readonly lapsed: readonly PendingPost[];
}

/** A post that may be under way, or may have been done by somebody who stopped since. */
export interface PendingPost {
  /** Names the attempt: whoever wrote it may go on, nobody else. */
  readonly claimId: string;
  /** What the message carries in its metadata. */
  readonly key: string;
  readonly sequence: number;
  /** The record of the thread that it goes to: its own, or that of a fold. */
  readonly threadId: string;
  readonly channelId: string;
  /** `undefined` where it begins the thread. */
  readonly threadTs: string | undefined;
  /** Milliseconds since 1970: not sent before, nor begun to be sent after. */
  readonly claimedAtMs: number;
  readonly sendBeforeMs: number;
}

export interface StoredNotificationRecord {
  /** Names what was read. */
  readonly version: string;
  readonly record: NotificationRecord;
}

/** A channel that a test message has reached. */
export interface ChannelConfirmation {
  /** As the settings spell it: its name or its id. */
  readonly channel: string;
  /** Slack's id of it, which most methods ask for; `undefined` where a webhook posts to it. */
  readonly channelId: string | undefined;
  readonly confirmedAt: Instant;
  /** Whoever asked for the test message, as it named itself. */
  readonly confirmedBy: string;
  /** Whether messages can be read back, by which a lost answer is made good without repeating. */
  readonly canReadHistory: boolean;
}

export interface NotificationStore {
  readRecord(recordId: string): Promise<StoredNotificationRecord | undefined>;
  /** Writes where what is there is still the version that was read, or nothing where none was. */
  writeRecord(record: NotificationRecord, expectedVersion: string | undefined): Promise<'written' | 'version-conflict'>;
  readConfirmation(channel: string): Promise<ChannelConfirmation | undefined>;
  writeConfirmation(confirmation: ChannelConfirmation): Promise<void>;
}
