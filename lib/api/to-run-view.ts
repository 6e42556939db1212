import type { Account } from '../audit/ports.ts';
import { plannedOutcomes } from '../audit/run-coverage.ts';
import { parseSlot, type Slot, slotText } from '../audit/slot.ts';
import type { Run, RunAccount, TargetOutcome } from '../audit/store-ports.ts';
import type { RunView } from './run-view.ts';
import { toNotSeenView } from './to-coverage-view.ts';

/** Turns a run into its view. */
export function toRunView(run: Run): RunView {
  const { plan } = run;
  const outcomes = plannedOutcomes(run);
  const { slot, caller, targets } = plan;
  const accounts = new Map<string, Account>(plan.accounts.map((account) => [account.accountId, account]));
  const countOf = (state: TargetOutcome['state']): number =>
    outcomes.filter((outcome) => outcome.state === state).length;
  const notSeen = [...plan.notSeen, ...run.outcomes.flatMap((outcome) => outcome.notSeen)];
  const targetsFinished = countOf('finished');
  return {
    slot: slotIdOf(slot),
    kind: slot.kind,
    scheduledAt: slot.at,
    plannedAt: plan.plannedAt,
    lastEndedAt:
      outcomes
        .map(({ endedAt }) => endedAt)
        .toSorted()
        .at(-1) ?? null,
    callerAccountId: caller?.accountId ?? null,
    partition: caller?.partition ?? null,
    targetsExpected: targets.length,
    targetsFinished,
    targetsFailed: countOf('failed'),
    targetsMissed: countOf('missed'),
    targetsUnderWay: targets.length - outcomes.length,
    vpcCount: sum(outcomes.map(({ vpcCount }) => vpcCount)),
    clusterCount: sum(outcomes.map(({ clusterCount }) => clusterCount)),
    accounts: plan.accounts.map(toRunAccountView),
    isComplete: targetsFinished === targets.length && !notSeen.some(({ isRequired }) => isRequired),
    notSeen: notSeen.map((entry) => toNotSeenView(entry, accounts)),
  };
}

/** Returns a slot as one segment of a path: in `slotText` `/` stands between its words. */
function slotIdOf(slot: Slot): string {
  return slotText(slot).replaceAll('/', '~');
}

/** Reads what a view has as `slot`, or returns `undefined`. */
export function parseSlotId(slotId: string): Slot | undefined {
  return parseSlot(slotId.replaceAll('~', '/'));
}

function toRunAccountView(account: RunAccount): RunView['accounts'][number] {
  return {
    accountId: account.accountId,
    accountName: account.name ?? null,
    state: account.state ?? null,
    outcome: account.outcome,
    notScannedReason: account.notScannedReason ?? null,
    regionsNotEnabled: [...account.regionsNotEnabled],
    regionsLeftOut: [...account.regionsLeftOut],
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
