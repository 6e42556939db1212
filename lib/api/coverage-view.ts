import * as z from 'zod';

const count = z.int().nonnegative();

export const NotSeenView = z.object({
  scope: z.string().describe('The fact, or the account, region or list that could not be entered'),
  accountId: z.string().nullable(),
  accountName: z.string().nullable(),
  region: z.string().nullable(),
  resourceIds: z.array(z.string()).describe('What the failed calls were about; empty where they were about all'),
  action: z.string(),
  code: z.string(),
  awsErrorName: z.string().nullable(),
  message: z.string().describe('What AWS or the network said'),
  advice: z.string().nullable().describe('What may help'),
  isRequired: z.boolean(),
});
export type NotSeenView = z.infer<typeof NotSeenView>;

/** What was looked at, what was not seen, and when. */
export const CoverageView = z.object({
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  callerAccountId: z.string().nullable(),
  partition: z.string().nullable(),
  accounts: z.array(
    z.object({
      accountId: z.string(),
      accountName: z.string().nullable(),
      state: z.string().nullable().describe('What the organisation says; null where it was not asked or did not say'),
      outcome: z.enum(['scanned', 'not-scanned', 'not-seen']),
      notScannedReason: z.string().nullable(),
      regions: z.array(z.string()),
      regionsNotEnabled: z.array(z.string()),
      regionsLeftOut: z.array(z.string()).describe('By the settings'),
    }),
  ),
  targetsExpected: count.describe('Accounts times regions'),
  targetsFinished: count,
  requiredFacts: z.array(z.string()),
  statusRulesVersion: z.int().describe('The version of the rules that the statuses were judged by'),
  isComplete: z.boolean().describe('Whether every required fact of every account was seen'),
  notSeen: z.array(NotSeenView),
});
export type CoverageView = z.infer<typeof CoverageView>;
