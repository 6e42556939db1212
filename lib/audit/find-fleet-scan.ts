import type { Instant } from '../domain/fact.ts';
import { isPastSlot, type Slot, slotText } from './slot.ts';
import type { RunReader } from './store-ports.ts';
import { type RunTally, runTotals, tallyRun } from './tally-run.ts';

/** Pulses and requests lie between scans: four an hour, and some that people asked for. */
const RUNS_LISTED = 40;

/**
 * Returns the scan that a fleet rests on at a moment: the newest one that is over, else the newest under way; what was `kept` where
 * there is none of either. A scan is over when each target that it planned has ended, or when its slot is past. A run has an item for
 * every few of its targets: one that was kept is not read again where all of them have finished, since nothing changes it then.
 */
export async function findFleetScan(
  runs: RunReader,
  kept: RunTally | undefined,
  now: Instant,
): Promise<RunTally | undefined> {
  const isFinal = kept !== undefined && isFinished(kept);
  let underWay: RunTally | undefined;
  for await (const slot of scanSlots(runs)) {
    if (isFinal && slotText(slot) === slotText(kept.slot)) {
      return kept;
    }
    const run = await runs.readRun(slot);
    // What is listed without a plan was given up half way.
    const scan = run === undefined ? undefined : tallyRun(run);
    if (scan !== undefined && (isPastSlot(slot, now) || scan.underWay.length === 0)) {
      return scan;
    }
    underWay ??= scan;
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

/** What failed may be tried again, and what was missed may be heard of after all. */
function isFinished(scan: RunTally): boolean {
  const { targetsExpected, targetsFinished } = runTotals(scan);
  return targetsFinished === targetsExpected;
}
