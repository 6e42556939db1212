import type { Outbox } from '../audit/message-ports.ts';
import type { PulseTargetPorts } from '../audit/pulse-target.ts';
import type { RunStore } from '../audit/store-ports.ts';
import { createPulseObserver } from '../collect/pulse-observer.ts';
import { createFactsStore } from '../store/facts-store.ts';
import { createRunStore } from '../store/run-store.ts';
import { createTargetStore } from '../store/target-store.ts';
import { createAwsObservation } from './aws-observation.ts';
import { createAwsSqs } from './aws-sqs.ts';
import { createAwsTable } from './aws-table.ts';
import { createFunctionRuntime, type Environment, type FunctionRuntime } from './function-runtime.ts';
import { judgeQueueOutbox } from './sqs-outbox.ts';

export interface PulseTargetRuntime extends FunctionRuntime {
  readonly ports: PulseTargetPorts;
  readonly runs: Pick<RunStore, 'recordOutcomes'>;
  readonly outbox: Pick<Outbox, 'judgeVpcs'>;
}

/** Composes pulse-target in AWS. */
export async function createAwsPulseTarget(environment: Environment): Promise<PulseTargetRuntime> {
  const variables = ['TABLE_NAME', 'JUDGE_QUEUE_URL', 'ROLE_NAME', 'EXTERNAL_ID'] as const;
  const { telemetry, clock, config } = createFunctionRuntime('pulse-target', environment, variables);
  const { caller, entrance, now } = await createAwsObservation(
    {
      environment,
      clock,
      roleName: config.ROLE_NAME,
      externalId: config.EXTERNAL_ID,
    },
    createPulseObserver,
  );
  const table = createAwsTable(config.TABLE_NAME);
  return {
    telemetry,
    clock,
    runs: createRunStore(table),
    outbox: judgeQueueOutbox(createAwsSqs(clock), config.JUDGE_QUEUE_URL),
    ports: {
      caller,
      entrance,
      now,
      facts: createFactsStore(table),
      targets: createTargetStore(table),
    },
  };
}
