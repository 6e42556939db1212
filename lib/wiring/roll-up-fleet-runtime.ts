import type { RollUpPorts } from '../audit/roll-up-fleet.ts';
import { createFleetStore } from '../store/fleet-store.ts';
import { createLeaseStore } from '../store/lease-store.ts';
import { createStateStore } from '../store/state-store.ts';
import { createAwsTable } from './aws-table.ts';
import { createFunctionRuntime, type Environment, type FunctionRuntime } from './function-runtime.ts';

export interface RollUpFleetRuntime extends FunctionRuntime {
  readonly ports: RollUpPorts;
}

/** Composes roll-up-fleet in AWS: it needs the table and nothing else. */
export async function createAwsRollUpFleet(environment: Environment): Promise<RollUpFleetRuntime> {
  const { telemetry, clock, config } = createFunctionRuntime('roll-up-fleet', environment, ['TABLE_NAME']);
  const table = createAwsTable(config.TABLE_NAME);
  return {
    telemetry,
    clock,
    ports: {
      states: createStateStore(table),
      fleet: createFleetStore(table),
      leases: createLeaseStore(table),
      clock,
    },
  };
}
