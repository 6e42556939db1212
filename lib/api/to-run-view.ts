import type { Account } from '../audit/ports.ts';
import { parseSlot, type Slot, slotText } from '../audit/slot.ts';
import type { RunAccount } from '../audit/store-ports.ts';
import { type RunTally, runTotals } from '../audit/tally-run.ts';
import type { RunView } from './run-view.ts';
import { toNotSeenView } from './to-coverage-view.ts';

/** Turns a run into its view. */
export function toRunView(run: RunTally): RunView {
  const { slot, plannedAt, caller } = run;
  const { targetsExpected, targetsFinished, targetsFailed, targetsMissed, ...totals } = runTotals(run);
  const accounts = new Map<string, Account>(run.accounts.map((account) => [account.accountId, account]));
  return {
    slot: slotIdOf(slot),
    kind: slot.kind,
    scheduledAt: slot.at,
    plannedAt,
    lastEndedAt: totals.lastEndedAt ?? null,
    callerAccountId: caller?.accountId ?? null,
    partition: caller?.partition ?? null,
    targetsExpected,
    targetsFinished,
    targetsFailed,
    targetsMissed,
    targetsUnderWay: run.underWay.length,
    vpcCount: totals.vpcCount,
    clusterCount: totals.clusterCount,
    accounts: run.accounts.map(toRunAccountView),
    isComplete: targetsFinished === targetsExpected && !totals.notSeen.some(({ isRequired }) => isRequired),
    notSeen: totals.notSeen.map((entry) => toNotSeenView(entry, accounts)),
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
