import * as z from 'zod';
import type { Account } from '../audit/ports.ts';
import { plannedOutcomes } from '../audit/run-coverage.ts';
import { parseSlot, type Slot, slotText } from '../audit/slot.ts';
import type { Run, RunAccount, TargetOutcome } from '../audit/store-ports.ts';
import { NotSeenView } from './coverage-view.ts';
import { toNotSeenView } from './to-coverage-view.ts';

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
