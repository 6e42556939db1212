import type { Instant } from '../domain/fact.ts';
import type { Target } from '../domain/region-facts.ts';
import type { NotSeen } from './coverage.ts';
import type { Run, RunAccount, RunPlan, TargetOutcome } from './store-ports.ts';
import { targetText } from './target-text.ts';

/** What a run came to so far, account by account: all that is told of it, of thousands of targets. */
export interface RunTally extends Pick<RunPlan, 'slot' | 'plannedAt' | 'caller'> {
  readonly accounts: readonly RunAccount[];
  /** Of each account with a target, in the order of their ids. */
  readonly targets: readonly AccountTally[];
  /** Planned, and not heard of yet. */
  readonly underWay: readonly Target[];
  /** What the plan itself could not see. */
  readonly notSeen: readonly NotSeen[];
}

/** Targets that were planned are counted; those that were asked for besides the plan, or retired, are not. */
export interface AccountTally {
  readonly accountId: string;
  /** Where it has planned targets. */
  readonly regions: readonly string[];
  readonly finishedCount: number;
  readonly failedCount: number;
  readonly missedCount: number;
  readonly vpcCount: number;
  readonly clusterCount: number;
  /** When the last of them so far ended; `undefined` where none has. */
  readonly lastEndedAt: Instant | undefined;
  /** Whether a target finished, planned or not. */
  readonly isScanned: boolean;
  /** Each denied or failed call, of all targets. */
  readonly notSeen: readonly NotSeen[];
}

/** Counts up the ledger of a run. */
export function tallyRun({ plan, outcomes }: Run): RunTally {
  const { slot, plannedAt, caller, accounts, notSeen } = plan;
  const ended = new Set(outcomes.map(({ target }) => targetText(target)));
  const plannedOf = Map.groupBy(plan.targets, ({ accountId }) => accountId);
  const outcomesOf = Map.groupBy(outcomes, ({ target }) => target.accountId);
  const accountIds = [...new Set([...plannedOf.keys(), ...outcomesOf.keys()])].sort();
  return {
    slot,
    plannedAt,
    caller,
    accounts,
    // An account that has none of the one may have some of the other.
    targets: accountIds.map((accountId) =>
      tallyAccount(accountId, plannedOf.get(accountId) ?? [], outcomesOf.get(accountId) ?? []),
    ),
    underWay: plan.targets.filter((target) => !ended.has(targetText(target))),
    notSeen,
  };
}

function tallyAccount(accountId: string, planned: readonly Target[], outcomes: readonly TargetOutcome[]): AccountTally {
  const regions = planned.map(({ region }) => region);
  const known = new Set(regions);
  const counted = outcomes.filter(({ target }) => known.has(target.region));
  const countOf = (state: TargetOutcome['state']): number => counted.filter((one) => one.state === state).length;
  return {
    accountId,
    regions,
    finishedCount: countOf('finished'),
    failedCount: countOf('failed'),
    missedCount: countOf('missed'),
    vpcCount: counted.reduce((sum, { vpcCount }) => sum + vpcCount, 0),
    clusterCount: counted.reduce((sum, { clusterCount }) => sum + clusterCount, 0),
    lastEndedAt: lastOf(counted.map(({ endedAt }) => endedAt)),
    isScanned: outcomes.some(({ state }) => state === 'finished'),
    notSeen: outcomes.flatMap((outcome) => outcome.notSeen),
  };
}

export interface RunTotals {
  readonly targetsExpected: number;
  readonly targetsFinished: number;
  readonly targetsFailed: number;
  readonly targetsMissed: number;
  readonly vpcCount: number;
  readonly clusterCount: number;
  /** When the last planned target so far ended; `undefined` where none has. */
  readonly lastEndedAt: Instant | undefined;
  /** Each denied or failed call, first those of the plan. */
  readonly notSeen: readonly NotSeen[];
}

/** Adds up all accounts of a tally. */
export function runTotals({ targets, notSeen }: Pick<RunTally, 'targets' | 'notSeen'>): RunTotals {
  const sumOf = (countOf: (tally: AccountTally) => number): number =>
    targets.reduce((sum, tally) => sum + countOf(tally), 0);
  return {
    targetsExpected: sumOf(({ regions }) => regions.length),
    targetsFinished: sumOf(({ finishedCount }) => finishedCount),
    targetsFailed: sumOf(({ failedCount }) => failedCount),
    targetsMissed: sumOf(({ missedCount }) => missedCount),
    vpcCount: sumOf(({ vpcCount }) => vpcCount),
    clusterCount: sumOf(({ clusterCount }) => clusterCount),
    lastEndedAt: lastOf(targets.flatMap(({ lastEndedAt }) => lastEndedAt ?? [])),
    notSeen: [...notSeen, ...targets.flatMap((tally) => tally.notSeen)],
  };
}

/** Times are written in one form only, so they compare as texts. */
function lastOf(instants: readonly Instant[]): Instant | undefined {
  return instants.reduce<Instant | undefined>(
    (last, instant) => (last === undefined || instant > last ? instant : last),
    undefined,
  );
}
