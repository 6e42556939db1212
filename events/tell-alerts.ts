import type * as z from 'zod/mini';
import { InstantText, map } from './message-parts.ts';

/**
 * Says that alerts may have to be told. EventBridge Scheduler sends it every 5 minutes with `<aws.scheduler.scheduled-time>` as
 * `scheduledAt`, and a rule of the event bus at each hint, with the time of the hint's event.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export const TellAlertsMessage = map({ scheduledAt: InstantText });

export type TellAlertsMessage = z.infer<typeof TellAlertsMessage>;
