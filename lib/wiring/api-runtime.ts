import { readFile } from 'node:fs/promises';
import { createApi } from '../api/create-api.ts';
import { createCursors } from '../api/cursors.ts';
import { READ_ROUTES } from '../api/read-routes.ts';
import type { Settings } from '../settings/settings.ts';
import { createAlertReader } from '../store/alert-store.ts';
import { createAuditTrailReader } from '../store/audit-trail-store.ts';
import { createFactsReader } from '../store/facts-store.ts';
import { createFleetHistoryReader } from '../store/fleet-history-store.ts';
import { createRunReader } from '../store/run-store.ts';
import { createSilenceReader } from '../store/silence-store.ts';
import { createStateReader } from '../store/state-store.ts';
import { CALLER_VARIABLES, createAnswerPorts } from './answer-ports.ts';
import { createAwsReadPorts } from './aws-read-ports.ts';
import { createAwsSecrets } from './aws-secrets.ts';
import { createAwsTable } from './aws-table.ts';
import { createFunctionRuntime, type Environment } from './function-runtime.ts';

const VARIABLES = ['TABLE_NAME', 'SECRETS_PATH', 'OPENAPI_FILE', 'REFERENCE_FILE', ...CALLER_VARIABLES] as const;

/** Composes what of the API reads, in AWS: over the table, with callers that the issuer or API Gateway knows. */
export function createAwsApi(environment: Environment, settings: Settings) {
  const runtime = createFunctionRuntime('api', environment, VARIABLES);
  const { clock, config } = runtime;
  const readSecret = createAwsSecrets(config.SECRETS_PATH, clock);
  const table = createAwsTable(config.TABLE_NAME);
  return createApi(READ_ROUTES, {
    ...createAnswerPorts(runtime, environment),
    ...createAwsReadPorts(table, clock),
    states: createStateReader(table),
    facts: createFactsReader(table),
    runs: createRunReader(table),
    fleetHistory: createFleetHistoryReader(table),
    alerts: createAlertReader(table),
    silences: createSilenceReader(table),
    auditTrail: createAuditTrailReader(table),
    cursors: createCursors(() => readSecret('cursor-key')),
    metricsSubnetsMax: settings.metrics.subnetsMax,
    openapi: () => textOf(config.OPENAPI_FILE),
    reference: () => textOf(config.REFERENCE_FILE),
  });
}

/** A document beside the bundle, where it was deployed. */
async function textOf(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : readFile(path, 'utf8');
}
