import * as z from 'zod';
import { ALERT_SEVERITIES } from '../domain/alert/alert.ts';
import { AlertView } from './alert-view.ts';

export const standing = z.object({
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
