/** What somebody asked for by a button of an alert in Slack. */
export interface SlackDeed {
  readonly alertId: string;
  /** For how many days the alert is to be snoozed; `undefined` where it is acknowledged. */
  readonly snoozeDays: number | undefined;
  readonly userId: string;
  /** Where an answer to this user alone goes. */
  readonly answerTo: string | undefined;
}

/** A request that came as one of Slack's. */
export interface SlackRequest {
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  /** As it came, before anything read it. */
  readonly rawBody: string;
}

/**
 * - `refused`: Slack did not sign it, or too long ago. - `unreadable`: it did, and it is none that this code knows.
 * - `read`: with the moment that Slack signed it at, in milliseconds since 1970.
 */
export type SlackReading =
  | { readonly outcome: 'refused' | 'unreadable'; readonly reason: string }
  | { readonly outcome: 'read'; readonly signedAtMs: number; readonly deeds: readonly SlackDeed[] };

/** What the API needs of Slack. `lib/notify` implements it. */
export interface SlackActions {
  read(request: SlackRequest): Promise<SlackReading>;
  /** The name of a user whom the settings let write; `undefined` for others. */
  writerOf(userId: string): string | undefined;
  /** Who may write, as a user is told. */
  readonly writersText: string;
  /** Tells one user something. Never rejects, and takes a second at the most. */
  answer(answerTo: string, text: string): Promise<void>;
}
