import { describe, expect, expectTypeOf, it } from 'vitest';
import type { ReadRoutePorts, WriteRoutePorts } from '../../lib/api/api-ports.ts';
import { createApi } from '../../lib/api/create-api.ts';
import { METHODS_BY_PATH } from '../../lib/api/methods-by-path.ts';
import { READ_ROUTES } from '../../lib/api/read-routes.ts';
import type { Route } from '../../lib/api/route.ts';
import { requestScanRoute } from '../../lib/api/routes/scans.ts';
import { ROUTES } from '../../lib/api/routes.ts';
import { WRITE_ROUTES } from '../../lib/api/write-routes.ts';
import { ALPHA, anApiWorld } from './api-world.ts';

const { ports } = await anApiWorld();
const PARTS = { reads: createApi(READ_ROUTES, ports), writes: createApi(WRITE_ROUTES, ports) };

async function answerOf(part: keyof typeof PARTS, method: string, path: string) {
  const response = await PARTS[part].request(`http://api.example${path}`, { method });
  return [response.status, response.headers.get('allow')];
}

describe('the routes', () => {
  it('are each in one part: what reads is asked by GET, what changes something is not', () => {
    expect(new Set(ROUTES)).toEqual(new Set([...READ_ROUTES, ...WRITE_ROUTES]));
    expect(ROUTES).toHaveLength(READ_ROUTES.length + WRITE_ROUTES.length);
    expect(READ_ROUTES.filter(({ method }) => method !== 'get')).toEqual([]);
    expect(WRITE_ROUTES.filter(({ method }) => method === 'get')).toEqual([]);
  });

  it('that read are given nothing that writes, and none that writes is among them', () => {
    expectTypeOf<keyof ReadRoutePorts['alerts']>().toEqualTypeOf<'listAlerts' | 'readAlert' | 'transitions'>();
    expectTypeOf<keyof ReadRoutePorts['silences']>().toEqualTypeOf<'readSilences'>();
    expectTypeOf<keyof ReadRoutePorts['auditTrail']>().toEqualTypeOf<'listEntries'>();
    expectTypeOf<keyof ReadRoutePorts['runs']>().toEqualTypeOf<'listRuns' | 'readRun'>();
    expectTypeOf<Route<WriteRoutePorts>>().not.toExtend<Route<ReadRoutePorts>>();
    // @ts-expect-error a request for a scan is not answered by what only reads
    const seeded: readonly Route<ReadRoutePorts>[] = [...READ_ROUTES, requestScanRoute];
    expect(seeded.filter(({ method }) => method !== 'get')).toEqual([requestScanRoute]);
  });

  it('take the methods that every part knows of their paths', () => {
    const methods = Object.groupBy(ROUTES, ({ path }) => path);
    expect(METHODS_BY_PATH).toEqual(
      Object.fromEntries(Object.entries(methods).map(([path, routes]) => [path, routes?.map(({ method }) => method)])),
    );
  });
});

describe('a part of the API', () => {
  it('says of what the other part answers which method that is', async () => {
    expect(await answerOf('reads', 'GET', '/v1/scans')).toEqual([405, 'POST']);
    expect(await answerOf('reads', 'GET', '/slack/actions')).toEqual([405, 'POST']);
    expect(await answerOf('reads', 'GET', `/v1/alerts/${ALPHA.alertId}/acknowledge`)).toEqual([405, 'POST']);
    expect(await answerOf('writes', 'DELETE', '/v1/fleet')).toEqual([405, 'GET']);
    expect(await answerOf('writes', 'PUT', '/v1/silences')).toEqual([405, 'GET, POST']);
  });

  it('answers its own, and knows what there is not', async () => {
    expect(await answerOf('reads', 'GET', '/v1/silences')).toEqual([200, null]);
    expect(await answerOf('writes', 'DELETE', '/v1/silences/none')).toEqual([404, null]);
    expect(await answerOf('reads', 'GET', '/v1/nothing')).toEqual([404, null]);
    expect(await answerOf('writes', 'POST', '/v1/nothing')).toEqual([404, null]);
  });
});
