import { createTokenVerifier } from '../../lib/api/jwt-authenticator.ts';
import { REQUIRED_FACTS_DEFAULT } from '../../lib/audit/coverage.ts';
import { type AnsweredPage, createPages, type PagesApp, type PagesPorts } from '../../lib/dashboard/create-pages.ts';
import { createLogin } from '../../lib/dashboard/login/create-login.ts';
import type { LoginFailure } from '../../lib/dashboard/login/login-issuer.ts';
import { createSeal } from '../../lib/dashboard/login/seal.ts';
import { readPage } from '../../lib/dashboard/read-page.ts';
import { createOidcKeys } from '../../lib/wiring/oidc-keys.ts';
import { createOidcMetadata } from '../../lib/wiring/oidc-metadata.ts';
import { createPagesIssuer } from '../../lib/wiring/pages-issuer.ts';
import { anApiWorld } from '../api/api-world.ts';
import { type CookieBrowser, cookieBrowser } from '../helpers/cookie-browser.ts';
import {
  AUDIENCE,
  CLIENT_ID,
  CLIENT_SECRET,
  type FakeIssuer,
  ISSUER,
  startFakeIssuer,
} from '../helpers/fake-issuer.ts';

export const ORIGIN = 'https://pages.example';
export const SESSION_KEY = 'a-session-key-of-32-characters-1';
export const SESSION_COOKIE = '__Host-elbowroom-session';

export interface PagesWorld {
  readonly app: PagesApp;
  readonly issuer: FakeIssuer;
  /** A browser that has not logged in. */
  readonly browser: () => CookieBrowser;
  /** One that has, as the issuer's next tokens say. */
  readonly loggedIn: () => Promise<CookieBrowser>;
  /** What the log was told. */
  readonly answers: AnsweredPage[];
  readonly failures: LoginFailure[];
  /** The secrets that cookies are sealed with, the newest first. */
  secrets: string[];
  clientSecrets: string[];
  passTime(durationMs: number): void;
}

export interface PagesWorldOptions extends Partial<PagesPorts> {
  readonly origin?: string;
  readonly accountsClaim?: string | undefined;
}

/** The pages over stores in memory that hold three accounts, with a login at an issuer that answers by HTTP. */
export async function aPagesWorld({ origin = ORIGIN, ...options }: PagesWorldOptions = {}): Promise<PagesWorld> {
  const issuer = await startFakeIssuer(`${origin}/callback`);
  const { ports: apiPorts } = await anApiWorld();
  const read = { ...apiPorts, requiredFacts: REQUIRED_FACTS_DEFAULT };
  const answers: AnsweredPage[] = [];
  const failures: LoginFailure[] = [];
  let passedMs = 0;
  const now = () => Date.now() + passedMs;
  const metadata = createOidcMetadata(ISSUER, issuer.fetch);
  const accountsClaim = 'accountsClaim' in options ? options.accountsClaim : 'accounts';
  const verifyToken = createTokenVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: createOidcKeys(metadata, issuer.fetch),
    accountsClaim,
    now,
  });
  const loginIssuer = createPagesIssuer({
    metadata,
    verifyToken,
    clientId: CLIENT_ID,
    clientSecrets: async () => world.clientSecrets,
    audience: AUDIENCE,
    scope: 'openid elbowroom:read',
    redirectUri: `${origin}/callback`,
    fetch: issuer.fetch,
  });
  const seal = createSeal({
    secrets: async () => world.secrets,
    policy: [ISSUER, AUDIENCE, CLIENT_ID, accountsClaim],
    now,
  });
  const app = createPages({
    door: createLogin({
      origin,
      issuer: loginIssuer,
      seal,
      now,
      onFailure: (failure) => failures.push(failure),
    }),
    readPage: ({ accountIds }) => readPage(read, accountIds),
    slackPreviewPage: undefined,
    newId: () => `request-${answers.length + 1}`,
    now,
    onAnswer: (answer) => answers.push(answer),
    ...options,
  });
  const browser = () =>
    cookieBrowser(origin, {
      [origin]: async (request) => app.fetch(request),
      [new URL(ISSUER).origin]: (request) => issuer.fetch(request.url, { redirect: 'manual' }),
    });
  const world: PagesWorld = {
    app,
    issuer,
    browser,
    async loggedIn() {
      const one = browser();
      const { response } = await one.visit(`${origin}/`);
      if (response.status !== 200) {
        throw new Error(`Expected a login, not HTTP ${response.status}`);
      }
      return one;
    },
    answers,
    failures,
    secrets: [SESSION_KEY],
    clientSecrets: [CLIENT_SECRET],
    passTime(durationMs) {
      passedMs += durationMs;
    },
  };
  return world;
}
