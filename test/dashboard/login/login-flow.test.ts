import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT_SECRET, type Deviation } from '../../helpers/fake-issuer.ts';
import { aPagesWorld, ORIGIN, type PagesWorld, SESSION_COOKIE } from '../pages-world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let world: PagesWorld;
beforeEach(async () => {
  world = await aPagesWorld();
});
afterEach(() => world.issuer.stop());

/** As far as the issuer's answer, which is not followed. */
async function upToCallback(browser: ReturnType<PagesWorld['browser']>, page = '/'): Promise<URL> {
  const first = await browser.get(ORIGIN + page);
  const login = await browser.get(new URL(first.headers.get('location') ?? '', ORIGIN).href);
  const back = await browser.get(login.headers.get('location') ?? '');
  return new URL(back.headers.get('location') ?? '');
}

const title = (text: string) => /<h1>(.*?)<\/h1>/.exec(text)?.[1];

describe('a login', () => {
  it('leads from a page to the issuer and back to that page', async () => {
    const browser = world.browser();
    const { path, response, text } = await browser.visit(`${ORIGIN}/?team=a%2Fb`);
    expect(path.map((url) => url.replace(/\?.*/, ''))).toEqual([
      `${ORIGIN}/`,
      `${ORIGIN}/login`,
      'https://issuer.example/tenant/authorize',
      `${ORIGIN}/callback`,
      `${ORIGIN}/`,
    ]);
    expect(path.at(-1)).toBe(`${ORIGIN}/?team=a%2Fb`);
    expect(response.status).toBe(200);
    expect(text).toContain('Logged in as <bdi class="foreign">ana</bdi>');
  });

  it('sends to the issuer what binds its answer to this browser, and no secret', async () => {
    const browser = world.browser();
    const { path } = await browser.visit(`${ORIGIN}/`);
    const { searchParams } = new URL(path[2] ?? '');
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: 'elbowroom-pages',
      redirect_uri: `${ORIGIN}/callback`,
      scope: 'openid elbowroom:read',
      audience: 'elbowroom',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
  });

  it('keeps cookies of this host alone, out of the reach of scripts, and only the session stays', async () => {
    const browser = await world.loggedIn();
    expect([...browser.cookies.keys()]).toEqual([SESSION_COOKIE]);
    const kept = browser.setCookies.filter((line) => !line.includes('Max-Age=0'));
    expect(kept.map((line) => line.replace(/=[^;]*/, '').replace(/login-[\w-]+/, 'login-STATE'))).toEqual([
      '__Host-elbowroom-login-STATE; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax',
      expect.stringMatching(/^__Host-elbowroom-session; Max-Age=3(600|59\d); Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
  });

  it('asks the issuer who it is once, and no more while a session lasts', async () => {
    const browser = await world.loggedIn();
    await world.loggedIn();
    const asked = world.issuer.asked.length;
    expect((await browser.get(`${ORIGIN}/`)).status).toBe(200);
    expect(world.issuer.asked).toHaveLength(asked);
    expect(world.issuer.asked.filter((path) => path.endsWith('openid-configuration'))).toHaveLength(1);
    expect(world.issuer.asked.filter((path) => path.endsWith('/jwks'))).toHaveLength(1);
  });

  it('of several tabs at once ends in a session, whichever comes back first', async () => {
    const browser = world.browser();
    const callbacks = [await upToCallback(browser), await upToCallback(browser), await upToCallback(browser)];
    for (const callback of callbacks.toReversed()) {
      expect((await browser.get(callback.href)).status).toBe(303);
    }
    expect([...browser.cookies.keys()]).toEqual([SESSION_COOKIE]);
  });

  it('is not done twice: who goes back to it is led to the fleet', async () => {
    const browser = world.browser();
    const callback = await upToCallback(browser);
    await browser.get(callback.href);
    const again = await browser.get(callback.href);
    expect([again.status, again.headers.get('location')]).toEqual([303, `${ORIGIN}/`]);
  });

  it.each<[string, string[], Deviation]>([
    ['without a secret of a public client', [], { authMethod: 'none' }],
    ['with the newest secret', [CLIENT_SECRET, 'old'], {}],
    [
      'with the secret in the form, where the issuer takes it there alone',
      [CLIENT_SECRET],
      { authMethod: 'client_secret_post', metadata: { token_endpoint_auth_methods_supported: ['client_secret_post'] } },
    ],
  ])('is done %s', async (_, clientSecrets, deviation) => {
    world.clientSecrets = clientSecrets;
    world.issuer.deviate(deviation);
    await expect(world.loggedIn()).resolves.toBeDefined();
  });

  it('is not done with another secret, and says that it is the client', async () => {
    world.clientSecrets = ['old'];
    expect(title((await world.browser().visit(`${ORIGIN}/`)).text)).toBe('The login is not available');
    expect(world.failures.at(-1)?.reason).toBe('its token endpoint answered "invalid_client"');
  });
});

describe('a session', () => {
  it('ends with the token that it was made of', async () => {
    world.issuer.deviate({ lifeSeconds: 300 });
    const browser = await world.loggedIn();
    world.passTime(4 * MINUTE_MS);
    expect((await browser.get(`${ORIGIN}/`)).status).toBe(200);
    world.passTime(MINUTE_MS);
    expect((await browser.get(`${ORIGIN}/`)).headers.get('location')).toBe('/login?returnTo=%2F');
  });

  it('ends after twelve hours, however long the token lives', async () => {
    world.issuer.deviate({ lifeSeconds: 30 * 24 * 3_600 });
    const browser = await world.loggedIn();
    world.passTime(12 * HOUR_MS - MINUTE_MS);
    expect((await browser.get(`${ORIGIN}/`)).status).toBe(200);
    world.passTime(MINUTE_MS);
    expect((await browser.get(`${ORIGIN}/`)).status).toBe(303);
  });

  it('lasts a minute where the clock of the issuer is behind, and does not lead around in a circle', async () => {
    world.issuer.deviate({ lifeSeconds: -30 });
    const browser = await world.loggedIn();
    expect(browser.setCookies.at(-1)).toContain('Max-Age=60;');
    world.passTime(MINUTE_MS);
    expect((await browser.get(`${ORIGIN}/`)).status).toBe(303);
  });

  it('outlives the rotation of its key, and not the removal of the old one', async () => {
    const browser = await world.loggedIn();
    const [old = ''] = world.secrets;
    const next = 'the-next-session-key-of-32-chars';
    world.secrets = [next, old];
    expect((await browser.get(`${ORIGIN}/`)).status).toBe(200);
    const later = await world.loggedIn();
    world.secrets = [next];
    expect((await browser.get(`${ORIGIN}/`)).status).toBe(303);
    expect((await later.get(`${ORIGIN}/`)).status).toBe(200);
  });

  it('holds nothing of a token that could be used elsewhere', async () => {
    const browser = await world.loggedIn();
    const shown = [...browser.cookies.values(), JSON.stringify(world.answers), JSON.stringify(world.failures)].join();
    const decoded = shown.split(/[.,]/).map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    expect(world.issuer.secrets).toHaveLength(3);
    for (const secret of world.issuer.secrets) {
      expect(shown).not.toContain(secret);
      expect(decoded.join()).not.toContain(secret);
    }
  });

  it('that would be larger than a cookie is refused on a page, and does not lead around in a circle', async () => {
    const accounts = (count: number) => Array.from({ length: count }, (_, index) => String(100_000_000_000 + index));
    world.issuer.deviate({ claims: { accounts: accounts(150) } });
    expect((await world.browser().visit(`${ORIGIN}/`)).response.status).toBe(404);
    world.issuer.deviate({ claims: { accounts: accounts(250) } });
    const { response, text } = await world.browser().visit(`${ORIGIN}/`);
    expect([response.status, title(text)]).toEqual([403, 'Too many accounts for a session']);
  });
});

describe('logging out', () => {
  const tokenIn = (text: string) => /name="csrfToken" value="([^"]*)"/.exec(text)?.[1] ?? '';

  it('takes the session away', async () => {
    const browser = await world.loggedIn();
    const page = await (await browser.get(`${ORIGIN}/`)).text();
    const out = await browser.post(`${ORIGIN}/logout`, { csrfToken: tokenIn(page) });
    expect([out.status, title(await out.text())]).toEqual([200, 'You are logged out']);
    expect(browser.cookies.size).toBe(0);
    expect((await browser.get(`${ORIGIN}/`)).status).toBe(303);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['without a token', {}],
    ['with another token', { csrfToken: 'x'.repeat(43) }],
    ['with half a token', { csrfToken: 'x' }],
  ])('is not done for a form %s', async (_, form) => {
    const browser = await world.loggedIn();
    const out = await browser.post(`${ORIGIN}/logout`, form);
    expect([out.status, title(await out.text())]).toEqual([403, 'Nothing was changed']);
    expect((await browser.get(`${ORIGIN}/`)).status).toBe(200);
  });

  it('takes the token of this session, not of another one of the same person', async () => {
    const [browser, other] = [await world.loggedIn(), await world.loggedIn()];
    const token = tokenIn(await (await other.get(`${ORIGIN}/`)).text());
    expect((await browser.post(`${ORIGIN}/logout`, { csrfToken: token })).status).toBe(403);
  });

  it('is asked for by a form, not by an address', async () => {
    const browser = await world.loggedIn();
    expect((await browser.get(`${ORIGIN}/logout`)).status).toBe(404);
  });

  it('of nobody is no login', async () => {
    expect((await world.browser().post(`${ORIGIN}/logout`, { csrfToken: '' })).status).toBe(401);
  });

  it('does not read a form of more than 16 KB', async () => {
    const browser = await world.loggedIn();
    const csrfToken = tokenIn(await (await browser.get(`${ORIGIN}/`)).text());
    expect((await browser.post(`${ORIGIN}/logout`, { csrfToken, filler: 'x'.repeat(16 * 1_024) })).status).toBe(403);
  });
});

describe('refused is', () => {
  it('an answer of the issuer that another browser asked for', async () => {
    const victim = world.browser();
    const callback = await upToCallback(world.browser());
    const { response, text } = await victim.visit(callback.href);
    expect([response.status, title(text)]).toEqual([400, 'This login cannot be finished']);
    expect(victim.cookies.size).toBe(0);
  });

  it.each([
    ['no state', (url: URL) => url.searchParams.delete('state'), 'This login cannot be finished'],
    ['another state', (url: URL) => url.searchParams.set('state', 'x'.repeat(43)), 'This login cannot be finished'],
    ['a state that is no name', (url: URL) => url.searchParams.set('state', 'a;b'), 'This login cannot be finished'],
    ['two states', (url: URL) => url.searchParams.append('state', 'x'), 'This login cannot be trusted'],
    [
      'another issuer',
      (url: URL) => url.searchParams.set('iss', 'https://evil.example'),
      'This login cannot be trusted',
    ],
    ['no issuer', (url: URL) => url.searchParams.delete('iss'), 'This login cannot be trusted'],
    ['no code', (url: URL) => url.searchParams.delete('code'), 'This login cannot be trusted'],
    ['another code', (url: URL) => url.searchParams.set('code', 'x'), 'This login cannot be trusted'],
    ['a token of its own', (url: URL) => url.searchParams.set('id_token', 'x'), 'This login cannot be trusted'],
  ])('an answer with %s', async (_, change, expected) => {
    const browser = world.browser();
    const callback = await upToCallback(browser);
    change(callback);
    const { response, text } = await browser.visit(callback.href);
    expect([response.status, title(text)]).toEqual([400, expected]);
    expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
  });

  it('a code that was stolen: it takes the verifier of who asked for it', async () => {
    const [victim, thief] = [world.browser(), world.browser()];
    const stolen = (await upToCallback(victim)).searchParams.get('code') ?? '';
    const callback = await upToCallback(thief);
    callback.searchParams.set('code', stolen);
    const { text } = await thief.visit(callback.href);
    expect(title(text)).toBe('This login cannot be trusted');
    expect(world.failures.at(-1)?.reason).toBe('its token endpoint answered "invalid_grant"');
  });

  it('a login that took longer than ten minutes', async () => {
    const [browser, late] = [world.browser(), world.browser()];
    const callbacks = [await upToCallback(browser), await upToCallback(late)];
    world.passTime(10 * MINUTE_MS - 5_000);
    expect((await browser.get(callbacks[0]?.href ?? '')).status).toBe(303);
    world.passTime(5_000);
    expect((await late.get(callbacks[1]?.href ?? '')).status).toBe(400);
  });

  it('a cookie of a login in place of one of a session', async () => {
    const browser = world.browser();
    await upToCallback(browser);
    browser.cookies.set(SESSION_COOKIE, [...browser.cookies.values()][0] ?? '');
    expect((await browser.get(`${ORIGIN}/`)).status).toBe(303);
  });

  it('a return to another site', async () => {
    const browser = world.browser();
    const { path } = await browser.visit(`${ORIGIN}/login?returnTo=//evil.example/`);
    expect(path.at(-1)).toBe(`${ORIGIN}/`);
  });
});

describe('a login that the issuer', () => {
  it.each<[string, Deviation, number, string, string | undefined]>([
    ['refuses', { authorizeError: 'access_denied' }, 403, 'The issuer did not log you in', '"access_denied"'],
    ['answers with markup', { authorizeError: '<b>no</b>' }, 403, 'The issuer did not log you in', 'an error'],
    [
      'answers for another audience',
      { audience: 'other' },
      403,
      'Your login is not good for Elbowroom',
      'its claim "aud"',
    ],
    [
      'answers with a token that is over',
      { claims: { exp: 1 }, lifeSeconds: -120 },
      400,
      'This login cannot be trusted',
      '"exp"',
    ],
    [
      'answers with an opaque token',
      { accessToken: 'opaque' },
      403,
      'Your login is not good for Elbowroom',
      'it is no JWT',
    ],
    [
      'answers with strange accounts',
      { claims: { accounts: 'all' } },
      403,
      'Your login is not good for Elbowroom',
      'no list of account ids',
    ],
    ['gives no scope to read', { claims: { scope: 'elbowroom:write' } }, 403, 'You may not look at this', undefined],
    [
      'gives an ID token of another login',
      { idClaims: { nonce: 'other' } },
      400,
      'This login cannot be trusted',
      '"nonce"',
    ],
    ['gives an ID token of another client', { idAudience: 'other' }, 400, 'This login cannot be trusted', '"aud"'],
    ['gives no ID token', { leftOut: ['id_token'] }, 400, 'This login cannot be trusted', '"id_token"'],
    ['gives no access token', { leftOut: ['access_token'] }, 400, 'This login cannot be trusted', '"access_token"'],
    [
      'fails in the middle of',
      { tokenAnswer: new Response('oops', { status: 502 }) },
      503,
      'The login is not available',
      'token endpoint',
    ],
    [
      'does not know its client in',
      { tokenAnswer: new Response('', { status: 401, headers: { 'www-authenticate': 'Basic realm="a"' } }) },
      503,
      'The login is not available',
      'does not accept the id and the secret of this client',
    ],
    ['takes no codes for', { metadata: { token_endpoint: undefined } }, 503, 'The login is not available', 'METADATA'],
    [
      'shows no page for',
      { metadata: { authorization_endpoint: undefined } },
      503,
      'The login is not available',
      'answer',
    ],
    [
      'is another one in',
      { metadata: { issuer: 'https://evil.example' } },
      503,
      'The login is not available',
      'answer',
    ],
  ])('%s ends on a page that says so', async (_, deviation, status, expected, reason) => {
    world.issuer.deviate(deviation);
    const browser = world.browser();
    const { response, text } = await browser.visit(`${ORIGIN}/`);
    expect([response.status, title(text)]).toEqual([status, expected]);
    expect(browser.cookies.size).toBe(0);
    if (reason !== undefined) {
      expect(world.failures.at(-1)?.reason).toContain(reason);
    }
    for (const secret of world.issuer.secrets) {
      expect(text + JSON.stringify([world.answers, world.failures])).not.toContain(secret);
    }
  });

  it('does not answer is tried again by the next', async () => {
    world.issuer.setDown(true);
    const { response, text } = await world.browser().visit(`${ORIGIN}/`);
    expect([response.status, title(text), response.headers.get('retry-after')]).toEqual([
      503,
      'The login is not available',
      '5',
    ]);
    expect(text).toContain('it could not be reached');
    world.issuer.setDown(false);
    await expect(world.loggedIn()).resolves.toBeDefined();
  });

  it('begins and then does not answer says that it is not the login', async () => {
    const browser = world.browser();
    const callback = await upToCallback(browser);
    world.issuer.setDown(true);
    expect((await browser.get(callback.href)).status).toBe(503);
  });
});
