import { randomUUID } from 'node:crypto';
import { REQUIRED_FACTS_DEFAULT } from '../audit/coverage.ts';
import type { Clock } from '../aws/clock.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { createPages, type PagesApp } from '../dashboard/create-pages.ts';
import { createLogin } from '../dashboard/login/create-login.ts';
import type { LoginIssuer } from '../dashboard/login/login-issuer.ts';
import { createSeal } from '../dashboard/login/seal.ts';
import { CALLBACK_PATH } from '../dashboard/page-paths.ts';
import { readPage } from '../dashboard/read-page.ts';
import { createAwsReadPorts } from './aws-read-ports.ts';
import { createAwsSecrets } from './aws-secrets.ts';
import { createAwsTable } from './aws-table.ts';
import { createFunctionRuntime, type Environment } from './function-runtime.ts';
import { keepAnswer } from './keep-answer.ts';
import { logAnswer } from './log-answer.ts';
import type { ReadSecret } from './secret-reader.ts';

const VARIABLES = [
  'TABLE_NAME',
  'SECRETS_PATH',
  'OIDC_ISSUER',
  'OIDC_AUDIENCE',
  'OIDC_ACCOUNTS_CLAIM',
  'OIDC_CLIENT_ID',
  'OIDC_SCOPE',
  'PAGES_URL',
] as const;
type PagesConfig = FunctionConfig<(typeof VARIABLES)[number]>;

/** What pages need: to look. What is changed by them asks for more, once there is such a page. */
const SCOPE_DEFAULT = 'openid elbowroom:read';

/** Composes the pages in AWS: over the table, for who logs in with the organisation's issuer; without one there are none. */
export function createAwsPages(environment: Environment, fetchOf: typeof fetch = fetch): PagesApp {
  const { telemetry, clock, config } = createFunctionRuntime('pages', environment, VARIABLES);
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_ACCOUNTS_CLAIM: accountsClaim, OIDC_CLIENT_ID } = config;
  if (issuer === undefined || audience === undefined) {
    throw new Error('Cannot start pages: OIDC_ISSUER or OIDC_AUDIENCE is not set; nobody could log in');
  }
  const readSecret = createAwsSecrets(config.SECRETS_PATH, clock);
  const read = {
    ...createAwsReadPorts(createAwsTable(config.TABLE_NAME), clock),
    requiredFacts: REQUIRED_FACTS_DEFAULT,
  };
  const { origin } = new URL(config.PAGES_URL);
  return createPages({
    door: createLogin({
      origin,
      issuer: keepAnswer(clock, Number.POSITIVE_INFINITY, () =>
        createIssuer({ ...config, issuer, audience, origin }, clock, readSecret, fetchOf),
      ),
      seal: createSeal({
        secrets: () => readSecret('session-key'),
        policy: [issuer, audience, OIDC_CLIENT_ID, accountsClaim],
        now: clock.now,
      }),
      now: clock.now,
      onFailure: (failure) => telemetry.log.warn('A login came to nothing', { ...failure }),
    }),
    readPage: ({ accountIds }) => readPage(read, accountIds),
    slackPreviewPage: undefined,
    newId: randomUUID,
    now: clock.now,
    onAnswer: (answer) => logAnswer(telemetry.log, answer),
  });
}

interface IssuerConfig extends PagesConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly origin: string;
}

/** Few requests are of a login: the others need not load what speaks to the issuer. */
async function createIssuer(
  { issuer, audience, origin, OIDC_ACCOUNTS_CLAIM, OIDC_CLIENT_ID, OIDC_SCOPE }: IssuerConfig,
  clock: Clock,
  readSecret: ReadSecret,
  fetchOf: typeof fetch,
): Promise<LoginIssuer> {
  const [{ createTokenVerifier }, { createOidcKeys }, { createOidcMetadata }, { createPagesIssuer }] =
    await Promise.all([
      import('../api/jwt-authenticator.ts'),
      import('./oidc-keys.ts'),
      import('./oidc-metadata.ts'),
      import('./pages-issuer.ts'),
    ]);
  const metadata = createOidcMetadata(issuer, fetchOf);
  return createPagesIssuer({
    metadata,
    verifyToken: createTokenVerifier({
      issuer,
      audience,
      keys: createOidcKeys(metadata, fetchOf),
      accountsClaim: OIDC_ACCOUNTS_CLAIM,
      now: clock.now,
    }),
    clientId: OIDC_CLIENT_ID,
    clientSecrets: () => readSecret('oidc-client-secret'),
    audience,
    scope: OIDC_SCOPE ?? SCOPE_DEFAULT,
    redirectUri: origin + CALLBACK_PATH,
    fetch: fetchOf,
  });
}
