import type * as z from 'zod';
import type { Alert } from '../domain/alert/alert.ts';
import type { AlertStanding, AlertTransition } from '../domain/alert/alert-transition.ts';
import type { AlertDetailView, standing } from './alert-detail-view.ts';
import { toAlertView } from './to-alert-view.ts';

/** Turns an alert and its transitions into their view. */
export function toAlertDetailView(alert: Alert, transitions: readonly AlertTransition[]): AlertDetailView {
  return {
    ...toAlertView(alert),
    transitions: transitions.map(({ sequence, type, at, before, after }) => ({
      sequence,
      type,
      at,
      before: before === undefined ? null : toStandingView(before),
      after: toStandingView(after),
    })),
  };
}

function toStandingView({ severity, state }: AlertStanding): z.infer<typeof standing> {
  return { severity, state };
}
