import * as z from 'zod';
import { NotSeenView } from './coverage-view.ts';

const count = z.int().nonnegative();

/** A run as the API shows it: what it set out to look at, what came of it, and each call that failed. */
export const RunView = z.object({
  slot: z.string().describe('Names the run: its kind and the time it was scheduled for'),
  kind: z.enum(['scan', 'pulse', 'request']),
  scheduledAt: z.iso.datetime(),
  plannedAt: z.iso.datetime(),
  lastEndedAt: z.iso.datetime().nullable().describe('When the last target so far ended; null where none has'),
  callerAccountId: z.string().nullable(),
  partition: z.string().nullable(),
  targetsExpected: count.describe('Accounts times regions'),
  targetsFinished: count,
  targetsFailed: count.describe('Ended without what they were to see'),
  targetsMissed: count.describe('Came too late to be worth acting on'),
  targetsUnderWay: count.describe('Planned, and not heard of yet'),
  vpcCount: count.describe('VPCs that were observed, each time one was: a shared VPC counts for each account'),
  clusterCount: count,
  accounts: z.array(
    z.object({
      accountId: z.string(),
      accountName: z.string().nullable(),
      state: z.string().nullable().describe('What the organisation says'),
      outcome: z.enum(['planned', 'not-scanned', 'not-seen']),
      notScannedReason: z.string().nullable(),
      regionsNotEnabled: z.array(z.string()),
      regionsLeftOut: z.array(z.string()).describe('By the settings'),
    }),
  ),
  isComplete: z.boolean().describe('Whether every target finished and every required fact was seen'),
  notSeen: z.array(NotSeenView).describe('Each denied or failed call'),
});

export type RunView = z.infer<typeof RunView>;
