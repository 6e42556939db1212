import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Authenticate } from '../../api/caller.ts';
import { problemResponse } from '../../api/problem.ts';
import type { ServicePage } from '../../api/read-page.ts';
import { NOTHING_SEEN_YET } from '../../api/shared-problems.ts';
import { renderAuditPage } from '../../dashboard/audit-page.tsx';

/** What one machine answers by HTTP: the API, and pages for whoever sits at it. */
export interface HttpAppOptions {
  readonly api: Pick<Hono, 'fetch'>;
  /** Says who may look at pages; the API asks by itself. */
  readonly authenticate: Authenticate;
  /** `undefined` before the first scan. */
  readonly readPage: () => Promise<ServicePage | undefined>;
  /** What Slack would show, as a document of HTML. */
  readonly slackPreviewPage: () => string;
  /** Told of what a page failed of; the one who asked is not told. */
  readonly onFailure: (cause: unknown) => void;
}

/**
 * Names by which this machine calls itself. A page of another origin can have its own name resolve to this machine; its
 * requests then name that host. https://developer.mozilla.org/en-US/docs/Web/Security/Attacks/DNS_rebinding
 */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/** Returns the application: pages at `/` and `/preview`, and the API everywhere else. */
export function createHttpApp({ api, authenticate, readPage, slackPreviewPage, onFailure }: HttpAppOptions): Hono {
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
  for (const path of ['/', '/preview/*']) {
    app.use(path, async (context, next) => {
      const caller = await authenticate(context);
      if (!caller.ok) {
        return problemResponse(caller.error, randomUUID());
      }
      await next();
      context.res.headers.set('cache-control', 'no-store');
      context.res.headers.set('x-content-type-options', 'nosniff');
      return undefined;
    });
  }
  app.get('/', async (context) => {
    const page = await readPage();
    return page === undefined
      ? problemResponse(NOTHING_SEEN_YET, randomUUID())
      : context.html(renderAuditPage(page.view, page.notices, page.trends));
  });
  app.get('/preview/slack', (context) => context.html(slackPreviewPage()));
  app.all('*', (context) => api.fetch(context.req.raw));
  app.onError((cause) => {
    onFailure(cause);
    return problemResponse({ code: 'internal-error', detail: 'The terminal of the service says more' }, randomUUID());
  });
  return app;
}
