import type { CoverageSummaryView } from '../coverage-summary-view.ts';

/** What the scan has seen that the fleet rests on. */
export const COVERAGE_SUMMARY_EXAMPLE: CoverageSummaryView = {
  slot: 'scan~2026-11-23T11:00:00.000Z',
  scheduledAt: '2026-11-23T11:00:00.000Z',
  targetsExpected: 26,
  targetsFinished: 26,
  targetsFailed: 0,
  targetsMissed: 0,
  targetsUnderWay: 0,
  notSeenCount: 3,
  isComplete: false,
};
