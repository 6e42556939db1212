import { PulseTargetMessage } from '../events/pulse-target.ts';
import { pulseTarget } from '../lib/audit/pulse-target.ts';
import { onFirstCall } from '../lib/wiring/on-first-call.ts';
import { createAwsPulseTarget, type PulseTargetRuntime } from '../lib/wiring/pulse-target-runtime.ts';
import { targetFunction } from '../lib/wiring/target-function.ts';

/** Reads the counters of a batch's targets, each for itself, and keeps what they came to. */
export function createPulseTargetHandler({ ports, ...runtime }: PulseTargetRuntime) {
  return targetFunction({
    ...runtime,
    name: 'pulse-target',
    schema: PulseTargetMessage,
    run: (message, signal) => pulseTarget(message, ports, signal),
  });
}

export const handler = onFirstCall(async () => createPulseTargetHandler(await createAwsPulseTarget(process.env)));
