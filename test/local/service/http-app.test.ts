import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createLocalAuthenticator } from '../../../lib/api/local-authenticator.ts';
import { createPages, type PagesPorts } from '../../../lib/dashboard/create-pages.ts';
import { err, ok } from '../../../lib/domain/result.ts';
import { createHttpApp } from '../../../lib/local/service/http-app.ts';
import { createLocalDoor } from '../../../lib/local/service/local-door.ts';
import { anAuditView } from '../../helpers/audit-view-builder.ts';

const TOKEN = 'a-token';

interface AppOptions {
  readonly readPage?: PagesPorts['readPage'];
  readonly token?: string;
}

function appOf({ readPage = async () => err('nothing-seen-yet'), token }: AppOptions = {}) {
  const failures: unknown[] = [];
  const pages = createPages({
    door: createLocalDoor(createLocalAuthenticator(token)),
    readPage,
    slackPreviewPage: () => '<p>Slack preview</p>',
    newId: () => 'id-1',
    now: () => 0,
    onAnswer: ({ cause }) => failures.push(...(cause === undefined ? [] : [cause])),
  });
  const api = new Hono().all('*', (context) => context.text(`${context.req.method} ${context.req.path}`));
  const app = createHttpApp({ api, pages });
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(`http://127.0.0.1:4400${path}`, { headers });
  return { app, get, failures };
}

describe('the page', () => {
  it('is the whole fleet, with what its reader has to know', async () => {
    const view = anAuditView();
    const readPage = async () => ok({ view, notices: ['3 of 30 days <built>.'], trends: new Map() });
    const response = await appOf({ readPage }).get('/');
    const text = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(text).toContain('3 of 30 days &lt;built&gt;.');
    for (const { subnetId } of view.subnets) {
      expect(text).toContain(subnetId);
    }
  });

  it('is not there before the first scan', async () => {
    const response = await appOf().get('/');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.text()).toContain('<h1>Nothing seen yet</h1>');
  });

  it('keeps to itself what it failed of', async () => {
    const cause = new Error('secret');
    const { get, failures } = appOf({ readPage: () => Promise.reject(cause) });
    const response = await get('/');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(failures).toEqual([cause]);
  });
});

describe('the pages of a service with a token', () => {
  const basic = (password: string) => `Basic ${Buffer.from(`me:${password}`).toString('base64')}`;

  it.each([
    [`Bearer ${TOKEN}`, 200],
    [basic(TOKEN), 200],
    [basic(`${TOKEN}x`), 401],
    [`Bearer ${TOKEN}x`, 401],
    [`Bearer ${TOKEN.slice(0, -1)}`, 401],
    ['Bearer ', 401],
    [`Digest ${TOKEN}`, 401],
    ['', 401],
  ])('answer who sends "%s" with %i', async (authorization, status) => {
    const response = await appOf({ token: TOKEN }).get('/preview/slack', { authorization });
    expect(response.status).toBe(status);
    expect(response.headers.get('www-authenticate') !== null).toBe(status === 401);
  });
});

describe('the HTTP application of one machine', () => {
  it('hands everything else to the API', async () => {
    const { app } = appOf();
    const response = await app.request('http://127.0.0.1:4400/v1/silences?a=1', { method: 'POST' });
    expect(await response.text()).toBe('POST /v1/silences');
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
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({ code: 'unknown-host', title: 'Host not known' });
    },
  );
});
