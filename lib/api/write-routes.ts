import type { WriteRoutePorts } from './api-ports.ts';
import type { Route } from './route.ts';
import { acknowledgeAlertRoute, snoozeAlertRoute } from './routes/alert-writes.ts';
import { requestScanRoute } from './routes/scans.ts';
import { createSilenceRoute, endSilenceRoute } from './routes/silence-writes.ts';
import { receiveSlackActions } from './routes/slack-actions.ts';

/** Routes that change something. */
export const WRITE_ROUTES: readonly Route<WriteRoutePorts>[] = [
  acknowledgeAlertRoute,
  snoozeAlertRoute,
  createSilenceRoute,
  endSilenceRoute,
  requestScanRoute,
  receiveSlackActions,
];
