import * as z from 'zod/mini';
import { clusterRowOf } from '../../audit/fleet.ts';
import { listClusters } from '../../audit/query-fleet.ts';
import { readClusterTrend } from '../../audit/read-room-trend.ts';
import { DAILY_WINDOW_DAYS_MAX } from '../../audit/read-series-window.ts';
import { err, ok } from '../../domain/result.ts';
import { fleetBasis } from '../answer-basis.ts';
import { findInFleet, readFleetList } from '../fleet-list.ts';
import { FleetListQuery, fleetFilterOf, windowDays, windowParameter } from '../list-query.ts';
import { readClusters, readClustersAsJson } from '../read-rows.ts';
import { CLUSTER_ID } from '../resource-ids.ts';
import { route } from '../route.ts';
import { NOTHING_SEEN_YET, notFound } from '../shared-problems.ts';
import { toRoomTrendView } from '../to-room-trend-view.ts';

const ClusterParams = z.strictObject({ clusterId: CLUSTER_ID });

export const listClustersRoute = route({
  operationId: 'listClusters',
  method: 'get',
  path: '/v1/clusters',
  tag: 'clusters',
  summary: 'Clusters, the most urgent first',
  access: 'read',
  restsOn: fleetBasis,
  query: FleetListQuery,
  response: {
    status: 200,
    description: 'A page of clusters',
  },
  problems: ['invalid-cursor', 'nothing-seen-yet'],
  handle: ({ query, caller }, ports) =>
    readFleetList(
      {
        operationId: 'listClusters',
        find: (asked) => findInFleet(listClusters, asked, ports),
        read: readClustersAsJson,
      },
      { filter: fleetFilterOf(query, caller), query, caller },
      ports,
    ),
});

export const getCluster = route({
  operationId: 'getCluster',
  method: 'get',
  path: '/v1/clusters/{clusterId}',
  tag: 'clusters',
  summary: 'One cluster',
  access: 'read',
  params: ClusterParams,
  response: {
    status: 200,
    description: 'The cluster as it was judged last',
  },
  problems: ['not-found', 'nothing-seen-yet'],
  async handle({ params: { clusterId }, caller }, ports) {
    const fleet = await ports.fleets.readFleet();
    if (fleet === undefined) {
      return err(NOTHING_SEEN_YET);
    }
    const row = clusterRowOf(fleet, clusterId);
    const [view] = row === undefined ? [] : await readClusters(ports, fleet, [row], caller.accountIds);
    return view === undefined ? err(notFound('cluster', clusterId)) : ok(view);
  },
});

export const getClusterTrend = route({
  operationId: 'getClusterTrend',
  method: 'get',
  path: '/v1/clusters/{clusterId}/trend',
  tag: 'clusters',
  summary: 'How the room of a cluster and of its zones went, and where it goes',
  access: 'read',
  params: ClusterParams,
  query: z.strictObject({ window: windowParameter(DAILY_WINDOW_DAYS_MAX) }),
  response: {
    status: 200,
    description: 'Hourly and daily sums, and forecasts of its zones',
  },
  problems: ['not-found'],
  async handle({ params: { clusterId }, query: { window }, caller }, ports) {
    const trend = await readClusterTrend(clusterId, windowDays(window), caller.accountIds, ports);
    return trend === undefined
      ? err(notFound('cluster', clusterId))
      : ok(toRoomTrendView(trend, ports.history().message));
  },
});
