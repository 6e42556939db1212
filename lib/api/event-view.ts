import * as z from 'zod';
import { ALERT_KINDS } from '../domain/alert/alert.ts';
import { AlertDetailView } from './alert-detail-view.ts';
import { CoverageSummaryView } from './coverage-summary-view.ts';

const common = {
  eventId: z.string().describe('The same wherever and whenever it is told'),
  at: z.iso.datetime(),
};

/** Something that happened: a step of an alert, or how far a run has come. */
export const EventView = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('alert-transition'),
    ...common,
    alertId: z.string(),
    kind: z.enum(ALERT_KINDS),
    transition: AlertDetailView.shape.transitions.element,
  }),
  z.object({ type: z.literal('run-progress'), ...common, run: CoverageSummaryView }),
]);
export type EventView = z.infer<typeof EventView>;

/** Events in order of time, and where to ask on. */
export const EventPageView = z.object({
  nextCursor: z.string().describe('Ask for what comes next by "after"'),
  items: z.array(EventView).describe('The oldest first'),
});
export type EventPageView = z.infer<typeof EventPageView>;
