import type { RunTally } from '../audit/tally-run.ts';
import type { CoverageSummaryView } from './coverage-summary-view.ts';
import { toRunView } from './to-run-view.ts';

/** Turns a run into the short form of its view. */
export function toCoverageSummaryView(run: RunTally): CoverageSummaryView {
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
