import { PlanScanMessage } from '../events/plan-scan.ts';
import { planScan } from '../lib/audit/plan-scan.ts';
import { createAwsPlanScan, type PlanScanRuntime } from '../lib/wiring/plan-scan-runtime.ts';
import { scheduledFunction } from '../lib/wiring/scheduled-function.ts';
import { underSettings } from '../lib/wiring/under-settings.ts';

/** Plans the run of a slot and sends its targets. */
export function createPlanScanHandler({ ports, ...runtime }: PlanScanRuntime) {
  return scheduledFunction({
    ...runtime,
    name: 'plan-scan',
    schema: PlanScanMessage,
    run: (message, { signal }) => planScan(message, ports, signal),
  });
}

export const handler = underSettings('plan-scan', process.env, async (settings) =>
  createPlanScanHandler(createAwsPlanScan(process.env, settings)),
);
