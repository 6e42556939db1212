import { randomUUID } from 'node:crypto';
import { createTokenVerifier } from '../api/jwt-authenticator.ts';
import { REQUIRED_FACTS_DEFAULT } from '../audit/coverage.ts';
import type { Clock } from '../aws/clock.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { createPages, type PagesApp } from '../dashboard/create-pages.ts';
import { createLogin } from '../dashboard/login/create-login.ts';
import { createSeal } from '../dashboard/login/seal.ts';
import { CALLBACK_PATH } from '../dashboard/page-paths.ts';
import type { Door } from '../dashboard/page-route.ts';
import { readPage } from '../dashboard/read-page.ts';
import { createAwsReadPorts } from './aws-read-ports.ts';
import { createAwsSecrets } from './aws-secrets.ts';
import { createAwsTable } from './aws-table.ts';
import { createFunctionRuntime, type Environment } from './function-runtime.ts';
import { logAnswer } from './log-answer.ts';
import { createOidcKeys } from './oidc-keys.ts';
import { createOidcMetadata } from './oidc-metadata.ts';
import { createPagesIssuer } from './pages-issuer.ts';
import type { Log } from './telemetry.ts';

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

/** Composes the pages in AWS: over the table, for who logs in with the organisation's issuer. */
export function createAwsPages(environment: Environment): PagesApp {
  const { telemetry, clock, config } = createFunctionRuntime('pages', environment, VARIABLES);
  const read = {
    ...createAwsReadPorts(createAwsTable(config.TABLE_NAME), clock),
    requiredFacts: REQUIRED_FACTS_DEFAULT,
  };
  return createPages({
    door: loginDoor(config, clock, telemetry.log),
    readPage: ({ accountIds }) => readPage(read, accountIds),
    slackPreviewPage: undefined,
    newId: randomUUID,
    now: clock.now,
    onAnswer: (answer) => logAnswer(telemetry.log, answer),
  });
}

function loginDoor(config: PagesConfig, clock: Clock, log: Log): Door {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_ACCOUNTS_CLAIM: accountsClaim } = config;
  const { OIDC_CLIENT_ID: clientId, OIDC_SCOPE: scope = SCOPE_DEFAULT } = config;
  if (issuer === undefined || audience === undefined) {
    throw new Error('Cannot start pages: OIDC_ISSUER or OIDC_AUDIENCE is not set; set both, or nobody can log in');
  }
  const { now } = clock;
  const { origin } = new URL(config.PAGES_URL);
  const readSecret = createAwsSecrets(config.SECRETS_PATH, clock);
  const metadata = createOidcMetadata(issuer, fetch);
  const keys = createOidcKeys(metadata, fetch);
  return createLogin({
    origin,
    issuer: createPagesIssuer({
      metadata,
      verifyToken: createTokenVerifier({ issuer, audience, keys, accountsClaim, now }),
      clientId,
      clientSecrets: () => readSecret('oidc-client-secret'),
      audience,
      scope,
      redirectUri: origin + CALLBACK_PATH,
      fetch,
    }),
    seal: createSeal({
      secrets: () => readSecret('session-key'),
      policy: [issuer, audience, clientId, accountsClaim],
      now,
    }),
    now,
    onFailure: (failure) => log.warn('A login came to nothing', { ...failure }),
  });
}
