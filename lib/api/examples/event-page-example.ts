import type { EventPageView } from '../event-view.ts';
import { ALERT_DETAIL_EXAMPLE } from './alert-detail-example.ts';
import { COVERAGE_SUMMARY_EXAMPLE } from './coverage-summary-example.ts';

const { alertId, kind, transitions } = ALERT_DETAIL_EXAMPLE;

/** A transition of an alert, and how far a run is. */
export const EVENT_PAGE_EXAMPLE: EventPageView = {
  nextCursor: 'eyJhdCI6Ii4uLiJ9.c2lnbmVk',
  items: [
    ...transitions.slice(0, 1).map((transition) => ({
      type: 'alert-transition' as const,
      eventId: `${alertId}/${transition.sequence}`,
      at: transition.at,
      alertId,
      kind,
      transition,
    })),
    {
      type: 'run-progress' as const,
      eventId: `${COVERAGE_SUMMARY_EXAMPLE.slot}/${COVERAGE_SUMMARY_EXAMPLE.scheduledAt}`,
      at: COVERAGE_SUMMARY_EXAMPLE.scheduledAt,
      run: COVERAGE_SUMMARY_EXAMPLE,
    },
  ],
};
