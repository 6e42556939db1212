import type { CollectError } from '../domain/fact.ts';
import type { FactName } from '../domain/region-facts.ts';
import { type AccountCoverage, type Coverage, type NotSeen, scopeNotSeen } from './coverage.ts';
import type { Run, RunAccount, TargetOutcome } from './store-ports.ts';
import { targetText } from './target-text.ts';

/** What became of the targets that a run planned; those that were asked for besides the plan, or retired, are not among them. */
export function plannedOutcomes({ plan, outcomes }: Run): readonly TargetOutcome[] {
  const planned = new Set(plan.targets.map(targetText));
  return outcomes.filter(({ target }) => planned.has(targetText(target)));
}

/** Returns the ledger of a run in the form of an audit's: what never came back is not seen. */
export function runCoverage(run: Run, requiredFacts: readonly FactName[]): Coverage {
  const { plan } = run;
  const outcomes = plannedOutcomes(run);
  const ended = new Set(outcomes.map(({ target }) => targetText(target)));
  const underWay = plan.targets.filter((target) => !ended.has(targetText(target)));
  const endedTimes = outcomes.map(({ endedAt }) => endedAt).toSorted();
  return {
    startedAt: plan.plannedAt,
    finishedAt: endedTimes.at(-1) ?? plan.plannedAt,
    caller: plan.caller,
    accounts: plan.accounts.map((account) => accountCoverage(account, run)),
    targetsExpected: plan.targets.length,
    targetsFinished: outcomes.filter(({ state }) => state === 'finished').length,
    notSeen: [
      ...plan.notSeen,
      ...run.outcomes.flatMap(({ notSeen }) => notSeen),
      ...underWay.map((target): NotSeen => scopeNotSeen('region', NOT_HEARD_OF, target)),
    ],
    requiredFacts,
  };
}

const NOT_HEARD_OF: CollectError = {
  action: 'elbowroom:ScanTarget',
  code: 'not-attempted',
  message: 'Planned, and not heard of yet: its scan is under way, or was lost and the next slot looks again',
  awsErrorName: undefined,
};

function accountCoverage(account: RunAccount, run: Run): AccountCoverage {
  const { accountId, name, state, organizationalUnitPaths, outcome, notScannedReason } = account;
  const { regionsNotEnabled, regionsLeftOut } = account;
  const isOfAccount = ({ target }: TargetOutcome) => target.accountId === accountId;
  const isScanned = run.outcomes.some((one) => isOfAccount(one) && one.state === 'finished');
  const planned = isScanned ? 'scanned' : 'not-seen';
  return {
    accountId,
    name,
    state,
    organizationalUnitPaths,
    outcome: outcome === 'planned' ? planned : outcome,
    notScannedReason,
    regions: run.plan.targets.filter((target) => target.accountId === accountId).map(({ region }) => region),
    regionsNotEnabled,
    regionsLeftOut,
  };
}
