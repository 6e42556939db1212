import { text } from 'node:stream/consumers';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createApi } from '../../lib/api/create-api.ts';
import { ROUTES } from '../../lib/api/routes.ts';
import { httpFunction } from '../../lib/wiring/http-function.ts';
import { useLightMessages } from '../../lib/wiring/light-messages.ts';
import { ALPHA, anApiWorld } from '../api/api-world.ts';

const CONTEXT = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 29_000 };
const HOST = 'abc123.execute-api.eu-west-1.amazonaws.com';

const Result = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  isBase64Encoded: z.boolean(),
});

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function eventOf({ method = 'GET', path, query = '', headers = {}, body, isBase64Encoded = false }: Asked) {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: { host: HOST, ...headers },
    requestContext: {
      domainName: HOST,
      requestId: 'r-1',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded,
  };
}

async function answerTo(request: Asked) {
  const { ports } = await anApiWorld();
  return Result.parse(await httpFunction(createApi(ROUTES, ports))(eventOf(request), CONTEXT));
}

const { Headers, Request, Response } = globalThis;

describe.each([
  ['of Node', () => undefined],
  ['that are light', useLightMessages],
])('the API behind API Gateway, with messages %s', (_, use) => {
  beforeEach(use);
  afterEach(() => {
    Object.assign(globalThis, { Headers, Request, Response });
  });

  it('answers with the query as it was sent', async () => {
    const { statusCode, headers, body } = await answerTo({ path: '/v1/subnets', query: 'limit=1&region=eu-west-1' });
    expect([statusCode, headers['content-type']]).toEqual([200, 'application/json']);
    expect(JSON.parse(body)).toMatchObject({ matchCount: 3, items: [{ subnetId: ALPHA.subnetId }] });
  });

  it.each([[ALPHA.clusterId], [encodeURIComponent(ALPHA.clusterId)]])('finds a cluster by %s', async (clusterId) => {
    expect(await answerTo({ path: `/v1/clusters/${clusterId}` })).toMatchObject({ statusCode: 200 });
  });

  it.each([
    ['as it is', '{}', false],
    ['in base64', 'e30=', true],
  ])('reads a body %s', async (_, body, isBase64Encoded) => {
    const headers = { 'content-type': 'application/json' };
    const path = `/v1/alerts/${ALPHA.alertId}/acknowledge`;
    const answer = await answerTo({ method: 'POST', path, headers, body, isBase64Encoded });
    expect(JSON.parse(answer.body)).toMatchObject({ state: 'acknowledged' });
  });

  it('compresses for who takes that, in base64 as Lambda needs it', async () => {
    const { headers, body, isBase64Encoded } = await answerTo({
      path: '/v1/fleet',
      headers: { 'accept-encoding': 'gzip' },
    });
    expect([headers['content-encoding'], isBase64Encoded]).toEqual(['gzip', true]);
    const unpacked = new Blob([Buffer.from(body, 'base64')]).stream().pipeThrough(new DecompressionStream('gzip'));
    // What the API sends is known at once, what a test unpacks is not.
    expect(JSON.parse(await text(unpacked))).toMatchObject({ totals: { subnetCount: 3 } });
  });

  it('says of a compressed answer all else that the application says', async () => {
    const app = new Hono().get('/', (context) => {
      context.header('content-encoding', 'gzip');
      context.header('etag', '"e"');
      context.header('set-cookie', 'a=1', { append: true });
      context.header('set-cookie', 'b=2', { append: true });
      return context.body(Buffer.from([0, 128, 255]), 203);
    });
    expect(await httpFunction(app)(eventOf({ path: '/' }), CONTEXT)).toEqual({
      statusCode: 203,
      headers: { 'content-encoding': 'gzip', etag: '"e"' },
      cookies: ['a=1', 'b=2'],
      body: 'AID/',
      isBase64Encoded: true,
    });
  });

  it('answers 304 to who has it, with the same tag', async () => {
    const first = await answerTo({ path: '/v1/fleet' });
    const etag = first.headers['etag'] ?? '';
    const again = await answerTo({ path: '/v1/fleet', headers: { 'if-none-match': etag } });
    expect([again.statusCode, again.headers['etag'], again.body]).toEqual([304, etag, '']);
  });

  it.each([
    ['GET with a body', { method: 'GET', path: '/v1/fleet', body: '{}' }, 400],
    ['method that is not for a path', { method: 'PUT', path: '/v1/fleet', body: '{}' }, 405],
    ['body that is too large', { method: 'POST', path: '/v1/scans', body: 'a'.repeat(2 ** 18 + 1) }, 413],
    [
      'body that is too large and comes in parts',
      { method: 'POST', path: '/v1/scans', body: 'a'.repeat(2 ** 18 + 1), headers: { 'transfer-encoding': 'chunked' } },
      413,
    ],
    [
      'body that comes in parts',
      {
        method: 'POST',
        path: `/v1/alerts/${ALPHA.alertId}/acknowledge`,
        body: '{}',
        headers: { 'transfer-encoding': 'chunked', 'content-type': 'application/json' },
      },
      200,
    ],
  ])('answers a %s', async (__, request, status) => {
    const { ports } = await anApiWorld();
    expect(await httpFunction(createApi(ROUTES, ports))(eventOf(request), CONTEXT)).toMatchObject({
      statusCode: status,
    });
  });

  it('answers what is not there by a problem document', async () => {
    const { statusCode, headers } = await answerTo({ path: '/v2' });
    expect([statusCode, headers['content-type']]).toEqual([404, 'application/problem+json']);
  });
});
