import type { CollectError } from '../domain/fact.ts';
import type { FactName } from '../domain/region-facts.ts';
import { type AccountCoverage, type Coverage, type NotSeen, scopeNotSeen } from './coverage.ts';
import type { RunAccount } from './store-ports.ts';
import { type AccountTally, type RunTally, runTotals } from './tally-run.ts';

/** Returns what a run came to in the form of an audit's ledger: what never came back is not seen. */
export function runCoverage(run: RunTally, requiredFacts: readonly FactName[]): Coverage {
  const { targetsExpected, targetsFinished, lastEndedAt, notSeen } = runTotals(run);
  const tallies = new Map(run.targets.map((tally) => [tally.accountId, tally]));
  return {
    startedAt: run.plannedAt,
    finishedAt: lastEndedAt ?? run.plannedAt,
    caller: run.caller,
    accounts: run.accounts.map((account) => accountCoverage(account, tallies.get(account.accountId))),
    targetsExpected,
    targetsFinished,
    notSeen: [...notSeen, ...run.underWay.map((target): NotSeen => scopeNotSeen('region', NOT_HEARD_OF, target))],
    requiredFacts,
  };
}

const NOT_HEARD_OF: CollectError = {
  action: 'elbowroom:ScanTarget',
  code: 'not-attempted',
  message: 'Planned, and not heard of yet: its scan is under way, or was lost and the next slot looks again',
  awsErrorName: undefined,
};

function accountCoverage(account: RunAccount, tally: AccountTally | undefined): AccountCoverage {
  const { accountId, name, state, organizationalUnitPaths, outcome, notScannedReason } = account;
  const { regionsNotEnabled, regionsLeftOut } = account;
  const planned = tally?.isScanned === true ? 'scanned' : 'not-seen';
  return {
    accountId,
    name,
    state,
    organizationalUnitPaths,
    outcome: outcome === 'planned' ? planned : outcome,
    notScannedReason,
    // Of an account without targets there is no tally.
    regions: tally?.regions ?? [],
    regionsNotEnabled,
    regionsLeftOut,
  };
}
