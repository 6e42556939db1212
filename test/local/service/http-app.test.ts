import { describe, expect, it } from 'vitest';
import type { ListParameters } from '../../../lib/api/list-parameters.ts';
import type { ServiceReader } from '../../../lib/api/service-reader.ts';
import { createHttpApp } from '../../../lib/local/service/http-app.ts';
import { anAuditView } from '../../helpers/audit-view-builder.ts';

function appOf(reader: Partial<ServiceReader> = {}) {
  const failures: unknown[] = [];
  const app = createHttpApp({
    slackPreviewPage: () => 'preview',
    reader: {
      fleet: async () => undefined,
      subnets: async () => undefined,
      clusters: async () => undefined,
      runs: async () => [],
      alerts: async () => ({ matchCount: 0, items: [] }),
      page: async () => undefined,
      trend: async () => undefined,
      ...reader,
    },
    onFailure: (cause) => failures.push(cause),
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(`http://127.0.0.1:4400${path}`, { headers });
  return { app, get, failures };
}

describe('the page', () => {
  it('is the whole fleet, with what its reader has to know', async () => {
    const view = anAuditView();
    const response = await appOf({
      page: async () => ({ view, notices: ['3 of 30 days <built>.'], trends: new Map() }),
    }).get('/');
    const text = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
    expect(text).toContain('3 of 30 days &lt;built&gt;.');
    for (const { subnetId } of view.subnets) {
      expect(text).toContain(subnetId);
    }
  });

  it('is not there before the first scan', async () => {
    expect((await appOf().get('/')).status).toBe(503);
  });
});

describe('the trend of a subnet', () => {
  const asked: [string, number][] = [];
  const { get } = appOf({
    trend: async (subnetId, days) => {
      asked.push([subnetId, days]);
      return undefined;
    },
  });

  it.each([
    ['', 30],
    ['?window=1d', 1],
    ['?window=90d', 90],
  ])('is asked for with "%s" for %i days', async (query, days) => {
    const response = await get(`/v1/subnets/subnet-1/trend${query}`);
    expect(asked.at(-1)).toEqual(['subnet-1', days]);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ detail: 'No subnet "subnet-1" was seen' });
  });

  it.each([
    ['?window=0d', 'Cannot read "window" "0d": expected 1d to 90d'],
    ['?window=91d', 'Cannot read "window" "91d": expected 1d to 90d'],
    ['?window=1.5d', 'Cannot read "window" "1.5d": expected 1d to 90d'],
    ['?window=30', 'Cannot read "window" "30": expected 1d to 90d'],
    ['?window=7d&window=7d', 'Cannot read the parameter "window": expected "window", once'],
    ['?days=7', 'Cannot read the parameter "days": expected "window", once'],
  ])('refuses "%s"', async (query, detail) => {
    const response = await get(`/v1/subnets/subnet-1/trend${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ detail });
  });
});

describe('the HTTP application', () => {
  it('is well', async () => {
    const response = await appOf().get('/healthz');
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  it.each([['/v1/fleet'], ['/v1/subnets'], ['/v1/clusters']])('says of %s that nothing is seen yet', async (path) => {
    const response = await appOf().get(path);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Nothing seen yet',
      status: 503,
      detail: 'The first scan is under way: ask again in a moment',
    });
  });

  it('hands the filters of a list on', async () => {
    const asked: ListParameters[] = [];
    const { get } = appOf({
      subnets: async (parameters) => {
        asked.push(parameters);
        return { rolledUpAt: '2026-11-23T08:00:00.000Z', matchCount: 0, items: [] };
      },
    });
    const response = await get(
      '/v1/subnets?account=111122223333,444455556666&region=eu-west-1&status=exhausted,critical&team=shop&limit=200',
    );
    expect(await response.json()).toEqual({ rolledUpAt: '2026-11-23T08:00:00.000Z', matchCount: 0, items: [] });
    await get('/v1/subnets');
    expect(asked).toEqual([
      {
        filter: {
          accountIds: ['111122223333', '444455556666'],
          regions: ['eu-west-1'],
          statuses: ['exhausted', 'critical'],
          teams: ['shop'],
        },
        limit: 200,
      },
      { filter: { accountIds: undefined, regions: undefined, statuses: undefined, teams: undefined }, limit: 50 },
    ]);
  });

  it.each([
    ['/v1/subnets?zone=a', 'Cannot read the parameter "zone": expected one of account, region, status, team, limit'],
    [
      '/v1/subnets?account=1',
      'Cannot read "account" "1": expected account ids of 12 digits, separated by commas, 100 at the most',
    ],
    [
      '/v1/clusters?region=',
      'Cannot read "region" "": expected region names such as us-east-1, separated by commas, 100 at the most',
    ],
    [
      '/v1/clusters?status=fine',
      'Cannot read "status" "fine": expected any of exhausted, critical, warning, unknown, healthy, separated by commas, 100 at the most',
    ],
    ['/v1/clusters?limit=0', 'Cannot read "limit" "0": expected a whole number from 1 to 200'],
    ['/v1/clusters?limit=201', 'Cannot read "limit" "201": expected a whole number from 1 to 200'],
    ['/v1/clusters?limit=1e2', 'Cannot read "limit" "1e2": expected a whole number from 1 to 200'],
    ['/v1/clusters?team=a&team=b', 'Cannot read "team": it is given twice, expected once'],
    ['/v1/fleet?team=a', 'Cannot read the parameter "team": expected none'],
    ['/v1/runs?limit=1', 'Cannot read the parameter "limit": expected none'],
    ['/v1/alerts?limit=1', 'Cannot read the parameter "limit": expected none'],
  ])('refuses %s', async (path, detail) => {
    const response = await appOf().get(path);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ title: 'Query not understood', detail });
  });

  it.each([['localhost:4400'], ['127.0.0.1'], ['[::1]:4400'], ['LOCALHOST']])(
    'answers by the host %s',
    async (host) => {
      expect((await appOf().get('/healthz', { host })).status).toBe(200);
    },
  );

  it.each([['evil.example'], ['127.0.0.1.evil.example:4400'], ['localhost.evil.example'], ['localhost@evil.example']])(
    'answers nobody who came by the host %s',
    async (host) => {
      const response = await appOf().get('/healthz', { host });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ title: 'Host not known' });
    },
  );

  it('changes nothing', async () => {
    const response = await appOf().app.request('http://127.0.0.1/v1/fleet', { method: 'POST' });
    expect(response.status).toBe(405);
  });

  it('names what there is where something else is asked for', async () => {
    const response = await appOf().get('/v2/fleet');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('/v1/fleet, /v1/subnets') });
  });

  it('keeps to itself what an answer failed of', async () => {
    const cause = new Error('secret');
    const { get, failures } = appOf({ fleet: () => Promise.reject(cause) });
    const response = await get('/v1/fleet');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(failures).toEqual([cause]);
  });
});
