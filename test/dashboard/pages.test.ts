import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSeal } from '../../lib/dashboard/login/seal.ts';
import { ok } from '../../lib/domain/result.ts';
import { ACCOUNTS, ALPHA, BETA, type CanaryAccount, GAMMA } from '../api/api-world.ts';
import { aClusterView, aCoverageView, anAuditView, aSubnetView } from '../helpers/audit-view-builder.ts';
import type { CookieBrowser } from '../helpers/cookie-browser.ts';
import { AUDIENCE, CLIENT_ID, ISSUER } from '../helpers/fake-issuer.ts';
import { aPagesWorld, ORIGIN, type PagesWorld, SESSION_COOKIE, SESSION_KEY } from './pages-world.ts';

const HOUR_MS = 3_600_000;
const POLICY = [ISSUER, AUDIENCE, CLIENT_ID, 'accounts'];

let world: PagesWorld;
beforeEach(async () => {
  world = await aPagesWorld();
});
afterEach(() => world.issuer.stop());

interface SessionOf {
  readonly key?: string;
  readonly policy?: readonly string[];
  readonly kind?: 'login' | 'session';
  readonly scopes?: readonly string[];
  readonly expiresAtMs?: number;
  readonly accountIds?: readonly string[] | null;
}

/** A session as the pages keep it; what is said of it is otherwise. */
function sealedSession(of: SessionOf = {}): Promise<string> {
  const { key = SESSION_KEY, policy = POLICY, kind = 'session', scopes = ['read'], accountIds = null } = of;
  const seal = createSeal({ secrets: async () => [key], policy, now: Date.now });
  const claims = { name: 'ana', scopes, accountIds, csrfToken: 'token' };
  return seal.seal(kind, claims, of.expiresAtMs ?? Date.now() + HOUR_MS);
}

function browserWith(session: string | undefined): CookieBrowser {
  const browser = world.browser();
  if (session !== undefined) {
    browser.cookies.set(SESSION_COOKIE, session);
  }
  return browser;
}

/** Who may ask for each page. A page without an entry fails. */
const RULES: Readonly<Record<string, 'visitor' | 'open'>> = {
  'GET /': 'visitor',
  'GET /login': 'open',
  'GET /callback': 'open',
  'POST /logout': 'visitor',
};

function pagesOf(access: 'visitor' | 'open'): string[] {
  return Object.entries(RULES).flatMap(([page, rule]) => (rule === access ? [page] : []));
}

function ask(browser: CookieBrowser, page: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const [method, path = ''] = page.split(' ');
  return method === 'POST'
    ? browser.post(ORIGIN + path, { csrfToken: 'token' }, headers)
    : browser.get(ORIGIN + path, headers);
}

it('has a rule for every page', () => {
  const pages = new Set(world.app.routes.map(({ method, path }) => `${method} ${path}`));
  expect([...pages].toSorted()).toEqual(Object.keys(RULES).toSorted());
});

/** Whose session is none. */
const REFUSED: readonly (readonly [string, () => Promise<string | undefined>])[] = [
  ['no session', async () => undefined],
  ['an empty one', async () => ''],
  ['what is none', async () => 'a.b.c.d.e'],
  ['one that is over', () => sealedSession({ expiresAtMs: Date.now() - 1 })],
  ['one of another key', () => sealedSession({ key: 'another-key-of-more-than-32-chars' })],
  ['one of another issuer', () => sealedSession({ policy: ['https://evil.example', ...POLICY.slice(1)] })],
  ['one for another audience', () => sealedSession({ policy: [ISSUER, 'other', CLIENT_ID, 'accounts'] })],
  ['one by another claim of accounts', () => sealedSession({ policy: [ISSUER, AUDIENCE, CLIENT_ID] })],
  ['a login that was begun', () => sealedSession({ kind: 'login' })],
  ['one with scopes that there are not', () => sealedSession({ scopes: ['everything'] })],
];

describe.each(pagesOf('visitor'))('%s', (page) => {
  it.each(REFUSED)('is not shown with %s', async (_, session) => {
    const browser = browserWith(await session());
    const navigated = await ask(browser, page);
    const asked = await ask(browser, page, { 'sec-fetch-mode': 'cors', accept: '*/*' });
    expect([navigated.status, asked.status]).toEqual(page.startsWith('GET') ? [303, 401] : [401, 401]);
    for (const response of [navigated, asked]) {
      const all = JSON.stringify([...response.headers]) + (await response.text());
      expect(ACCOUNTS.filter(({ canary, accountId }) => all.includes(canary) || all.includes(accountId))).toEqual([]);
    }
  });

  it('is not shown to who may not read', async () => {
    const response = await ask(browserWith(await sealedSession({ scopes: ['write'] })), page);
    expect([response.status, await response.text()]).toEqual([
      403,
      expect.stringContaining('You may not look at this'),
    ]);
  });

  it('is shown to who has a session', async () => {
    expect((await ask(browserWith(await sealedSession()), page)).status).toBe(200);
  });
});

/** Accounts whose names somebody limited to one may read: its own. Beta lives in the subnet of alpha. */
const VISIBLE: readonly (readonly [CanaryAccount, readonly CanaryAccount[]])[] = [
  [ALPHA, [ALPHA]],
  [BETA, [BETA]],
  [GAMMA, [GAMMA]],
];

describe('somebody who may see one account', () => {
  it.each(VISIBLE)('reads nothing of others: $canary', async ({ accountId }, visible) => {
    world.issuer.deviate({ claims: { accounts: [accountId] } });
    const browser = await world.loggedIn();
    for (const page of Object.keys(RULES).filter((one) => one !== 'GET /login')) {
      const response = await ask(browser, page);
      const all = JSON.stringify([response.status, ...response.headers]) + (await response.text());
      const named = ACCOUNTS.filter(({ canary }) => all.includes(canary));
      expect(
        named.filter((one) => !visible.includes(one)),
        page,
      ).toEqual([]);
      expect(page === 'GET /' ? named : visible, page).toEqual(visible);
    }
  });

  it('sees the subnet of another in which a cluster of its own lives, without the name of its owner', async () => {
    world.issuer.deviate({ claims: { accounts: [BETA.accountId] } });
    const text = await (await (await world.loggedIn()).get(`${ORIGIN}/`)).text();
    expect(text).toContain(ALPHA.subnetId);
    expect(text).not.toContain(ALPHA.canary);
    expect(text).not.toContain(GAMMA.subnetId);
    // How many others there are is none of theirs either.
    expect(text).not.toContain('The most urgent');
  });

  it('of which nothing is scanned is told so', async () => {
    const browser = browserWith(await sealedSession({ accountIds: ['999999999999'] }));
    const response = await browser.get(`${ORIGIN}/`);
    expect([response.status, await response.text()]).toEqual([
      404,
      expect.stringContaining('None of your accounts was scanned'),
    ]);
  });

  it('sees all where the issuer names no accounts to anybody', async () => {
    await world.issuer.stop();
    world = await aPagesWorld({ accountsClaim: undefined });
    const text = await (await (await world.loggedIn()).get(`${ORIGIN}/`)).text();
    expect(ACCOUNTS.filter(({ canary }) => !text.includes(canary))).toEqual([]);
  });
});

/** Twenty tags that look like no others. */
function tagsOf(row: number): Record<string, string> {
  const text = (index: number) => createHash('sha256').update(`${row} ${index}`).digest('hex');
  return Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`tag-${index}`, text(index)]));
}

describe('every answer', () => {
  it.each(Object.keys(RULES))('is for nobody else, in no frame, and runs nothing: %s', async (page) => {
    for (const session of [undefined, await sealedSession()]) {
      const { headers } = await ask(browserWith(session), page);
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'private, no-store',
        'content-security-policy':
          "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=63072000',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'x-request-id': expect.stringMatching(/^request-\d+$/),
      });
    }
  });

  it('is a line of the log: its page, who asked, and no address', async () => {
    await (await world.loggedIn()).get(`${ORIGIN}/?returnTo=secret`);
    expect(world.answers.map(({ operationId, status, caller }) => [operationId, status, caller])).toEqual([
      ['showFleet', 303, undefined],
      ['logIn', 303, undefined],
      ['finishLogin', 303, undefined],
      ['showFleet', 200, 'ana'],
      ['showFleet', 200, 'ana'],
    ]);
    expect(JSON.stringify(world.answers)).not.toContain('secret');
  });

  it('that failed says so to the log alone', async () => {
    await world.issuer.stop();
    const cause = new Error('of a table');
    world = await aPagesWorld({ readPage: () => Promise.reject(cause) });
    const response = await browserWith(await sealedSession()).get(`${ORIGIN}/`);
    expect([response.status, response.headers.get('cache-control')]).toEqual([500, 'private, no-store']);
    expect(await response.text()).not.toContain('of a table');
    expect(world.answers).toMatchObject([{ status: 500, caller: 'ana', cause }]);
  });

  it('has the name of who asks in letters that do nothing', async () => {
    world.issuer.deviate({ claims: { sub: '<script>alert(1)</script>' } });
    const text = await (await (await world.loggedIn()).get(`${ORIGIN}/`)).text();
    expect(text).toContain('&lt;script&gt;alert(1)');
    expect(text).not.toMatch(/<script/i);
  });

  it('fits into what Lambda answers with, at the most subnets and clusters and with many tags', async () => {
    await world.issuer.stop();
    const rows = Array.from({ length: 500 }, (_, index) => index);
    const subnets = rows.map((row) => aSubnetView({ subnetId: `subnet-${row}`, tags: tagsOf(row) }));
    const clusters = rows.map((row) => aClusterView({ clusterId: `111111111111:eu-west-1:cluster-${row}` }));
    const view = anAuditView({ coverage: aCoverageView(), subnets, clusters });
    world = await aPagesWorld({ readPage: async () => ok({ view, notices: [], trends: new Map() }) });
    const browser = browserWith(await sealedSession());
    const packed = await browser.get(`${ORIGIN}/`, { 'accept-encoding': 'gzip' });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, in base64
    expect((await packed.arrayBuffer()).byteLength).toBeLessThan((6_291_556 / 4) * 3);
  });
});
