import type { Instant } from '../fact.ts';
import type { Alert, AlertSeverity, AlertState } from './alert.ts';

/**
 * - `opened`: it was not there, or was closed.
 * - `changed`: another severity, or more subnets. Where it got worse, it is open again.
 * - `unsnoozed`: the time of its snooze has come.
 * - `resolved`, `removed`: closed.
 */
export type AlertTransitionType =
  | 'opened'
  | 'changed'
  | 'acknowledged'
  | 'snoozed'
  | 'unsnoozed'
  | 'resolved'
  | 'removed';

/** A step of one alert. Kept, told to subscribers, and never changed. */
export interface AlertTransition {
  readonly alertId: string;
  /** 1, 2, 3 …: each alert counts its own. With `alertId` the name of the transition for ever. */
  readonly sequence: number;
  readonly type: AlertTransitionType;
  readonly at: Instant;
  /** `undefined` where it was not there before. */
  readonly before: AlertStanding | undefined;
  readonly after: AlertStanding;
  /** The alert as it then was. */
  readonly alert: Alert;
}

export interface AlertStanding {
  readonly severity: AlertSeverity;
  readonly state: AlertState;
}
