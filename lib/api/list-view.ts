import * as z from 'zod';
import { CoverageSummaryView, RESTS_ON } from './coverage-summary-view.ts';
import { COVERAGE_SUMMARY_EXAMPLE } from './examples/coverage-summary-example.ts';

/** The cursor of the next page. */
export const nextCursor = z.string().nullable().describe('Where the next page begins; null where nothing is left');

/** What a list of things that scans saw rests on. */
export const coverage = CoverageSummaryView.nullable().describe(RESTS_ON);

export const matchCount = z.int().nonnegative().describe('All that match, on whatever page');

/** A page of a list over the fleet, as an example. */
export function fleetListExample<T>(item: T) {
  return {
    rolledUpAt: COVERAGE_SUMMARY_EXAMPLE.scheduledAt,
    coverage: COVERAGE_SUMMARY_EXAMPLE,
    matchCount: 1,
    nextCursor: null,
    items: [item],
  };
}

/** A page of a list over the fleet, with what it rests on. */
export function fleetListOf<T extends z.ZodType>(item: T) {
  return z.object({
    rolledUpAt: z.iso.datetime(),
    coverage,
    matchCount,
    nextCursor,
    items: z.array(item).describe('The most urgent first'),
  });
}
