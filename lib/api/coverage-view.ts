import * as z from 'zod';
import type { Coverage, NotSeen } from '../audit/coverage.ts';
import type { Account } from '../audit/ports.ts';
import { STATUS_RULES_VERSION } from '../domain/capacity/subnet-status.ts';
import { collectAdvice } from '../domain/collect-advice.ts';

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

/** Turns a coverage ledger into its view. */
export function toCoverageView(coverage: Coverage, accounts: ReadonlyMap<string, Account>): CoverageView {
  return {
    startedAt: coverage.startedAt,
    finishedAt: coverage.finishedAt,
    callerAccountId: coverage.caller?.accountId ?? null,
    partition: coverage.caller?.partition ?? null,
    accounts: coverage.accounts.map((account) => ({
      accountId: account.accountId,
      accountName: account.name ?? null,
      state: account.state ?? null,
      outcome: account.outcome,
      notScannedReason: account.notScannedReason ?? null,
      regions: [...account.regions],
      regionsNotEnabled: [...account.regionsNotEnabled],
      regionsLeftOut: [...account.regionsLeftOut],
    })),
    targetsExpected: coverage.targetsExpected,
    targetsFinished: coverage.targetsFinished,
    requiredFacts: [...coverage.requiredFacts],
    statusRulesVersion: STATUS_RULES_VERSION,
    isComplete: !coverage.notSeen.some(({ isRequired }) => isRequired),
    notSeen: coverage.notSeen.map((entry) => toNotSeenView(entry, accounts)),
  };
}

/** Turns what was not seen into its view. */
export function toNotSeenView(entry: NotSeen, accounts: ReadonlyMap<string, Account>): NotSeenView {
  const { scope, accountId, region, resourceIds, error, isRequired } = entry;
  return {
    scope,
    accountId: accountId ?? null,
    accountName: (accountId === undefined ? undefined : accounts.get(accountId)?.name) ?? null,
    region: region ?? null,
    resourceIds: [...resourceIds],
    action: error.action,
    code: error.code,
    awsErrorName: error.awsErrorName ?? null,
    message: error.message,
    advice: collectAdvice(error) ?? null,
    isRequired,
  };
}
