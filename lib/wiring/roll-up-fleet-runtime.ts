import type { RollUpPorts } from '../audit/roll-up-fleet.ts';
import { rollUpFollowUps } from '../audit/roll-up-follow-ups.ts';
import type { Settings } from '../settings/settings.ts';
import { subscribersOf } from '../settings/subscribers-of.ts';
import { createAlertStore } from '../store/alert-store.ts';
import { createFleetHistoryStore } from '../store/fleet-history-store.ts';
import { createFleetStore } from '../store/fleet-store.ts';
import { createLeaseStore } from '../store/lease-store.ts';
import { createRunReader } from '../store/run-store.ts';
import { createSeriesStore } from '../store/series-store.ts';
import { createStateReader } from '../store/state-store.ts';
import { createAwsAlertHint } from './aws-alert-hint.ts';
import { createAwsTable } from './aws-table.ts';
import { createFunctionRuntime, type Environment, type FunctionRuntime } from './function-runtime.ts';

export interface RollUpFleetRuntime extends FunctionRuntime {
  readonly ports: RollUpPorts;
}

/** Composes roll-up-fleet in AWS: it asks nothing of any account. */
export function createAwsRollUpFleet(environment: Environment, settings: Settings): RollUpFleetRuntime {
  const { telemetry, clock, config } = createFunctionRuntime('roll-up-fleet', environment, ['TABLE_NAME', 'BUS_NAME']);
  const table = createAwsTable(config.TABLE_NAME);
  const fleet = createFleetStore(table);
  const runs = createRunReader(table);
  const subscribers = subscribersOf(settings);
  return {
    telemetry,
    clock,
    ports: {
      states: createStateReader(table),
      fleet,
      runs,
      leases: createLeaseStore(table),
      clock,
      followUps: rollUpFollowUps({
        fleet,
        series: createSeriesStore(table, settings.retention),
        history: createFleetHistoryStore(table, settings.retention),
        alerts: createAlertStore(table),
        runs,
        subscribers,
        hint: createAwsAlertHint({ subscribers, busName: config.BUS_NAME, clock, log: telemetry.log }),
        clock,
      }),
    },
  };
}
