import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { err, ok, type Result } from '../domain/result.ts';
import type { AnsweredRequest, AnswerPorts } from './api-ports.ts';
import { type BodyCache, createBodyCache, type MadeBody, madeBody } from './body-cache.ts';
import { ANYBODY, type Caller } from './caller.ts';
import { namesEtag } from './etag.ts';
import { type BodyBytes, isBytes, jsonBytes, textBytes } from './json-bytes.ts';
import { METHODS_BY_PATH } from './methods-by-path.ts';
import { type Problem, problemResponse } from './problem.ts';
import { type Contract, EVENT_STREAM_MEDIA_TYPE, type Method, type Route, type RouteRequest } from './route.ts';

/** Far above what any contract takes, and above a message of Slack that comes back with its button, encoded as a form. */
const BODY_BYTES_MAX = 256 * 1_024;
const REQUEST_ID = 'x-request-id';
/** What a browser may do with an answer: apply the style of a page, and nothing else. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
const JSON_MEDIA_TYPE = 'application/json';

/** Who asks, and under which name the logs have it. */
type Variables = { requestId: string; route: Contract | undefined; caller: Caller | undefined; cause: unknown };
type ApiContext = Context<{ Variables: Variables }>;

/**
 * Returns the API of some routes over what they are given: JSON by contract, and a problem document for everything that is not an
 * answer. The same application answers on Lambda and on one machine.
 */
export function createApi<P extends AnswerPorts>(
  routes: readonly Route<P>[],
  ports: P,
): Hono<{ Variables: Variables }> {
  const app = new Hono<{ Variables: Variables }>();
  const cache = createBodyCache();
  app.use(async (context, next) => {
    const startedAtMs = ports.now();
    context.set('requestId', ports.newId());
    await next();
    context.res.headers.set(REQUEST_ID, context.get('requestId'));
    context.res.headers.set('x-content-type-options', 'nosniff');
    context.res.headers.set('content-security-policy', CONTENT_SECURITY_POLICY);
    ports.onAnswer(answered(context, ports.now() - startedAtMs));
  });
  app.use(
    bodyLimit({
      maxSize: BODY_BYTES_MAX,
      onError: (context: ApiContext) =>
        problemResponse(
          { code: 'body-too-large', detail: `Cannot read the body: expected ${BODY_BYTES_MAX} bytes at the most` },
          context.get('requestId'),
        ),
    }),
  );
  for (const route of routes) {
    app.on(route.method.toUpperCase(), honoPath(route.path), (context) => answer(route, context, ports, cache));
  }
  for (const [path, methods] of Object.entries(METHODS_BY_PATH)) {
    app.all(honoPath(path), (context) =>
      problemResponse(wrongMethod(methods, context.req.method), context.get('requestId')),
    );
  }
  app.notFound((context) => problemResponse(NO_ROUTE, context.get('requestId')));
  app.onError((cause, context) => {
    context.set('cause', cause);
    return problemResponse(INTERNAL_ERROR, context.get('requestId'));
  });
  return app;
}

const NO_ROUTE: Problem = {
  code: 'not-found',
  detail: 'There is no such path: /openapi.json has those that there are',
};
const INTERNAL_ERROR: Problem = {
  code: 'internal-error',
  detail: 'The logs of the service say more, by the id of this request',
};

function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function wrongMethod(methods: readonly Method[], method: string): Problem {
  const allowed = methods.map((one) => one.toUpperCase());
  return {
    code: 'method-not-allowed',
    detail: `Cannot ${method} this: expected ${allowed.join(' or ')}`,
    headers: { allow: allowed.join(', ') },
  };
}

function answered(context: ApiContext, durationMs: number): AnsweredRequest {
  const cause = context.get('cause');
  const route = context.get('route');
  return {
    requestId: context.get('requestId'),
    operationId: route?.operationId,
    route: route === undefined ? undefined : `${route.method.toUpperCase()} ${route.path}`,
    status: context.res.status,
    caller: context.get('caller')?.name,
    durationMs,
    ...(cause === undefined ? {} : { cause }),
  };
}

async function answer<P extends AnswerPorts>(
  route: Route<P>,
  context: ApiContext,
  ports: P,
  cache: BodyCache,
): Promise<Response> {
  context.set('route', route);
  const caller = await admit(route, context, ports);
  if (!caller.ok) {
    return problemResponse(caller.error, context.get('requestId'));
  }
  context.set('caller', caller.value);
  const url = new URL(context.req.url);
  const key = { caller: caller.value, path: url.pathname + url.search };
  const basis = await route.restsOn?.(ports, url.searchParams);
  const known = basis === undefined ? undefined : cache.read(key, basis);
  if (known !== undefined) {
    return bodyResponse(route, known, context);
  }
  const request = {
    caller: caller.value,
    requestId: context.get('requestId'),
    header: (name: string) => context.req.header(name),
    params: context.req.param(),
    query: url.searchParams,
    rawBody: route.method === 'post' ? await context.req.text() : '',
  };
  const { followEvents } = ports;
  if (route.isFollowed && followEvents !== undefined && wantsStream(context)) {
    return follow(route, request, context, { ...ports, followEvents });
  }
  const result = await route.run(request, ports);
  if (!result.ok) {
    return problemResponse(result.error, context.get('requestId'));
  }
  if (route.response.isEmpty) {
    return new Response(null, { status: route.response.status, headers: { 'cache-control': 'no-store' } });
  }
  const body = bodyOf(result.value, route.response);
  if (basis !== undefined) {
    cache.keep(key, basis, body);
  }
  return bodyResponse(route, body, context);
}

/** A view that is kept while what it rests on is the same has the same body. */
const bodies = new WeakMap<WeakKey, MadeBody>();

function bodyOf(value: unknown, response: Route['response']): MadeBody {
  if (typeof value !== 'object' || value === null) {
    return madeBody(bytesOf(value, response));
  }
  const body = bodies.get(value) ?? madeBody(bytesOf(value, response));
  bodies.set(value, body);
  return body;
}

/** What is bytes already is JSON, or whatever else the route says that it is. */
function bytesOf(value: unknown, { mediaType }: Route['response']): BodyBytes {
  if (isBytes(value)) {
    return value;
  }
  return mediaType === undefined ? jsonBytes(value) : textBytes(String(value));
}

function wantsStream(context: ApiContext): boolean {
  return context.req.header('accept')?.includes(EVENT_STREAM_MEDIA_TYPE) ?? false;
}

async function follow<P extends AnswerPorts>(
  route: Route<P>,
  request: RouteRequest,
  context: ApiContext,
  ports: P & { readonly followEvents: NonNullable<AnswerPorts['followEvents']> },
): Promise<Response> {
  const poll = (after: string | undefined) => {
    const query = new URLSearchParams(request.query);
    if (after !== undefined) {
      query.set('after', after);
    }
    return route.run({ ...request, query }, ports);
  };
  // What a browser sends of itself when it was cut off is newer than what its page once asked for.
  const first = await poll(context.req.header('last-event-id'));
  return first.ok
    ? ports.followEvents(context, {
        first: first.value,
        poll,
        onFailure: (cause) => ports.onAnswer({ ...answered(context, 0), status: 500, cause }),
      })
    : problemResponse(first.error, context.get('requestId'));
}

/** Whether a request may be answered at all: from where it comes, who asks, and what it says its body is. */
async function admit(route: Contract, context: ApiContext, ports: AnswerPorts): Promise<Result<Caller, Problem>> {
  if (route.access === 'open' || route.access === 'signed') {
    return ok(ANYBODY);
  }
  if (route.access === 'write') {
    const foreign = foreignOrigin(context);
    if (foreign !== undefined) {
      return err(foreign);
    }
  }
  const caller = await ports.authenticate(context);
  if (!caller.ok) {
    return caller;
  }
  if (!caller.value.scopes.includes(route.access)) {
    const detail = `Cannot ${route.operationId}: "elbowroom:${route.access}" is not among the scopes of the caller`;
    return err({ code: 'not-permitted', detail });
  }
  const mediaType = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (route.body !== undefined && mediaType !== JSON_MEDIA_TYPE) {
    return err({
      code: 'unsupported-media-type',
      detail: `Cannot read the body: its media type is ${JSON.stringify(mediaType ?? 'not said')}, expected ${JSON_MEDIA_TYPE}`,
    });
  }
  return caller;
}

/**
 * A browser says which site a page is of that asks for a change; programs say nothing. A page of another site that sends what it
 * may without asking first, a form, cannot say that it is JSON either.
 * https://developer.mozilla.org/en-US/docs/Web/Security/Attacks/CSRF
 */
function foreignOrigin(context: ApiContext): Problem | undefined {
  const origin = context.req.header('origin');
  const site = context.req.header('sec-fetch-site') ?? 'none';
  const isOwn = origin === undefined || hostOf(origin) === context.req.header('host');
  return isOwn && (site === 'none' || site === 'same-origin')
    ? undefined
    : { code: 'foreign-origin', detail: 'Nothing is changed for a page of another site: ask from this host' };
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function bodyResponse({ method, response }: Contract, body: MadeBody, context: ApiContext): Response {
  const headers = new Headers({ 'content-type': response.mediaType ?? JSON_MEDIA_TYPE });
  if (method !== 'get') {
    headers.set('cache-control', 'no-store');
    return new Response(body.encodedFor('').bytes(), { status: response.status, headers });
  }
  headers.set('cache-control', 'private, no-cache');
  headers.set('vary', 'Authorization, Accept-Encoding');
  const encoded = body.encodedFor(context.req.header('accept-encoding') ?? '');
  headers.set('etag', encoded.etag);
  if (namesEtag(context.req.header('if-none-match') ?? '', encoded.etag)) {
    headers.delete('content-type');
    return new Response(null, { status: 304, headers });
  }
  if (encoded.encoding !== undefined) {
    headers.set('content-encoding', encoded.encoding);
  }
  return new Response(encoded.bytes(), { status: response.status, headers });
}
