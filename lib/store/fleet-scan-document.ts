import type { Run } from '../audit/store-ports.ts';
import { runPlanShape, targetOutcomeShape } from './audit-shape.ts';
import { columnsDocument } from './columns-document.ts';
import { list, record } from './shape.ts';

/** The scan that a fleet rests on, in one piece: the run store has a document for every few of its targets. */
export const FLEET_SCAN_DOCUMENT = columnsDocument<Run>(
  'scan of the fleet',
  1,
  record<Run>({ plan: runPlanShape, outcomes: list(targetOutcomeShape) }),
);
