import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpFunction } from '../../lib/wiring/http-function.ts';
import { aPagesWorld, ORIGIN, type PagesWorld, SESSION_COOKIE } from '../dashboard/pages-world.ts';

const CONTEXT = { awsRequestId: 'r1', getRemainingTimeInMillis: () => 60_000 };

let world: PagesWorld;
beforeAll(async () => {
  world = await aPagesWorld();
});
afterAll(() => world.issuer.stop());

interface Asked {
  readonly method?: string;
  readonly query?: string;
  readonly cookies?: readonly string[];
  readonly form?: string;
}

/** Asks as API Gateway hands a browser's request over: cookies by themselves, and a form in base64. */
async function ask(path: string, { method = 'GET', query = '', cookies = [], form }: Asked = {}) {
  const answer = await httpFunction(world.app)(
    {
      version: '2.0',
      rawPath: path,
      rawQueryString: query,
      cookies,
      headers: {
        host: 'pages.example',
        'sec-fetch-mode': 'navigate',
        'accept-encoding': 'gzip',
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      requestContext: { http: { method, path }, domainName: 'pages.example' },
      ...(form === undefined ? {} : { body: Buffer.from(form).toString('base64') }),
      isBase64Encoded: form !== undefined,
    },
    CONTEXT,
  );
  return { cookies: [], headers: {}, ...answer };
}

/** What a browser would send back. */
function kept(setCookies: readonly string[]): string[] {
  return setCookies.filter((line) => !line.includes('Max-Age=0')).map((line) => line.split('; ')[0] ?? '');
}

async function sessionOf(): Promise<string[]> {
  const begun = await ask('/login', { query: 'returnTo=%2F' });
  const issuer = await world.issuer.fetch(String(begun.headers['location']), { redirect: 'manual' });
  const query = new URL(issuer.headers.get('location') ?? '').search.slice(1);
  const finished = await ask('/callback', { query, cookies: kept(begun.cookies) });
  expect([finished.statusCode, finished.headers['location']]).toEqual([303, `${ORIGIN}/`]);
  return kept(finished.cookies);
}

describe('behind API Gateway', () => {
  it('somebody logs in, looks and logs out', async () => {
    const cookies = await sessionOf();
    expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual([SESSION_COOKIE]);
    const page = await ask('/', { cookies });
    expect([page.statusCode, page.isBase64Encoded, page.headers['content-encoding']]).toEqual([200, true, 'gzip']);
    const packed = new Blob([Buffer.from(page.body ?? '', 'base64')]).stream();
    const text = await new Response(packed.pipeThrough(new DecompressionStream('gzip'))).text();
    const csrfToken = /name="csrfToken" value="([^"]*)"/.exec(text)?.[1] ?? '';
    const out = await ask('/logout', { method: 'POST', cookies, form: `csrfToken=${csrfToken}` });
    expect(out.statusCode).toBe(200);
    expect(out.cookies).toEqual([expect.stringMatching(new RegExp(`^${SESSION_COOKIE}=; Max-Age=0`))]);
  });

  it('several cookies of logins that were begun do not hide the session', async () => {
    const cookies = [...kept((await ask('/login')).cookies), ...(await sessionOf()), 'other=1'];
    expect((await ask('/', { cookies })).statusCode).toBe(200);
  });
});
