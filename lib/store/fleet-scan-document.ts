import type { AccountTally, RunTally } from '../audit/tally-run.ts';
import { callerShape, notSeenShape, runAccountShape, slotShape, targetShape } from './audit-shape.ts';
import { columnsDocument } from './columns-document.ts';
import { flag, list, numeric, optional, record, text } from './shape.ts';

/** The scan that a fleet rests on, counted up: the run store has a document for every few of its targets. */
export const FLEET_SCAN_DOCUMENT = columnsDocument(
  'scan of the fleet',
  1,
  record<RunTally>({
    slot: slotShape,
    plannedAt: text,
    caller: optional(callerShape),
    accounts: list(runAccountShape),
    targets: list(
      record<AccountTally>({
        accountId: text,
        regions: list(text),
        finishedCount: numeric,
        failedCount: numeric,
        missedCount: numeric,
        vpcCount: numeric,
        clusterCount: numeric,
        lastEndedAt: optional(text),
        isScanned: flag,
        notSeen: list(notSeenShape),
      }),
    ),
    underWay: list(targetShape),
    notSeen: list(notSeenShape),
  }),
);
