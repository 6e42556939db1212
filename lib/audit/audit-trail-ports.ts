import type { Instant } from '../domain/fact.ts';

/** What somebody may do by the API or from Slack. Permanent: these words are kept. */
export const AUDITED_ACTIONS = [
  'alert-acknowledged',
  'alert-snoozed',
  'silence-written',
  'silence-ended',
  'scan-requested',
] as const;
export type AuditedAction = (typeof AUDITED_ACTIONS)[number];

/**
 * - `begun`: nobody wrote down what came of it: it may have happened or not. - `done`: it happened. - `unchanged`: it was so
 * before, or could not be.
 */
export const AUDIT_OUTCOMES = ['begun', 'done', 'unchanged'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** Something as it was or is: names and values, as they are shown. */
export type AuditValues = ReadonlyMap<string, string>;

/** Who did what, when, and what changed by it. */
export interface AuditTrailEntry {
  readonly entryId: string;
  readonly at: Instant;
  /** As whoever asked named itself. Hostile input. */
  readonly by: string;
  readonly action: AuditedAction;
  /** The id of the alert, silence or target. */
  readonly resourceId: string;
  /** The accounts that it concerns, sorted; none where it concerns all. */
  readonly accountIds: readonly string[];
  readonly outcome: AuditOutcome;
  /** `undefined` where it was not there. */
  readonly before: AuditValues | undefined;
  readonly after: AuditValues | undefined;
}

/** Where an entry stands among the others. */
export type AuditTrailPosition = Pick<AuditTrailEntry, 'at' | 'entryId'>;

export interface AuditTrailReader {
  /** The newest first; `before` goes on from the last one. */
  listEntries(page: {
    readonly limit: number;
    readonly before: AuditTrailPosition | undefined;
  }): Promise<readonly AuditTrailEntry[]>;
}

export interface AuditTrailStore extends AuditTrailReader {
  /** Keeps an entry under its time and id. What came of it replaces that it was begun, never the other way round. */
  writeEntry(entry: AuditTrailEntry): Promise<void>;
}
