import { once } from 'node:events';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPagesWorld, type PagesWorld, SESSION_COOKIE } from '../dashboard/pages-world.ts';
import { CHROMIUM_NOTE, hasChromium, launchChromium } from '../helpers/chromium.ts';

const START_MS = 60_000;
/** Chromium counts it as a host that nobody listens in on, so that it keeps cookies that ask for TLS. */
const HOST = 'localhost';

interface ServedPages {
  readonly origin: string;
  /** Of another site on this machine, whose page has the pages in a frame, and a form for them. */
  readonly evilOrigin: string;
  readonly world: PagesWorld;
  stop(): Promise<void>;
}

/** The pages by HTTP; the issuer's addresses lead to where it listens. */
async function servedPages(): Promise<ServedPages> {
  let answer: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 });
  const own = await listening((request) => answer(request));
  const origin = `http://${HOST}:${own.port}`;
  const evil = await listening(
    () =>
      new Response(`<iframe src="${origin}/"></iframe><form method="post" action="${origin}/logout"></form>`, {
        headers: { 'content-type': 'text/html' },
      }),
  );
  const world = await aPagesWorld({ origin });
  answer = async (request) => {
    const response = await world.app.fetch(request);
    const location = response.headers.get('location');
    if (location !== null) {
      response.headers.set('location', world.issuer.browserUrl(location));
    }
    return response;
  };
  return {
    origin,
    evilOrigin: `http://127.0.0.1:${evil.port}`,
    world,
    async stop() {
      await Promise.all([own.stop(), evil.stop(), world.issuer.stop()]);
    },
  };
}

async function listening(answer: (request: Request) => Response | Promise<Response>) {
  const server = createServer(getRequestListener(answer));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

describe.skipIf(!hasChromium())(`browser: logging in to the pages (${CHROMIUM_NOTE})`, () => {
  let browser: Browser;
  let served: ServedPages;

  beforeAll(async () => {
    [browser, served] = await Promise.all([launchChromium(), servedPages()]);
  }, START_MS);

  afterAll(async () => {
    await Promise.all([browser.close(), served.stop()]);
  });

  async function inBrowser<T>(use: (page: Page, context: BrowserContext) => Promise<T>): Promise<T> {
    const context = await browser.newContext();
    try {
      return await use(await context.newPage(), context);
    } finally {
      await context.close();
    }
  }

  it('ends where it began, with a cookie that no script can read, and out again by a button', async () => {
    await inBrowser(async (page, context) => {
      const messages: string[] = [];
      page.on('console', (message) => messages.push(message.text()));
      await page.goto(`${served.origin}/?team=a`);
      expect(page.url()).toBe(`${served.origin}/?team=a`);
      expect(await page.textContent('.session')).toContain('Logged in as ana');
      expect(await page.evaluate('document.cookie')).toBe('');
      expect(await context.cookies()).toMatchObject([
        { name: SESSION_COOKIE, httpOnly: true, secure: true, sameSite: 'Lax', path: '/', domain: HOST },
      ]);
      await page.click('text=Log out');
      expect(await page.textContent('h1')).toBe('You are logged out');
      expect(await context.cookies()).toEqual([]);
      expect(messages).toEqual([]);
    });
  });

  it('is not to be had in a frame, nor is anything changed by the form of another site', async () => {
    await inBrowser(async (page, context) => {
      await page.goto(`${served.origin}/`);
      const [session] = await context.cookies();
      await page.goto(served.evilOrigin);
      const frame = page.frames()[1];
      expect(await frame?.evaluate('document.documentElement.textContent')).not.toContain('Elbowroom');
      await Promise.all([page.waitForURL('**/logout'), page.evaluate('document.forms[0].submit()')]);
      expect(await page.textContent('h1')).toBe('You are not logged in');
      expect(await context.cookies()).toMatchObject([{ value: session?.value }]);
      await page.goto(`${served.origin}/`);
      expect(await page.textContent('.session')).toContain('Logged in as ana');
    });
  });

  it.each([360, 1440])('says on %d pixels what is wrong without a line that is cut', async (width) => {
    await inBrowser(async (page) => {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${served.origin}/callback`);
      expect(await page.textContent('h1')).toBe('This login cannot be finished');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    });
  });
});
