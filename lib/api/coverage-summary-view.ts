import * as z from 'zod';

const count = z.int().nonnegative();

/** Which scan answers over the fleet rest on. */
export const RESTS_ON =
  'The scan that the fleet rests on: of those that were over when it was added up the newest, or the first while that is under way; null before it';

/** The scan that a list rests on, in short. `GET /v1/runs/{slot}` has every call that failed. */
export const CoverageSummaryView = z.object({
  slot: z.string().describe('The run, by its kind and the time it was scheduled for'),
  scheduledAt: z.iso.datetime(),
  targetsExpected: count.describe('Accounts times regions'),
  targetsFinished: count,
  targetsFailed: count.describe('Ended without what they were to see'),
  targetsMissed: count.describe('Came too late to be worth acting on'),
  targetsUnderWay: count.describe('Planned, and not heard of yet'),
  notSeenCount: count.describe('Calls that were denied or failed'),
  isComplete: z.boolean().describe('Whether every target finished and every required fact was seen'),
});

export type CoverageSummaryView = z.infer<typeof CoverageSummaryView>;
