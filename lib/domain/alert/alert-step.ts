import type { Instant } from '../fact.ts';
import type { Alert } from './alert.ts';
import type { AlertTransition, AlertTransitionType } from './alert-transition.ts';

/** What is to be written of one alert. */
export interface AlertStep {
  /** What it was computed from: whoever changed it since makes the step void. */
  readonly before: Alert | undefined;
  readonly alert: Alert;
  /** `undefined` where nobody has to hear of it. */
  readonly transition: AlertTransition | undefined;
}

type Changes<Before> = Before extends Alert ? Partial<Alert> : Omit<Alert, 'sequence' | 'changedAt'>;

/** Returns the next transition of an alert, and the alert as it is by it. An alert that was closed goes on counting. */
export function stepOf<Before extends Alert | undefined>(
  before: Before,
  type: AlertTransitionType,
  at: Instant,
  changes: Changes<Before>,
): AlertStep {
  // Either there is an alert that the changes are of, or the changes are all of one but what is counted here.
  const changed = { ...before, ...changes } as Alert;
  const alert: Alert = { ...changed, sequence: (before?.sequence ?? 0) + 1, changedAt: at };
  return { before, alert, transition: transitionOf(before, type, alert) };
}

function transitionOf(before: Alert | undefined, type: AlertTransitionType, alert: Alert): AlertTransition {
  return {
    alertId: alert.alertId,
    sequence: alert.sequence,
    type,
    at: alert.changedAt,
    before: before === undefined ? undefined : { severity: before.severity, state: before.state },
    after: { severity: alert.severity, state: alert.state },
    alert,
  };
}
