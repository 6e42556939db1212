import type { AlertDetailView } from '../alert-detail-view.ts';
import { ALERT_EXAMPLE } from './alert-example.ts';

/** An alert with what became of it. */
export const ALERT_DETAIL_EXAMPLE: AlertDetailView = {
  ...ALERT_EXAMPLE,
  transitions: [
    {
      sequence: 1,
      type: 'opened',
      at: '2026-11-23T06:00:00.000Z',
      before: null,
      after: { severity: 'critical', state: 'open' },
    },
  ],
};
