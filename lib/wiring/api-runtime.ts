import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ApiPorts } from '../api/api-ports.ts';
import type { Authenticate } from '../api/caller.ts';
import { createApi } from '../api/create-api.ts';
import { createCursors } from '../api/cursors.ts';
import { createIamAuthenticator } from '../api/iam-authenticator.ts';
import { createJwtAuthenticator } from '../api/jwt-authenticator.ts';
import { ROUTES } from '../api/routes.ts';
import type { Clock } from '../aws/clock.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { createActionReceiver } from '../notify/slack/receive-actions.ts';
import type { Settings } from '../settings/settings.ts';
import { subscribersOf } from '../settings/subscribers-of.ts';
import { createAlertStore } from '../store/alert-store.ts';
import { createAuditTrailStore } from '../store/audit-trail-store.ts';
import { createFactsReader } from '../store/facts-store.ts';
import { createFleetHistoryReader } from '../store/fleet-history-store.ts';
import { createRunStore } from '../store/run-store.ts';
import { createSilenceStore } from '../store/silence-store.ts';
import { createStateReader } from '../store/state-store.ts';
import { createAwsAlertHint } from './aws-alert-hint.ts';
import { createAwsReadPorts } from './aws-read-ports.ts';
import { createAwsSecrets } from './aws-secrets.ts';
import { createAwsSqs } from './aws-sqs.ts';
import { createAwsTable } from './aws-table.ts';
import { answerCounter, isColdStart } from './count-answer.ts';
import { createFunctionRuntime, type Environment } from './function-runtime.ts';
import { logAnswer } from './log-answer.ts';
import { createOidcKeys } from './oidc-keys.ts';
import { createOidcMetadata } from './oidc-metadata.ts';
import { scanQueueOutbox } from './sqs-outbox.ts';

const VARIABLES = [
  'TABLE_NAME',
  'SCAN_QUEUE_URL',
  'SECRETS_PATH',
  'BUS_NAME',
  'OIDC_ISSUER',
  'OIDC_AUDIENCE',
  'OIDC_ACCOUNTS_CLAIM',
  'OPENAPI_FILE',
  'REFERENCE_FILE',
] as const;
type ApiConfig = FunctionConfig<(typeof VARIABLES)[number]>;

/** Composes the API in AWS: over the table, with callers that the issuer or API Gateway knows. */
export function createAwsApi(environment: Environment, settings: Settings) {
  const { telemetry, clock, config } = createFunctionRuntime('api', environment, VARIABLES);
  const readSecret = createAwsSecrets(config.SECRETS_PATH, clock);
  const subscribers = subscribersOf(settings);
  const countAnswer = answerCounter(telemetry, { isColdStart: isColdStart(environment) });
  return createApi(ROUTES, {
    ...storePorts(config, clock),
    authenticate: authenticator(config, clock),
    outbox: scanQueueOutbox(createAwsSqs(clock), config.SCAN_QUEUE_URL),
    subscribers,
    hint: createAwsAlertHint({ subscribers, busName: config.BUS_NAME, clock, log: telemetry.log }),
    cursors: createCursors(() => readSecret('cursor-key')),
    slack: createActionReceiver({
      signingSecrets: () => readSecret('slack-signing-secret'),
      // Without a section nobody may.
      writers: settings.notifications.slack?.writers ?? [],
      fetch,
      now: clock.now,
      onFailure: (cause) => telemetry.log.warn('A user of Slack was not answered', { error: cause }),
    }),
    // API Gateway's HTTP APIs hand an answer on when it is whole.
    nextLook: undefined,
    metricsSubnetsMax: settings.metrics.subnetsMax,
    newId: () => randomUUID(),
    onAnswer(answer) {
      logAnswer(telemetry.log, answer);
      countAnswer(answer);
    },
    openapi: () => textOf(config.OPENAPI_FILE),
    reference: () => textOf(config.REFERENCE_FILE),
  });
}

function storePorts({ TABLE_NAME }: ApiConfig, clock: Clock) {
  const table = createAwsTable(TABLE_NAME);
  return {
    ...createAwsReadPorts(table, clock),
    runs: createRunStore(table),
    states: createStateReader(table),
    facts: createFactsReader(table),
    fleetHistory: createFleetHistoryReader(table),
    alerts: createAlertStore(table),
    silences: createSilenceStore(table),
    auditTrail: createAuditTrailStore(table),
  } satisfies Partial<ApiPorts>;
}

/** By the organisation's issuer where one is set, else by the IAM identity that API Gateway has verified. */
function authenticator({ OIDC_ISSUER, OIDC_AUDIENCE, OIDC_ACCOUNTS_CLAIM }: ApiConfig, clock: Clock): Authenticate {
  if (OIDC_ISSUER === undefined || OIDC_AUDIENCE === undefined) {
    if (OIDC_ISSUER !== OIDC_AUDIENCE) {
      throw new Error('Cannot start api: of OIDC_ISSUER and OIDC_AUDIENCE one is set; set both, or none to use IAM');
    }
    return createIamAuthenticator();
  }
  return createJwtAuthenticator({
    issuer: OIDC_ISSUER,
    audience: OIDC_AUDIENCE,
    keys: createOidcKeys(createOidcMetadata(OIDC_ISSUER, fetch), fetch),
    accountsClaim: OIDC_ACCOUNTS_CLAIM,
    now: clock.now,
  });
}

/** A document beside the bundle, where it was deployed. */
async function textOf(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : readFile(path, 'utf8');
}
