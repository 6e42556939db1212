import type { Instant } from '../fact.ts';
import type { Alert, AlertKind } from './alert.ts';
import type { AlertTransition, AlertTransitionType } from './alert-transition.ts';

/** What of one alert a subscriber has not confirmed. */
export interface PendingAlert {
  /** As it is now, which is what the last transition left or later figures of it. */
  readonly alert: Alert;
  /** In their order, without a gap; the last one's sequence is what to confirm once all are told. */
  readonly transitions: readonly [AlertTransition, ...AlertTransition[]];
}

/** One message to a subscriber. */
export type AlertNotification =
  | ({ readonly kind: 'alert' } & PendingAlert)
  | AlertFold
  /** What was found when accounts were judged for the first time. */
  | { readonly kind: 'first-judgements'; readonly digestId: string; readonly alerts: readonly PendingAlert[] };

/** Many alerts told as one: more new ones of a kind than people can read, or one cause over several accounts. */
export interface AlertFold {
  readonly kind: 'fold';
  /** Names the fold for ever. Later parts of it come under the same id: of the same kind, step, cause and hour. */
  readonly foldId: string;
  readonly alertKind: AlertKind;
  /** The last step of each. */
  readonly type: AlertTransitionType;
  /** The one cause of all; `undefined` where they are only many. */
  readonly cause: string | undefined;
  /** The hour that it began in. */
  readonly since: Instant;
  /** The most urgent first. */
  readonly alerts: readonly PendingAlert[];
}
