import { PlanScanMessage } from '../events/plan-scan.ts';
import { planScan } from '../lib/audit/plan-scan.ts';
import { onFirstCall } from '../lib/wiring/on-first-call.ts';
import { createAwsPlanScan, type PlanScanRuntime } from '../lib/wiring/plan-scan-runtime.ts';
import { scheduledFunction } from '../lib/wiring/scheduled-function.ts';

/** Plans the run of a slot and sends its targets. */
export function createPlanScanHandler({ ports, ...runtime }: PlanScanRuntime) {
  return scheduledFunction({
    ...runtime,
    name: 'plan-scan',
    schema: PlanScanMessage,
    run: (message, { signal }) => planScan(message, ports, signal),
  });
}

export const handler = onFirstCall(async () => createPlanScanHandler(await createAwsPlanScan(process.env)));
