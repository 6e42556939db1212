import type { Route } from './route.ts';
import { getAddress } from './routes/addresses.ts';
import { acknowledgeAlertRoute, getAlert, listAlertsRoute, snoozeAlertRoute } from './routes/alerts.ts';
import { listAuditTrailRoute } from './routes/audit-trail.ts';
import { getCluster, getClusterTrend, listClustersRoute } from './routes/clusters.ts';
import { listEventsRoute } from './routes/events.ts';
import { getFleet, getFleetTrend } from './routes/fleet.ts';
import { getMetrics } from './routes/metrics.ts';
import { getRun, listRunsRoute } from './routes/runs.ts';
import { requestScanRoute } from './routes/scans.ts';
import { getHealth, getOpenapi, getReference } from './routes/service.ts';
import { createSilenceRoute, endSilenceRoute, listSilencesRoute } from './routes/silences.ts';
import { receiveSlackActions } from './routes/slack-actions.ts';
import { getSubnet, getSubnetAddresses, getSubnetTrend, listSubnetsRoute } from './routes/subnets.ts';

/** Every route of the API, in the order of its document. What walks all of them walks this list. */
export const ROUTES: readonly Route[] = [
  getFleet,
  getFleetTrend,
  listClustersRoute,
  getCluster,
  getClusterTrend,
  listSubnetsRoute,
  getSubnet,
  getSubnetTrend,
  getSubnetAddresses,
  getAddress,
  listAlertsRoute,
  getAlert,
  acknowledgeAlertRoute,
  snoozeAlertRoute,
  listSilencesRoute,
  createSilenceRoute,
  endSilenceRoute,
  listRunsRoute,
  getRun,
  requestScanRoute,
  listEventsRoute,
  listAuditTrailRoute,
  receiveSlackActions,
  getMetrics,
  getHealth,
  getOpenapi,
  getReference,
];
