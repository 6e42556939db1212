import { once } from 'node:events';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import autocannon from 'autocannon';
import { Hono } from 'hono';
import type { ApiPorts } from '../../lib/api/api-ports.ts';
import { createApi } from '../../lib/api/create-api.ts';
import { ROUTES } from '../../lib/api/routes.ts';
import { fleetVpc } from '../../lib/audit/fleet-vpc.ts';
import { homeShard } from '../../lib/audit/place-vpcs.ts';
import type { RunTally } from '../../lib/audit/tally-run.ts';
import { STATUSES } from '../../lib/domain/capacity/subnet-status.ts';
import { httpFunction } from '../../lib/wiring/http-function.ts';
import { anApiWorld, NOW } from '../api/api-world.ts';
import { memoryFleetStore } from '../helpers/memory-fleet-store.ts';
import { REGIONS, type RealisticFleet, realisticVpc } from '../helpers/realistic-fleet.ts';
import { CONTEXT, lambdaEvent } from './lambda-event.ts';
import { median } from './median.ts';

const FLEET: RealisticFleet = {
  vpcCount: 400,
  subnetsPerVpc: 25,
  clusterCount: 500,
  observedAt: '2026-11-23T08:00:00.000Z',
  seed: 20_261_123,
};
const LIMIT = 'limit=100';
export const PAGE = `/v1/subnets?${LIMIT}`;
const RUNS = 500;
/** Before what is warm is measured, so that it is: pages of their own, of half the length. */
const WARM_UP_PAGES = 150;
const WARM_UP_LIMIT = 'limit=50';
const BYTES = 256;
/** The same page again and again. */
const KEPT_PAGES: readonly string[] = new Array<string>(RUNS).fill(LIMIT);
/** Pages of which each is another: a region with any of the statuses, and ids that contain two hexadecimal digits. */
const FILTERED_PAGES: readonly string[] = REGIONS.flatMap((region) =>
  subsetsOf(STATUSES).map((statuses) => `${LIMIT}&region=${region}&status=${statuses.join(',')}`),
);
const SEARCHED_PAGES: readonly string[] = Array.from(
  { length: BYTES },
  (_, byte) => `${LIMIT}&search=${byte.toString(16).padStart(2, '0')}`,
);
const LOAD_SECONDS = 4;
const CONNECTIONS = 16;

/**
 * Measures what the API adds: the time of a list page on the Lambda adapter, and requests a second beside a bare route of the same
 * framework that returns the same bytes, in the same process and run. The fleet is in memory; what its store costs is `fleet`.
 */
export async function benchApi() {
  const world = await anApiWorld();
  const fleet = await world.ports.fleets.readFleet();
  const { ports } = await anApiWorld({
    ...world.ports,
    fleets: await realisticFleet(fleet?.scan),
  });
  const api = createApi(ROUTES, ports);
  const page = new Uint8Array(await (await api.request(PAGE)).arrayBuffer());
  const bareLoad = await load(bareRoute(page));
  const apiLoad = await load(api);
  return {
    subnetCount: FLEET.vpcCount * FLEET.subnetsPerVpc,
    pageBytes: page.byteLength,
    lambda: await lambdaPagesMs(ports),
    load: {
      bare: bareLoad,
      api: apiLoad,
      ratioToBare: apiLoad.requestsPerSecond / bareLoad.requestsPerSecond,
    },
  };
}

/** Returns a route that does nothing but send a page, of which the bytes are there as the API has those that it keeps. */
export function bareRoute(page: Uint8Array<ArrayBuffer>): Hono {
  return new Hono().get('/v1/subnets', (context) => context.body(page, 200, { 'content-type': 'application/json' }));
}

async function realisticFleet(scan: RunTally | undefined): Promise<ApiPorts['fleets']> {
  const fleets = memoryFleetStore();
  const revision = await fleets.beginRollUp();
  for (let index = 0; index < FLEET.vpcCount; index += 1) {
    const state = realisticVpc(FLEET, index);
    const row = fleetVpc(state, 'v1');
    await revision.writeShard(homeShard(state.vpc), { put: [{ row, state }], remove: [], isWhole: false });
  }
  await revision.keepScan(scan);
  await revision.publish(NOW);
  return fleets;
}

/** All but the empty one. */
function subsetsOf<T>(items: readonly T[]): T[][] {
  const count = 2 ** items.length - 1;
  return Array.from({ length: count }, (_, index) => items.filter((__, place) => ((index + 1) >> place) % 2 === 1));
}

/** What browsers and curl say that they take, and programs that know gzip only. */
const ACCEPTED = { browser: 'gzip, deflate, br, zstd', gzipOnly: 'gzip' };

/**
 * Measures pages on the Lambda adapter: those that were made for another request before, and those that are made for this one, by a
 * filter or a part of an id; and the same for who takes gzip only.
 */
export async function lambdaPagesMs(ports: ApiPorts) {
  const measure = async (acceptEncoding: string) => ({
    kept: await lambdaMs(ports, KEPT_PAGES, acceptEncoding),
    filtered: await lambdaMs(ports, FILTERED_PAGES, acceptEncoding),
    searched: await lambdaMs(ports, SEARCHED_PAGES, acceptEncoding),
  });
  const { browser, gzipOnly } = ACCEPTED;
  return { browser: await measure(browser), gzipOnly: await measure(gzipOnly) };
}

/** Measures pages of subnets on the Lambda adapter, one after the other. */
async function lambdaMs(
  ports: ApiPorts,
  queries: readonly string[],
  acceptEncoding: string,
): Promise<{ readonly p50: number; readonly p99: number }> {
  const handler = httpFunction(createApi(ROUTES, ports));
  const ask = async (rawQueryString: string) => {
    const startedAt = performance.now();
    const answer = await handler(lambdaEvent('/v1/subnets', rawQueryString, acceptEncoding), CONTEXT);
    const durationMs = performance.now() - startedAt;
    if (answer.statusCode !== 200) {
      throw new Error(`Cannot measure the page ${rawQueryString}: it answers ${answer.statusCode}`);
    }
    return durationMs;
  };
  for (const query of queries.slice(0, WARM_UP_PAGES)) {
    await ask(query.replace(LIMIT, WARM_UP_LIMIT));
  }
  const durations: number[] = [];
  for (const query of queries) {
    durations.push(await ask(query));
  }
  const sorted = durations.toSorted((a, b) => a - b);
  return { p50: median(durations), p99: sorted[Math.floor(durations.length * 0.99)] ?? Number.NaN };
}

/** Measures requests a second of an application that answers the page, from a process of its own. */
export async function load(app: Pick<Hono, 'fetch'>) {
  const server = createServer(getRequestListener(app.fetch));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const { requests, latency, non2xx } = await autocannon({
    url: `http://127.0.0.1:${port}${PAGE}`,
    connections: CONNECTIONS,
    duration: LOAD_SECONDS,
    workers: 1,
  });
  server.close();
  if (non2xx > 0) {
    throw new Error(`Cannot measure the API: ${non2xx} requests were not answered`);
  }
  return { requestsPerSecond: requests.average, p99Ms: latency.p99 };
}
