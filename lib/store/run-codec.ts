import type { RunPlan, TargetOutcome } from '../audit/store-ports.ts';
import { runPlanShape, targetOutcomeShape } from './audit-shape.ts';
import { decodeColumns } from './column-codec.ts';
import { type ColumnsDocument, checkedValue, columnsDocument } from './columns-document.ts';
import { isRecord } from './predicted-fields.ts';
import { list } from './shape.ts';

const CURRENT_PLAN = columnsDocument('run-plan', 2, runPlanShape);

export const RUN_PLAN_DOCUMENT: ColumnsDocument<RunPlan> = {
  ...CURRENT_PLAN,
  /** Version 1 named no VPCs, since a pulse looked at all of a region. */
  upcast: (bytes) => {
    const plan = decodeColumns(bytes);
    return checkedValue(CURRENT_PLAN, isRecord(plan) ? { ...plan, pulsedVpcs: [] } : plan);
  },
};

/** What one share of a run came to. */
export const OUTCOMES_DOCUMENT: ColumnsDocument<readonly TargetOutcome[]> = columnsDocument(
  'outcomes',
  1,
  list(targetOutcomeShape),
);
