import * as z from 'zod/mini';
import { InstantText, map } from './message-parts.ts';

/** As long as daily roll-ups are kept where the settings do not say otherwise. */
const HISTORY_DAYS_MAX = 397;
const HISTORY_DAYS_EXPECTED = `a whole number of days from 1 to ${HISTORY_DAYS_MAX}, or left out`;

/**
 * The schedule of the fleet's roll-up. EventBridge Scheduler sends it with `<aws.scheduler.scheduled-time>` as `scheduledAt`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export const RollUpFleetMessage = map({
  scheduledAt: InstantText,
  /** Left out by the schedule. With it so many days of the fleet's history are added up again, whether or not they were. */
  historyDays: z.optional(
    z.int(HISTORY_DAYS_EXPECTED).check(z.gte(1, HISTORY_DAYS_EXPECTED), z.lte(HISTORY_DAYS_MAX, HISTORY_DAYS_EXPECTED)),
  ),
});

export type RollUpFleetMessage = z.infer<typeof RollUpFleetMessage>;
