import { plannedOutcomes } from './run-coverage.ts';
import { type Slot, slotText } from './slot.ts';
import type { Run, RunStore } from './store-ports.ts';

/** Among so many runs there is a scan: pulses come four times as often. */
const RUNS_TO_NEWEST_SCAN = 24;

/**
 * Reads the newest scan, ended or under way; `undefined` before the first. A run has an item for every few of its targets: where the
 * one that was read `before` is still the newest and all of it is finished, nothing of it can change, and it is not read again.
 */
export async function newestScan(
  runs: Pick<RunStore, 'listRuns' | 'readRun'>,
  before?: Run | undefined,
): Promise<Run | undefined> {
  const slots = await runs.listRuns({ limit: RUNS_TO_NEWEST_SCAN });
  const slot = slots.find(({ kind }) => kind === 'scan');
  if (slot === undefined) {
    return undefined;
  }
  return before !== undefined && isFinishedRun(before, slot) ? before : runs.readRun(slot);
}

/** Of thousands of targets; what was read of a run never changes. */
const finishedRuns = new WeakSet<Run>();

function isFinishedRun(run: Run, slot: Slot): boolean {
  if (slotText(run.plan.slot) !== slotText(slot)) {
    return false;
  }
  const finished = () => plannedOutcomes(run).filter(({ state }) => state === 'finished').length;
  if (finishedRuns.has(run) || finished() === run.plan.targets.length) {
    finishedRuns.add(run);
    return true;
  }
  return false;
}
