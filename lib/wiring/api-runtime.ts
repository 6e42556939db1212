import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ApiPorts } from '../api/api-ports.ts';
import type { Authenticate } from '../api/caller.ts';
import { createApi } from '../api/create-api.ts';
import { createCursors } from '../api/cursors.ts';
import { createIamAuthenticator } from '../api/iam-authenticator.ts';
import { newestScan } from '../audit/newest-scan.ts';
import type { Clock } from '../aws/clock.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { createActionReceiver } from '../notify/slack/receive-actions.ts';
import type { Settings } from '../settings/settings.ts';
import { subscribersOf } from '../settings/subscribers-of.ts';
import { createAlertStore } from '../store/alert-store.ts';
import { createAuditTrailStore } from '../store/audit-trail-store.ts';
import { createDirectoryStore } from '../store/directory-store.ts';
import { createFactsStore } from '../store/facts-store.ts';
import { createFleetHistoryStore } from '../store/fleet-history-store.ts';
import { createFleetStore } from '../store/fleet-store.ts';
import { createForecastStore } from '../store/forecast-store.ts';
import { createRunStore } from '../store/run-store.ts';
import { createSeriesStore } from '../store/series-store.ts';
import { createSilenceStore } from '../store/silence-store.ts';
import { createStateStore } from '../store/state-store.ts';
import { createAwsAlertHint } from './aws-alert-hint.ts';
import { createAwsSecrets } from './aws-secrets.ts';
import { createAwsTable } from './aws-table.ts';
import { createFunctionRuntime, type Environment } from './function-runtime.ts';
import { keepAnswer } from './keep-answer.ts';
import type { Log } from './telemetry.ts';

const VARIABLES = [
  'TABLE_NAME',
  'SCAN_QUEUE_URL',
  'SECRETS_PATH',
  'BUS_NAME',
  'OIDC_ISSUER',
  'OIDC_AUDIENCE',
  'OIDC_ACCOUNTS_CLAIM',
  'OPENAPI_FILE',
] as const;
type ApiConfig = FunctionConfig<(typeof VARIABLES)[number]>;

/** As old as the fleet that it is shown with may be. */
const SCAN_KEPT_MS = 10_000;
/** Names of accounts change seldom. */
const ACCOUNTS_KEPT_MS = 5 * 60_000;

/** Composes the API in AWS: over the table, with callers that the issuer or API Gateway knows. */
export async function createAwsApi(environment: Environment, settings: Settings) {
  const { telemetry, clock, config } = createFunctionRuntime('api', environment, VARIABLES);
  const readSecret = createAwsSecrets(config.SECRETS_PATH, clock);
  const subscribers = subscribersOf(settings);
  return createApi({
    ...storePorts(config, clock, settings.retention),
    authenticate: await authenticator(config, clock),
    outbox: scanOutbox(config.SCAN_QUEUE_URL, clock),
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
    history: () => NO_HISTORY,
    now: clock.now,
    newId: () => randomUUID(),
    onAnswer: (answer) => logAnswer(telemetry.log, answer),
    openapi: async () => (config.OPENAPI_FILE === undefined ? undefined : readFile(config.OPENAPI_FILE, 'utf8')),
  });
}

const NO_HISTORY = {
  state: 'none',
  daysExpected: 0,
  daysFinished: 0,
  message: 'What is over cannot be looked at any more: a trend begins with the first scan',
} as const;

function storePorts({ TABLE_NAME }: ApiConfig, clock: Clock, retention: Parameters<typeof createSeriesStore>[1]) {
  const table = createAwsTable(TABLE_NAME);
  const runs = createRunStore(table);
  const directory = createDirectoryStore(table);
  return {
    fleets: createFleetStore(table),
    states: createStateStore(table),
    facts: createFactsStore(table),
    series: createSeriesStore(table, retention),
    fleetHistory: createFleetHistoryStore(table),
    forecasts: createForecastStore(table),
    runs,
    newestScan: keepAnswer(clock, SCAN_KEPT_MS, () => newestScan(runs)),
    accounts: keepAnswer(clock, ACCOUNTS_KEPT_MS, async () => {
      const stored = await directory.readDirectory();
      // Names that are not known yet are null in the views.
      return new Map(stored?.directory.accounts.map((account) => [account.accountId, account]));
    }),
    alerts: createAlertStore(table),
    silences: createSilenceStore(table),
    auditTrail: createAuditTrailStore(table),
    directory,
  } satisfies Partial<ApiPorts>;
}

/** Few requests ask for a scan: the others need not load what speaks to the queue. */
function scanOutbox(queueUrl: string, clock: Clock): ApiPorts['outbox'] {
  return {
    async scanTargets(messages) {
      const [{ createAwsSqs }, { scanQueueOutbox }] = await Promise.all([
        import('./aws-sqs.ts'),
        import('./sqs-outbox.ts'),
      ]);
      await scanQueueOutbox(createAwsSqs(clock), queueUrl).scanTargets(messages);
    },
  };
}

/** By the organisation's issuer where one is set, else by the IAM identity that API Gateway has verified. */
async function authenticator(
  { OIDC_ISSUER, OIDC_AUDIENCE, OIDC_ACCOUNTS_CLAIM }: ApiConfig,
  clock: Clock,
): Promise<Authenticate> {
  if (OIDC_ISSUER === undefined || OIDC_AUDIENCE === undefined) {
    if (OIDC_ISSUER !== OIDC_AUDIENCE) {
      throw new Error('Cannot start api: of OIDC_ISSUER and OIDC_AUDIENCE one is set; set both, or none to use IAM');
    }
    return createIamAuthenticator();
  }
  const [{ createJwtAuthenticator }, { createOidcKeys }] = await Promise.all([
    import('../api/jwt-authenticator.ts'),
    import('./oidc-keys.ts'),
  ]);
  return createJwtAuthenticator({
    issuer: OIDC_ISSUER,
    audience: OIDC_AUDIENCE,
    keys: createOidcKeys(OIDC_ISSUER, fetch),
    accountsClaim: OIDC_ACCOUNTS_CLAIM,
    now: clock.now,
  });
}

function logAnswer(log: Log, { cause, ...answer }: Parameters<ApiPorts['onAnswer']>[0]): void {
  if (cause === undefined) {
    log.info('Answered a request', { ...answer });
  } else {
    log.error('Failed to answer a request', { ...answer, error: cause });
  }
}
