import type { PlanScanPorts } from '../audit/plan-scan.ts';
import { pulseCandidates } from '../audit/pulse-candidates.ts';
import { SPREAD_MS_DEFAULT } from '../audit/spread.ts';
import { instantOf } from '../collect/collection.ts';
import { createRegionLister } from '../collect/regions.ts';
import type { Settings } from '../settings/settings.ts';
import { createDirectoryStore } from '../store/directory-store.ts';
import { createFleetReader } from '../store/fleet-store.ts';
import { createRunStore } from '../store/run-store.ts';
import { createAwsObservation } from './aws-observation.ts';
import { createAwsSqs } from './aws-sqs.ts';
import { createAwsTable } from './aws-table.ts';
import { createFunctionRuntime, type Environment, type FunctionRuntime } from './function-runtime.ts';
import { keepAnswer } from './keep-answer.ts';
import { settingsPolicy } from './settings-policy.ts';
import { pulseQueueOutbox, scanQueueOutbox } from './sqs-outbox.ts';

export interface PlanScanRuntime extends FunctionRuntime {
  readonly ports: PlanScanPorts;
}

/** Composes plan-scan in AWS. */
export function createAwsPlanScan(environment: Environment, settings: Settings): PlanScanRuntime {
  const { telemetry, clock, config } = createFunctionRuntime('plan-scan', environment, [
    'TABLE_NAME',
    'SCAN_QUEUE_URL',
    'PULSE_QUEUE_URL',
    'ROLE_NAME',
    'EXTERNAL_ID',
  ]);
  // A pulse is planned from what is kept: three plans of four make no client of an account.
  const observation = keepAnswer(clock, Number.POSITIVE_INFINITY, () => {
    const role = { roleName: config.ROLE_NAME, externalId: config.EXTERNAL_ID };
    return createAwsObservation({ environment, clock, settings, ...role }, createRegionLister);
  });
  const table = createAwsTable(config.TABLE_NAME);
  const fleet = createFleetReader(table);
  const sqs = createAwsSqs(clock);
  return {
    telemetry,
    clock,
    ports: {
      directory: {
        caller: async (signal) => (await observation()).caller(signal),
        organizationAccounts: async (signal) => (await observation()).directory.organizationAccounts(signal),
      },
      entrance: { enter: async (...account) => (await observation()).entrance.enter(...account) },
      now: () => instantOf(clock),
      policy: settingsPolicy(settings),
      requestedAccounts: { kind: 'organization' },
      requestedRegions: undefined,
      directoryStore: createDirectoryStore(table),
      runs: createRunStore(table),
      outbox: { ...scanQueueOutbox(sqs, config.SCAN_QUEUE_URL), ...pulseQueueOutbox(sqs, config.PULSE_QUEUE_URL) },
      pulseCandidates: async () => {
        const rolledUp = await fleet.readFleet();
        // Before the first roll-up nobody knows where clusters are.
        return rolledUp === undefined ? [] : pulseCandidates(rolledUp);
      },
      spreadMs: SPREAD_MS_DEFAULT,
    },
  };
}
