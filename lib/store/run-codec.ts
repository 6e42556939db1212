import type { RunPlan, TargetOutcome } from '../audit/store-ports.ts';
import { runPlanShape, targetOutcomeShape } from './audit-shape.ts';
import { columnsDocument } from './columns-document.ts';
import type { DocumentKind } from './document-kind.ts';
import { list } from './shape.ts';

export const RUN_PLAN_DOCUMENT: DocumentKind<RunPlan> = columnsDocument('run-plan', 1, runPlanShape);

/** What one share of a run came to. */
export const OUTCOMES_DOCUMENT: DocumentKind<readonly TargetOutcome[]> = columnsDocument(
  'outcomes',
  1,
  list(targetOutcomeShape),
);
