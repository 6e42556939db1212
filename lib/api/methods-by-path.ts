import type { Method } from './route.ts';

/**
 * Which methods each path takes, of all routes: a process that answers some of them tells who asks by another method which it is, and
 * does not say of what others answer that it is not there.
 */
export const METHODS_BY_PATH: Readonly<Record<string, readonly Method[]>> = {
  '/v1/fleet': ['get'],
  '/v1/fleet/trend': ['get'],
  '/v1/clusters': ['get'],
  '/v1/clusters/{clusterId}': ['get'],
  '/v1/clusters/{clusterId}/trend': ['get'],
  '/v1/subnets': ['get'],
  '/v1/subnets/{subnetId}': ['get'],
  '/v1/subnets/{subnetId}/trend': ['get'],
  '/v1/subnets/{subnetId}/addresses': ['get'],
  '/v1/addresses/{ip}': ['get'],
  '/v1/alerts': ['get'],
  '/v1/alerts/{alertId}': ['get'],
  '/v1/silences': ['get', 'post'],
  '/v1/runs': ['get'],
  '/v1/runs/{slot}': ['get'],
  '/v1/events': ['get'],
  '/v1/audit-trail': ['get'],
  '/metrics': ['get'],
  '/healthz': ['get'],
  '/openapi.json': ['get'],
  '/docs': ['get'],
  '/v1/alerts/{alertId}/acknowledge': ['post'],
  '/v1/alerts/{alertId}/snooze': ['post'],
  '/v1/silences/{silenceId}': ['delete'],
  '/v1/scans': ['post'],
  '/slack/actions': ['post'],
};
