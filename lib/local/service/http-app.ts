import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { problemResponse } from '../../api/problem.ts';
import type { PagesApp } from '../../dashboard/create-pages.ts';

/** What one machine answers by HTTP: the API, and pages for whoever sits at it. */
export interface HttpAppOptions {
  readonly api: Pick<Hono, 'fetch'>;
  readonly pages: PagesApp;
}

/**
 * Names by which this machine calls itself. A page of another origin can have its own name resolve to this machine; its
 * requests then name that host. https://developer.mozilla.org/en-US/docs/Web/Security/Attacks/DNS_rebinding
 */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/** Returns the application: the pages where they are, and the API everywhere else. */
export function createHttpApp({ api, pages }: HttpAppOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const host = context.req.header('host');
    if (host !== undefined && !LOOPBACK_HOST.test(host)) {
      const detail = `This service answers on this machine only, by the host 127.0.0.1 or localhost, not "${host}"`;
      return problemResponse({ code: 'unknown-host', detail }, randomUUID());
    }
    await next();
    return undefined;
  });
  app.route('/', pages);
  app.all('*', (context) => api.fetch(context.req.raw));
  return app;
}
