import { Hono } from 'hono';
import { parseListParameters } from '../../api/list-parameters.ts';
import { problemResponse } from '../../api/problem.ts';
import type { ServiceReader } from '../../api/service-reader.ts';
import { renderAuditPage } from '../../dashboard/audit-page.tsx';

/** What the service answers by HTTP, until the API of its own is there. */
export interface HttpAppOptions {
  readonly reader: ServiceReader;
  /** What Slack would show, as a document of HTML. */
  readonly slackPreviewPage: () => string;
  /** Told of what an answer failed of; the one who asked is not told. */
  readonly onFailure: (cause: unknown) => void;
}

const RUNS_LIMIT = 20;
const ALERTS_LIMIT = 200;
/**
 * Names by which this machine calls itself. A page of another origin can have its own name resolve to this machine; its
 * requests then name that host. https://developer.mozilla.org/en-US/docs/Web/Security/Attacks/DNS_rebinding
 */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/** Returns the application: JSON, problem documents for everything that is not an answer. */
export function createHttpApp({ reader, slackPreviewPage, onFailure }: HttpAppOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const host = context.req.header('host');
    if (host !== undefined && !LOOPBACK_HOST.test(host)) {
      return problemResponse({
        status: 403,
        title: 'Host not known',
        detail: `This service answers on this machine only, by the host 127.0.0.1 or localhost, not "${host}"`,
      });
    }
    if (context.req.method !== 'GET' && context.req.method !== 'HEAD') {
      return problemResponse({
        status: 405,
        title: 'Method not allowed',
        detail: 'Nothing can be changed here: ask with GET',
      });
    }
    await next();
    context.res.headers.set('cache-control', 'no-store');
    context.res.headers.set('x-content-type-options', 'nosniff');
    return undefined;
  });
  app.get('/', async (context) => {
    const page = await reader.page();
    return page === undefined ? answer(undefined) : context.html(renderAuditPage(page.view, page.notices, page.trends));
  });
  app.get('/preview/slack', (context) => context.html(slackPreviewPage()));
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/v1/fleet', async (context) => {
    const unknown = firstParameter(context.req.url);
    return unknown === undefined ? answer(await reader.fleet()) : refusedParameter(unknown);
  });
  app.get('/v1/subnets', (context) => list(context.req.url, reader.subnets));
  app.get('/v1/subnets/:subnetId/trend', (context) => trend(reader, context.req.param('subnetId'), context.req.url));
  app.get('/v1/clusters', (context) => list(context.req.url, reader.clusters));
  app.get('/v1/alerts', async (context) => {
    const unknown = firstParameter(context.req.url);
    return unknown === undefined ? answer(await reader.alerts(ALERTS_LIMIT)) : refusedParameter(unknown);
  });
  app.get('/v1/runs', async (context) => {
    const unknown = firstParameter(context.req.url);
    return unknown === undefined ? answer({ items: await reader.runs(RUNS_LIMIT) }) : refusedParameter(unknown);
  });
  app.notFound(() =>
    problemResponse({
      status: 404,
      title: 'Not found',
      detail:
        'Expected one of /, /preview/slack, /healthz, /v1/fleet, /v1/subnets, /v1/subnets/{subnetId}/trend, /v1/clusters, /v1/alerts, /v1/runs',
    }),
  );
  app.onError((cause) => {
    onFailure(cause);
    return problemResponse({ status: 500, title: 'Internal error', detail: 'The terminal of the service says more' });
  });
  return app;
}

async function list<T extends object>(
  url: string,
  read: (parameters: Parameters<ServiceReader['subnets']>[0]) => Promise<T | undefined>,
): Promise<Response> {
  const parameters = parseListParameters(new URL(url).searchParams);
  return parameters.ok ? answer(await read(parameters.value)) : refusedQuery(parameters.error);
}

const WINDOW_DAYS_DEFAULT = 30;
/** As long as hourly points are kept. */
const WINDOW_DAYS_MAX = 90;
const WINDOW = /^([1-9]\d?)d$/;

async function trend(reader: ServiceReader, subnetId: string, url: string): Promise<Response> {
  const query = new URL(url).searchParams;
  const unknown = [...query.keys()].find((name, index, names) => name !== 'window' || names.indexOf(name) !== index);
  if (unknown !== undefined) {
    return refusedQuery(`Cannot read the parameter "${unknown}": expected "window", once`);
  }
  const window = query.get('window') ?? `${WINDOW_DAYS_DEFAULT}d`;
  const days = Number(WINDOW.exec(window)?.[1] ?? Number.NaN);
  if (!(days <= WINDOW_DAYS_MAX)) {
    return refusedQuery(`Cannot read "window" ${JSON.stringify(window)}: expected 1d to ${WINDOW_DAYS_MAX}d`);
  }
  const view = await reader.trend(subnetId, days);
  return view === undefined
    ? problemResponse({ status: 404, title: 'Not found', detail: `No subnet "${subnetId}" was seen` })
    : Response.json(view);
}

function answer(view: object | undefined): Response {
  return view === undefined
    ? problemResponse({
        status: 503,
        title: 'Nothing seen yet',
        detail: 'The first scan is under way: ask again in a moment',
        retryAfterSeconds: 1,
      })
    : Response.json(view);
}

function firstParameter(url: string): string | undefined {
  return [...new URL(url).searchParams.keys()][0];
}

function refusedParameter(name: string): Response {
  return refusedQuery(`Cannot read the parameter "${name}": expected none`);
}

function refusedQuery(detail: string): Response {
  return problemResponse({ status: 400, title: 'Query not understood', detail });
}
