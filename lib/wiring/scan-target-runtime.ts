import { REQUIRED_FACTS_DEFAULT } from '../audit/coverage.ts';
import type { Outbox } from '../audit/message-ports.ts';
import type { ScanTargetPorts } from '../audit/scan-target.ts';
import type { RunStore } from '../audit/store-ports.ts';
import { createAccountObserver } from '../collect/account-observer.ts';
import { createDirectoryStore } from '../store/directory-store.ts';
import { createFactsStore } from '../store/facts-store.ts';
import { createRunStore } from '../store/run-store.ts';
import { createTargetStore } from '../store/target-store.ts';
import { createAwsObservation } from './aws-observation.ts';
import { createAwsSqs } from './aws-sqs.ts';
import { createAwsTable } from './aws-table.ts';
import { createFunctionRuntime, type Environment, type FunctionRuntime } from './function-runtime.ts';
import { judgeQueueOutbox, scanQueueOutbox } from './sqs-outbox.ts';
import { createWeightLimit } from './weight-limit.ts';

/** In a function of 1 GB: so many of 15 addresses took 574 MB as measured, as known, as seen now and packed. */
export const INTERFACES_IN_MEMORY = 100_000;

export interface ScanTargetRuntime extends FunctionRuntime {
  readonly ports: ScanTargetPorts;
  readonly runs: Pick<RunStore, 'recordOutcomes'>;
  readonly outbox: Pick<Outbox, 'judgeVpcs'>;
}

/** Composes scan-target in AWS. */
export async function createAwsScanTarget(environment: Environment): Promise<ScanTargetRuntime> {
  const variables = ['TABLE_NAME', 'SCAN_QUEUE_URL', 'JUDGE_QUEUE_URL', 'ROLE_NAME', 'EXTERNAL_ID'] as const;
  const { telemetry, clock, config } = createFunctionRuntime('scan-target', environment, variables);
  const { caller, entrance, now } = await createAwsObservation(
    {
      environment,
      clock,
      roleName: config.ROLE_NAME,
      externalId: config.EXTERNAL_ID,
    },
    createAccountObserver,
  );
  const table = createAwsTable(config.TABLE_NAME);
  const sqs = createAwsSqs(clock);
  return {
    telemetry,
    clock,
    runs: createRunStore(table),
    outbox: judgeQueueOutbox(sqs, config.JUDGE_QUEUE_URL),
    ports: {
      caller,
      entrance,
      now,
      facts: createFactsStore(table),
      targets: createTargetStore(table),
      directory: createDirectoryStore(table),
      outbox: scanQueueOutbox(sqs, config.SCAN_QUEUE_URL),
      inMemory: createWeightLimit(INTERFACES_IN_MEMORY),
      requiredFacts: REQUIRED_FACTS_DEFAULT,
    },
  };
}
