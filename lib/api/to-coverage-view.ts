import type { Coverage, NotSeen } from '../audit/coverage.ts';
import type { Account } from '../audit/ports.ts';
import { STATUS_RULES_VERSION } from '../domain/capacity/subnet-status.ts';
import { collectAdvice } from '../domain/collect-advice.ts';
import type { CoverageView, NotSeenView } from './coverage-view.ts';

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
