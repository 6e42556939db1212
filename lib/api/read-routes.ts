import type { ReadRoutePorts } from './api-ports.ts';
import type { Route } from './route.ts';
import { getAddress } from './routes/addresses.ts';
import { getAlert, listAlertsRoute } from './routes/alerts.ts';
import { listAuditTrailRoute } from './routes/audit-trail.ts';
import { getCluster, getClusterTrend, listClustersRoute } from './routes/clusters.ts';
import { listEventsRoute } from './routes/events.ts';
import { getFleet, getFleetTrend } from './routes/fleet.ts';
import { getMetrics } from './routes/metrics.ts';
import { getRun, listRunsRoute } from './routes/runs.ts';
import { getHealth, getOpenapi, getReference } from './routes/service.ts';
import { listSilencesRoute } from './routes/silences.ts';
import { getSubnet, getSubnetAddresses, getSubnetTrend, listSubnetsRoute } from './routes/subnets.ts';

/** Routes that change nothing. */
export const READ_ROUTES: readonly Route<ReadRoutePorts>[] = [
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
  listSilencesRoute,
  listRunsRoute,
  getRun,
  listEventsRoute,
  listAuditTrailRoute,
  getMetrics,
  getHealth,
  getOpenapi,
  getReference,
];
