import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { secureHeaders } from 'hono/secure-headers';
import type { Caller } from '../api/caller.ts';
import type { Result } from '../domain/result.ts';
import { renderAuditPage } from './audit-page.tsx';
import { renderNoticePage } from './notice-page.tsx';
import { FOREIGN_FORM, INTERNAL_ERROR, MAY_NOT_READ, NO_PAGE_NOTICES } from './page-notices.ts';
import { CSRF_FIELD, FLEET_PATH } from './page-paths.ts';
import type { Door, PageAnswer, PageRoute, Visitor, VisitorPage } from './page-route.ts';
import type { NoPage, ServicePage } from './read-page.ts';

export interface PagesPorts {
  readonly door: Door;
  readonly readPage: (caller: Caller) => Promise<Result<ServicePage, NoPage>>;
  /** What Slack would show, as a document of HTML; `undefined` where Slack is told. */
  readonly slackPreviewPage: (() => string) | undefined;
  /** A name that nothing else has. */
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of each request; of an answer that failed with its cause, which the one who asked is not told. */
  readonly onAnswer: (answer: AnsweredPage) => void;
}

/** A line of the log. Of an address it has no more than the name of its page: the rest may hold what lets somebody in. */
export interface AnsweredPage {
  readonly requestId: string;
  readonly operationId: string;
  readonly status: number;
  readonly caller: string | undefined;
  readonly durationMs: number;
  readonly cause?: unknown;
}

export type PagesApp = ReturnType<typeof createPages>;

type Variables = { requestId: string; caller: string | undefined; cause: unknown };
type PageContext = Context<{ Variables: Variables }>;

/** A form has a token and a few fields. */
const FORM_BYTES_MAX = 16 * 1_024;
const TWO_YEARS_SECONDS = 63_072_000;

/**
 * What a browser may do with a page: apply the style and show the pictures that are in it, send forms to where it came from, and
 * nothing else; no script, and in no frame. https://www.w3.org/TR/CSP3/
 */
const HEADERS = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'unsafe-inline'"],
    imgSrc: ['data:'],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  referrerPolicy: 'no-referrer',
  strictTransportSecurity: `max-age=${TWO_YEARS_SECONDS}`,
});

/**
 * Returns the pages, for whoever their door lets in. The same application answers on Lambda and on one machine. What is no page is
 * left to what it is mounted in.
 */
export function createPages(ports: PagesPorts): Hono<{ Variables: Variables }> {
  const app = new Hono<{ Variables: Variables }>();
  for (const page of [...ownPages(ports), ...ports.door.routes]) {
    app.on(page.method, page.path, watched(page, ports), HEADERS, compress(), limitForm, (context) =>
      answer(page, context, ports),
    );
  }
  app.onError((cause, context) => {
    context.set('cause', cause);
    return toResponse(INTERNAL_ERROR, context);
  });
  return app;
}

function ownPages({ readPage, slackPreviewPage }: PagesPorts): readonly PageRoute[] {
  const fleet: VisitorPage = {
    operationId: 'showFleet',
    path: FLEET_PATH,
    access: 'visitor',
    method: 'GET',
    async answer(context, { caller, csrfToken }) {
      const page = await readPage(caller);
      const session = csrfToken === undefined ? undefined : { name: caller.name, csrfToken };
      return page.ok
        ? context.html(renderAuditPage(page.value.view, { ...page.value, session }))
        : NO_PAGE_NOTICES[page.error];
    },
  };
  if (slackPreviewPage === undefined) {
    return [fleet];
  }
  const preview: VisitorPage = {
    operationId: 'showSlackPreview',
    path: '/preview/slack',
    access: 'visitor',
    method: 'GET',
    answer: async (context) => context.html(slackPreviewPage()),
  };
  return [fleet, preview];
}

function watched({ operationId }: PageRoute, { newId, now, onAnswer }: PagesPorts) {
  return async (context: PageContext, next: () => Promise<void>): Promise<void> => {
    const startedAtMs = now();
    const requestId = newId();
    context.set('requestId', requestId);
    await next();
    context.res.headers.set('x-request-id', requestId);
    context.res.headers.set('cache-control', 'private, no-store');
    const cause = context.get('cause');
    onAnswer({
      requestId,
      operationId,
      status: context.res.status,
      caller: context.get('caller'),
      durationMs: now() - startedAtMs,
      ...(cause === undefined ? {} : { cause }),
    });
  };
}

const limitForm = bodyLimit({
  maxSize: FORM_BYTES_MAX,
  onError: (context: PageContext) => toResponse(FOREIGN_FORM, context),
});

async function answer(page: PageRoute, context: PageContext, ports: PagesPorts): Promise<Response> {
  return toResponse(await answerOf(page, context, ports), context);
}

async function answerOf(page: PageRoute, context: PageContext, { door }: PagesPorts): Promise<PageAnswer> {
  if (page.access === 'open') {
    return page.answer(context);
  }
  const admitted = await door.admit(context);
  if (!admitted.ok) {
    return admitted.error;
  }
  const { caller } = admitted.value;
  context.set('caller', caller.name);
  if (!caller.scopes.includes('read')) {
    return MAY_NOT_READ;
  }
  if (page.method === 'POST' && !(await isOwnForm(context, admitted.value))) {
    return FOREIGN_FORM;
  }
  return page.answer(context, admitted.value);
}

/**
 * Whether a form is one that this visitor was shown: a page of another site can send one, and cannot know the token in it.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
async function isOwnForm(context: PageContext, { csrfToken }: Visitor): Promise<boolean> {
  const given = (await context.req.parseBody())[CSRF_FIELD];
  return csrfToken !== undefined && typeof given === 'string' && timingSafeEqual(digestOf(given), digestOf(csrfToken));
}

/** The comparison takes as long whatever differs. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function toResponse(pageAnswer: PageAnswer, context: PageContext): Response | Promise<Response> {
  if (pageAnswer instanceof Response) {
    return pageAnswer;
  }
  const { status, headers } = pageAnswer;
  return context.html(renderNoticePage(pageAnswer, context.get('requestId')), status, { ...headers });
}
