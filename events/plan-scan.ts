import type * as z from 'zod/mini';
import { InstantText, map, oneOf } from './message-parts.ts';

/**
 * What a schedule starts: EventBridge Scheduler sends it as the input of its target, with `<aws.scheduler.scheduled-time>` as
 * `scheduledAt`. That is the time the schedule meant, and stays the same however often and late it is delivered.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export const PlanScanMessage = map({
  kind: oneOf('scan', 'pulse'),
  scheduledAt: InstantText,
  /** Which regions a pulse is for; a scan is for all. */
  pulseScope: oneOf('at-risk', 'with-clusters'),
});

export type PlanScanMessage = z.infer<typeof PlanScanMessage>;
