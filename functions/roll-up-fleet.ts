import { RollUpFleetMessage } from '../events/roll-up-fleet.ts';
import { rollUpFleet } from '../lib/audit/roll-up-fleet.ts';
import { onFirstCall } from '../lib/wiring/on-first-call.ts';
import { createAwsRollUpFleet, type RollUpFleetRuntime } from '../lib/wiring/roll-up-fleet-runtime.ts';
import { scheduledFunction } from '../lib/wiring/scheduled-function.ts';

/** Brings the fleet up to the states that were judged. */
export function createRollUpFleetHandler({ ports, ...runtime }: RollUpFleetRuntime) {
  return scheduledFunction({
    ...runtime,
    name: 'roll-up-fleet',
    schema: RollUpFleetMessage,
    run: () => rollUpFleet(ports),
  });
}

export const handler = onFirstCall(async () => createRollUpFleetHandler(await createAwsRollUpFleet(process.env)));
