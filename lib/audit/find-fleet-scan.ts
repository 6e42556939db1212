import type { Instant } from '../domain/fact.ts';
import { plannedOutcomes } from './run-coverage.ts';
import { isPastSlot, type Slot, slotText } from './slot.ts';
import type { Run, RunReader } from './store-ports.ts';

/** Pulses and requests lie between scans: four an hour, and some that people asked for. */
const RUNS_LISTED = 40;

/**
 * Returns the scan that a fleet rests on at a moment: the newest one that is over, else the newest under way; what was `kept` where
 * there is none of either. A scan is over when each target that it planned has ended, or when its slot is past. A run has an item for
 * every few of its targets: one that was kept is not read again where all of them have finished, since nothing changes it then.
 */
export async function findFleetScan(runs: RunReader, kept: Run | undefined, now: Instant): Promise<Run | undefined> {
  const isFinal = kept !== undefined && isFinished(kept);
  let underWay: Run | undefined;
  for await (const slot of scanSlots(runs)) {
    const run = isFinal && slotText(slot) === slotText(kept.plan.slot) ? kept : await runs.readRun(slot);
    // What is listed without a plan was given up half way.
    if (run !== undefined && (isPastSlot(slot, now) || hasEnded(run))) {
      return run;
    }
    underWay ??= run;
  }
  return underWay ?? kept;
}

/** The newest first. */
async function* scanSlots(runs: RunReader): AsyncGenerator<Slot> {
  let page = await runs.listRuns({ limit: RUNS_LISTED });
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    yield* page.filter(({ kind }) => kind === 'scan');
    page = await runs.listRuns({ limit: RUNS_LISTED, before: last });
  }
}

function hasEnded(run: Run): boolean {
  return plannedOutcomes(run).length === run.plan.targets.length;
}

/** What failed may be tried again, and what was missed may be heard of after all. */
function isFinished(run: Run): boolean {
  return plannedOutcomes(run).filter(({ state }) => state === 'finished').length === run.plan.targets.length;
}
