import type * as z from 'zod';
import { InstantText, map } from './message-parts.ts';

/**
 * The schedule of the fleet's roll-up. EventBridge Scheduler sends it with `<aws.scheduler.scheduled-time>` as `scheduledAt`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export const RollUpFleetMessage = map({ scheduledAt: InstantText });

export type RollUpFleetMessage = z.infer<typeof RollUpFleetMessage>;
