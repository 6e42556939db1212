import { RollUpFleetMessage } from '../events/roll-up-fleet.ts';
import { rollUpFleet } from '../lib/audit/roll-up-fleet.ts';
import { createAwsRollUpFleet, type RollUpFleetRuntime } from '../lib/wiring/roll-up-fleet-runtime.ts';
import { scheduledFunction } from '../lib/wiring/scheduled-function.ts';
import { underSettings } from '../lib/wiring/under-settings.ts';

/** Brings the fleet up to the states that were judged, then alerts of accounts and the fleet's history up to what is over. */
export function createRollUpFleetHandler({ ports, ...runtime }: RollUpFleetRuntime) {
  return scheduledFunction({
    ...runtime,
    name: 'roll-up-fleet',
    schema: RollUpFleetMessage,
    run: ({ historyDays }, { log }) =>
      rollUpFleet(ports, {
        historyDays,
        onFailure: (followUp, error) => log.error('Cannot do what follows from a roll-up', { followUp, error }),
      }),
    metricsOf: ({ subnetAgeSeconds, failedFollowUps }) => ({
      ...(subnetAgeSeconds === undefined ? {} : { SubnetAge: subnetAgeSeconds }),
      ...(failedFollowUps.length === 0 ? {} : { FollowUpsFailed: failedFollowUps.length }),
    }),
  });
}

export const handler = underSettings('roll-up-fleet', process.env, async (settings) =>
  createRollUpFleetHandler(createAwsRollUpFleet(process.env, settings)),
);
