import * as z from 'zod';
import { ALERT_SEVERITIES, type Alert } from '../domain/alert/alert.ts';
import type { AlertStanding, AlertTransition } from '../domain/alert/alert-transition.ts';
import { AlertView, toAlertView } from './alert-view.ts';

const standing = z.object({
  severity: z.enum(ALERT_SEVERITIES),
  state: z.enum(['open', 'acknowledged', 'snoozed', 'resolved', 'removed']),
});

/** An alert with what became of it, step by step. */
export const AlertDetailView = AlertView.extend({
  transitions: z
    .array(
      z.object({
        sequence: z.int().positive(),
        type: z.enum(['opened', 'changed', 'acknowledged', 'snoozed', 'unsnoozed', 'resolved', 'removed']),
        at: z.iso.datetime(),
        before: standing.nullable(),
        after: standing,
      }),
    )
    .describe('As far as they are kept, the oldest first'),
});
export type AlertDetailView = z.infer<typeof AlertDetailView>;

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
