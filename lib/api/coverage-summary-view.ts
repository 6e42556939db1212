import * as z from 'zod';
import type { Run } from '../audit/store-ports.ts';
import { toRunView } from './run-view.ts';

const count = z.int().nonnegative();

/** What a list rests on: the newest scan, in short. `GET /v1/runs/{slot}` has every call that failed. */
export const CoverageSummaryView = z.object({
  slot: z.string().describe('The run, by its kind and the time it was scheduled for'),
  scheduledAt: z.iso.datetime(),
  targetsExpected: count.describe('Accounts times regions'),
  targetsFinished: count,
  targetsFailed: count,
  targetsMissed: count,
  targetsUnderWay: count,
  notSeenCount: count.describe('Calls that were denied or failed'),
  isComplete: z.boolean().describe('Whether every target finished and every required fact was seen'),
});
export type CoverageSummaryView = z.infer<typeof CoverageSummaryView>;

/** Turns a run into the short form of its view. */
export function toCoverageSummaryView(run: Run): CoverageSummaryView {
  const view = toRunView(run);
  return {
    slot: view.slot,
    scheduledAt: view.scheduledAt,
    targetsExpected: view.targetsExpected,
    targetsFinished: view.targetsFinished,
    targetsFailed: view.targetsFailed,
    targetsMissed: view.targetsMissed,
    targetsUnderWay: view.targetsUnderWay,
    notSeenCount: view.notSeen.length,
    isComplete: view.isComplete,
  };
}
