import * as z from 'zod';
import { AddressMapView } from './address-map-view.ts';
import { AddressView } from './address-view.ts';
import { AlertDetailView } from './alert-detail-view.ts';
import { AlertView } from './alert-view.ts';
import { AuditTrailEntryView } from './audit-trail-view.ts';
import { ClusterView } from './cluster-view.ts';
import { EventPageView } from './event-view.ts';
import { ADDRESS_EXAMPLE } from './examples/address-example.ts';
import { ADDRESS_MAP_EXAMPLE } from './examples/address-map-example.ts';
import { ALERT_DETAIL_EXAMPLE } from './examples/alert-detail-example.ts';
import { ALERT_EXAMPLE } from './examples/alert-example.ts';
import { AUDIT_TRAIL_ENTRY_EXAMPLE } from './examples/audit-trail-entry-example.ts';
import { CLUSTER_EXAMPLE } from './examples/cluster-example.ts';
import { COVERAGE_SUMMARY_EXAMPLE } from './examples/coverage-summary-example.ts';
import { EVENT_PAGE_EXAMPLE } from './examples/event-page-example.ts';
import { FLEET_EXAMPLE } from './examples/fleet-example.ts';
import { FLEET_TREND_EXAMPLE } from './examples/fleet-trend-example.ts';
import { METRICS_EXAMPLE } from './examples/metrics-example.ts';
import { ROOM_TREND_EXAMPLE } from './examples/room-trend-example.ts';
import { RUN_EXAMPLE } from './examples/run-example.ts';
import { SILENCE_EXAMPLE } from './examples/silence-example.ts';
import { SUBNET_EXAMPLE } from './examples/subnet-example.ts';
import { TREND_EXAMPLE } from './examples/trend-example.ts';
import { FleetTrendView } from './fleet-trend-view.ts';
import { FleetView } from './fleet-view.ts';
import type { JsonBytes } from './json-bytes.ts';
import { coverage, fleetListExample, fleetListOf, matchCount, nextCursor } from './list-view.ts';
import { RoomTrendView } from './room-trend-view.ts';
import type { Route } from './route.ts';
import { getAddress } from './routes/addresses.ts';
import { acknowledgeAlertRoute, snoozeAlertRoute } from './routes/alert-writes.ts';
import { getAlert, listAlertsRoute } from './routes/alerts.ts';
import { listAuditTrailRoute } from './routes/audit-trail.ts';
import { getCluster, getClusterTrend, listClustersRoute } from './routes/clusters.ts';
import { listEventsRoute } from './routes/events.ts';
import { getFleet, getFleetTrend } from './routes/fleet.ts';
import { getMetrics } from './routes/metrics.ts';
import { getRun, listRunsRoute } from './routes/runs.ts';
import { requestScanRoute } from './routes/scans.ts';
import { getHealth, getOpenapi, getReference } from './routes/service.ts';
import { createSilenceRoute } from './routes/silence-writes.ts';
import { listSilencesRoute } from './routes/silences.ts';
import { getSubnet, getSubnetAddresses, getSubnetTrend, listSubnetsRoute } from './routes/subnets.ts';
import { RunView } from './run-view.ts';
import { SilenceView } from './silence-view.ts';
import { SubnetView } from './subnet-view.ts';
import { TrendView } from './trend-view.ts';

/** Of what shape an answer is, and what one looks like. */
export interface Answer {
  readonly schema: z.core.$ZodType;
  /** Left out where the answer is a document that shows itself. */
  readonly example?: unknown;
  /** Present where the request has a body. */
  readonly bodyExample?: unknown;
}

/**
 * What every route with a body in its answer promises of it, by its operation: for documents and tests. A running API holds to it by
 * its types, and carries neither schemas nor examples along.
 */
export const ANSWERS: ReadonlyMap<string, Answer> = new Map([
  answer(getFleet, FleetView, { example: FLEET_EXAMPLE }),
  answer(getFleetTrend, FleetTrendView, { example: FLEET_TREND_EXAMPLE }),
  answer(listClustersRoute, fleetListOf(ClusterView), { example: fleetListExample(CLUSTER_EXAMPLE) }),
  answer(getCluster, ClusterView, { example: CLUSTER_EXAMPLE }),
  answer(getClusterTrend, RoomTrendView, { example: ROOM_TREND_EXAMPLE }),
  answer(listSubnetsRoute, fleetListOf(SubnetView), { example: fleetListExample(SUBNET_EXAMPLE) }),
  answer(getSubnet, SubnetView, { example: SUBNET_EXAMPLE }),
  answer(getSubnetTrend, TrendView, { example: TREND_EXAMPLE }),
  answer(getSubnetAddresses, AddressMapView, { example: ADDRESS_MAP_EXAMPLE }),
  answer(getAddress, fleetListOf(AddressView), { example: fleetListExample(ADDRESS_EXAMPLE) }),
  answer(listAlertsRoute, z.object({ coverage, matchCount, nextCursor, items: z.array(AlertView) }), {
    example: { coverage: COVERAGE_SUMMARY_EXAMPLE, matchCount: 1, nextCursor: null, items: [ALERT_EXAMPLE] },
  }),
  answer(getAlert, AlertDetailView, { example: ALERT_DETAIL_EXAMPLE }),
  answer(acknowledgeAlertRoute, AlertView, { example: ALERT_EXAMPLE, bodyExample: {} }),
  answer(snoozeAlertRoute, AlertView, { example: ALERT_EXAMPLE, bodyExample: { until: '2026-11-24T08:00:00Z' } }),
  answer(listSilencesRoute, z.object({ items: z.array(SilenceView) }), { example: { items: [SILENCE_EXAMPLE] } }),
  answer(createSilenceRoute, SilenceView, {
    example: SILENCE_EXAMPLE,
    bodyExample: { match: { by: 'team', team: 'shop' }, until: '2026-12-01T00:00:00Z', reason: 'Migration' },
  }),
  answer(listRunsRoute, z.object({ nextCursor, items: z.array(RunView) }), {
    example: { nextCursor: null, items: [RUN_EXAMPLE] },
  }),
  answer(getRun, RunView, { example: RUN_EXAMPLE }),
  answer(requestScanRoute, RunView, {
    example: RUN_EXAMPLE,
    bodyExample: { accountId: '111122223333', region: 'eu-west-1' },
  }),
  answer(listEventsRoute, EventPageView, { example: EVENT_PAGE_EXAMPLE }),
  answer(listAuditTrailRoute, z.object({ nextCursor, items: z.array(AuditTrailEntryView) }), {
    example: { nextCursor: null, items: [AUDIT_TRAIL_ENTRY_EXAMPLE] },
  }),
  answer(getMetrics, z.string(), { example: METRICS_EXAMPLE }),
  answer(getHealth, z.object({ status: z.literal('ok') }), { example: { status: 'ok' } }),
  answer(getOpenapi, z.string(), {}),
  answer(getReference, z.string(), {}),
]);

function answer<S extends z.core.$ZodType>(
  { operationId }: Route<never, z.input<S>> | Route<never, JsonBytes<z.input<S>>>,
  schema: S,
  examples: { readonly example?: z.input<S>; readonly bodyExample?: unknown },
): readonly [string, Answer] {
  return [operationId, { schema, ...examples }];
}
