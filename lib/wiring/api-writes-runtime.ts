import { createApi } from '../api/create-api.ts';
import { WRITE_ROUTES } from '../api/write-routes.ts';
import { createActionReceiver } from '../notify/slack/receive-actions.ts';
import type { Settings } from '../settings/settings.ts';
import { subscribersOf } from '../settings/subscribers-of.ts';
import { createAlertStore } from '../store/alert-store.ts';
import { createAuditTrailStore } from '../store/audit-trail-store.ts';
import { createDirectoryStore } from '../store/directory-store.ts';
import { createRunStore } from '../store/run-store.ts';
import { createSilenceStore } from '../store/silence-store.ts';
import { CALLER_VARIABLES, createAnswerPorts } from './answer-ports.ts';
import { createAwsAlertHint } from './aws-alert-hint.ts';
import { createAwsSecrets } from './aws-secrets.ts';
import { createAwsSqs } from './aws-sqs.ts';
import { createAwsTable } from './aws-table.ts';
import { createFunctionRuntime, type Environment } from './function-runtime.ts';
import { scanQueueOutbox } from './sqs-outbox.ts';

const VARIABLES = ['TABLE_NAME', 'SCAN_QUEUE_URL', 'SECRETS_PATH', 'BUS_NAME', ...CALLER_VARIABLES] as const;

/** Composes what of the API changes something, in AWS, and takes the actions of Slack. */
export function createAwsApiWrites(environment: Environment, settings: Settings) {
  const runtime = createFunctionRuntime('api-writes', environment, VARIABLES);
  const { telemetry, clock, config } = runtime;
  const readSecret = createAwsSecrets(config.SECRETS_PATH, clock);
  const table = createAwsTable(config.TABLE_NAME);
  const subscribers = subscribersOf(settings);
  return createApi(WRITE_ROUTES, {
    ...createAnswerPorts(runtime, environment),
    alerts: createAlertStore(table),
    silences: createSilenceStore(table),
    auditTrail: createAuditTrailStore(table),
    directory: createDirectoryStore(table),
    runs: createRunStore(table),
    outbox: scanQueueOutbox(createAwsSqs(clock), config.SCAN_QUEUE_URL),
    subscribers,
    hint: createAwsAlertHint({ subscribers, busName: config.BUS_NAME, clock, log: telemetry.log }),
    slack: createActionReceiver({
      signingSecrets: () => readSecret('slack-signing-secret'),
      // Without a section nobody may.
      writers: settings.notifications.slack?.writers ?? [],
      fetch,
      now: clock.now,
      onFailure: (cause) => telemetry.log.warn('A user of Slack was not answered', { error: cause }),
    }),
  });
}
