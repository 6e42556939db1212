import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import * as z from 'zod/mini';
import { SCOPES } from '../../api/caller.ts';
import type { KnownCaller } from '../../api/jwt-authenticator.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { MAY_NOT_READ } from '../page-notices.ts';
import { CALLBACK_PATH, LOGIN_PATH, LOGOUT_PATH } from '../page-paths.ts';
import type { Door, OpenPage, PageAnswer, Visitor, VisitorPage } from '../page-route.ts';
import type { LoginFailure, LoginIssuer } from './login-issuer.ts';
import { LOGGED_OUT, loginFailedNotice, NOT_LOGGED_IN, TOO_MANY_ACCOUNTS, UNKNOWN_LOGIN } from './login-notices.ts';
import { returnAddress } from './return-to.ts';
import type { Seal } from './seal.ts';

export interface LoginPorts {
  /** Scheme and host by which browsers see the pages: `https://pages.example.com`. */
  readonly origin: string;
  readonly issuer: LoginIssuer;
  readonly seal: Seal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told why a login came to nothing. */
  readonly onFailure: (failure: LoginFailure) => void;
}

const MS_PER_SECOND = 1_000;
const MS_PER_MINUTE = 60_000;
/** Time to find the second factor. */
const LOGIN_MS = 10 * MS_PER_MINUTE;
/** A session ends with the token that it was made of, and after a working day. */
const SESSION_MS_MAX = 12 * 60 * MS_PER_MINUTE;
/** The issuer's clock may be so far behind that its tokens are over as they come: who is let in gets to see a page. */
const SESSION_MS_MIN = MS_PER_MINUTE;
const CSRF_BYTES = 32;
/** What every browser keeps of a cookie, its name and attributes included: https://www.rfc-editor.org/rfc/rfc6265#section-6.1 */
const COOKIE_BYTES_MAX = 4_096;
const COOKIE_ATTRIBUTES_BYTES = 96;

/** By the prefix `__Host-`: of this host alone, by TLS alone. https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/Cookies#cookie_prefixes */
const PREFIX = 'host';
const COOKIE = { prefix: PREFIX, path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const;
const SESSION_COOKIE = 'elbowroom-session';
/** One for each login that was begun: several tabs may log in at once. */
const LOGIN_COOKIE = 'elbowroom-login-';

/** Nothing of the token but who it is of and what it allows. */
const Session = z.object({
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  accountIds: z.nullable(z.array(z.string())),
  csrfToken: z.string(),
});

const Pending = z.object({ state: z.string(), nonce: z.string(), codeVerifier: z.string(), returnTo: z.string() });

/**
 * Returns a door that lets in whoever logs in with the organisation's issuer: by OpenID Connect's code flow with PKCE. A session is
 * a sealed cookie; nothing is kept here. https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
 */
export function createLogin(ports: LoginPorts): Door {
  const admit = (context: Context): Promise<Result<Visitor, PageAnswer>> => admitVisitor(context, ports);
  const begin: OpenPage = {
    operationId: 'logIn',
    path: LOGIN_PATH,
    access: 'open',
    method: 'GET',
    answer: (context) => beginLogin(context, ports),
  };
  const finish: OpenPage = {
    operationId: 'finishLogin',
    path: CALLBACK_PATH,
    access: 'open',
    method: 'GET',
    answer: (context) => finishLogin(context, ports),
  };
  const logOut: VisitorPage = {
    operationId: 'logOut',
    path: LOGOUT_PATH,
    access: 'visitor',
    method: 'POST',
    async answer(context) {
      deleteCookie(context, SESSION_COOKIE, COOKIE);
      return LOGGED_OUT;
    },
  };
  return { admit, routes: [begin, finish, logOut] };
}

async function admitVisitor(context: Context, ports: LoginPorts): Promise<Result<Visitor, PageAnswer>> {
  const visitor = await visitorOf(context, ports);
  if (visitor !== undefined) {
    return ok(visitor);
  }
  if (!isNavigation(context)) {
    return err(NOT_LOGGED_IN);
  }
  const { pathname, search } = new URL(context.req.url);
  const login = new URL(LOGIN_PATH, ports.origin);
  login.searchParams.set('returnTo', pathname + search);
  return err(context.redirect(login.pathname + login.search, 303));
}

/** Who has a session that lasts. */
async function visitorOf(context: Context, { seal }: LoginPorts): Promise<Visitor | undefined> {
  const cookie = getCookie(context, SESSION_COOKIE, PREFIX);
  const session = cookie === undefined ? undefined : await seal.open('session', cookie, Session);
  if (session === undefined) {
    return undefined;
  }
  const { name, scopes, accountIds, csrfToken } = session;
  return { caller: { name, scopes, accountIds: accountIds ?? undefined }, csrfToken };
}

/** Whether a browser is to show the answer as a page. https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Mode */
function isNavigation({ req }: Context): boolean {
  const mode = req.header('sec-fetch-mode');
  const isPage = mode === undefined ? (req.header('accept')?.includes('text/html') ?? false) : mode === 'navigate';
  return req.method === 'GET' && isPage;
}

async function beginLogin(context: Context, { origin, issuer, seal, now, onFailure }: LoginPorts): Promise<PageAnswer> {
  const begun = await issuer.begin();
  if (!begun.ok) {
    onFailure(begun.error);
    return loginFailedNotice(begun.error);
  }
  const { pending, url } = begun.value;
  const returnTo = returnAddress(context.req.query('returnTo'), origin);
  const sealed = await seal.seal('login', { ...pending, returnTo }, now() + LOGIN_MS);
  setCookie(context, LOGIN_COOKIE + pending.state, sealed, { ...COOKIE, maxAge: LOGIN_MS / MS_PER_SECOND });
  return context.redirect(url, 303);
}

async function finishLogin(context: Context, ports: LoginPorts): Promise<PageAnswer> {
  const { issuer, seal, onFailure } = ports;
  const answer = new URL(context.req.url).searchParams;
  const cookie = getCookie(context, `${LOGIN_COOKIE}${answer.get('state')}`, PREFIX);
  const pending = cookie === undefined ? undefined : await seal.open('login', cookie, Pending);
  if (pending === undefined) {
    // Who came back twice, by the button of the browser, is logged in by then.
    const isLoggedIn = (await visitorOf(context, ports)) !== undefined;
    return isLoggedIn ? context.redirect(returnAddress(undefined, ports.origin), 303) : UNKNOWN_LOGIN;
  }
  deleteCookie(context, LOGIN_COOKIE + pending.state, COOKIE);
  const known = await issuer.finish(answer, pending);
  if (!known.ok) {
    onFailure(known.error);
    return loginFailedNotice(known.error);
  }
  return keepSession(context, known.value, pending.returnTo, ports);
}

async function keepSession(
  context: Context,
  { caller, expiresAtMs }: KnownCaller,
  returnTo: string,
  { seal, now }: LoginPorts,
): Promise<PageAnswer> {
  const { name, scopes, accountIds } = caller;
  if (!scopes.includes('read')) {
    return MAY_NOT_READ;
  }
  const lifeMs = Math.min(Math.max(expiresAtMs - now(), SESSION_MS_MIN), SESSION_MS_MAX);
  const csrfToken = randomBytes(CSRF_BYTES).toString('base64url');
  const sealed = await seal.seal(
    'session',
    { name, scopes, accountIds: accountIds ?? null, csrfToken },
    now() + lifeMs,
  );
  if (sealed.length + COOKIE_ATTRIBUTES_BYTES > COOKIE_BYTES_MAX) {
    return TOO_MANY_ACCOUNTS;
  }
  setCookie(context, SESSION_COOKIE, sealed, { ...COOKIE, maxAge: Math.floor(lifeMs / MS_PER_SECOND) });
  return context.redirect(returnTo, 303);
}
