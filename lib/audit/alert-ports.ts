import type { Alert, AlertHome, AlertKind } from '../domain/alert/alert.ts';
import type { PendingAlert } from '../domain/alert/alert-notification.ts';
import type { AlertStep } from '../domain/alert/alert-step.ts';
import type { AlertTransition } from '../domain/alert/alert-transition.ts';
import type { Silence } from '../domain/alert/silence.ts';
import type { Instant } from '../domain/fact.ts';

/** What the use cases around alerts need to be kept. `lib/store` implements these. */

export interface StoredAlert {
  /** Names what was read, for the condition of a write. */
  readonly version: string;
  readonly alert: Alert;
  /** By subscriber, the last sequence that it has confirmed. */
  readonly confirmed: ReadonlyMap<string, number>;
}

/** When an alert opened last. */
export interface AlertOpening {
  readonly kind: AlertKind;
  readonly openedAt: Instant;
  readonly isFirstJudgement: boolean;
}

export interface AlertReader {
  /** Every alert of a home, closed ones too. */
  readAlerts(home: AlertHome): Promise<readonly StoredAlert[]>;
  readAlert(alertId: string): Promise<StoredAlert | undefined>;
  /** The transitions of an alert, in their order, as far as they are kept. */
  transitions(alertId: string): Promise<readonly AlertTransition[]>;
  /** Alerts that are not closed, or were not long ago. */
  listAlerts(): Promise<readonly Alert[]>;
  /** When each of them opened last, without reading them. */
  openings(): Promise<readonly AlertOpening[]>;
}

export interface AlertStore extends AlertReader {
  /**
   * Writes a step if what is kept is still what it was computed from, and with it the transition that each subscriber is to hear
   * of: all of it or nothing. A subscriber that is new hears of this transition and later ones.
   */
  writeStep(
    step: AlertStep,
    stored: StoredAlert | undefined,
    subscribers: readonly string[],
  ): Promise<'written' | 'version-conflict'>;
  /** Says that a subscriber has told all transitions up to a sequence. A lower one than before changes nothing. */
  confirm(alertId: string, subscriber: string, sequence: number): Promise<void>;
  /** Every alert of which a subscriber has not confirmed the last transition. */
  pending(subscriber: string): Promise<readonly PendingAlert[]>;
}

/**
 * Says that there is something to tell, so that subscribers need not wait for the next sweep. Never rejects: a hint that is lost
 * changes nothing but when it is told.
 */
export type AlertHint = () => Promise<void>;

export interface SilenceReader {
  /** Those that have not ended, and those that ended not long ago. */
  readSilences(): Promise<readonly Silence[]>;
}

export interface SilenceStore extends SilenceReader {
  /** Keeps a silence under its id; one that is there is replaced. */
  writeSilence(silence: Silence): Promise<void>;
  /** Forgets a silence; one that is not there is no error. */
  deleteSilence(silenceId: string): Promise<void>;
}
