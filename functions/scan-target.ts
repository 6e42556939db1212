import { ScanTargetMessage } from '../events/scan-target.ts';
import { scanTarget } from '../lib/audit/scan-target.ts';
import { onFirstCall } from '../lib/wiring/on-first-call.ts';
import { createAwsScanTarget, type ScanTargetRuntime } from '../lib/wiring/scan-target-runtime.ts';
import { targetFunction } from '../lib/wiring/target-function.ts';

/** Scans the targets of a batch, each for itself, and keeps what they came to. */
export function createScanTargetHandler({ ports, ...runtime }: ScanTargetRuntime) {
  return targetFunction({
    ...runtime,
    name: 'scan-target',
    schema: ScanTargetMessage,
    run: (message, signal) => scanTarget(message, ports, signal),
  });
}

export const handler = onFirstCall(async () => createScanTargetHandler(await createAwsScanTarget(process.env)));
