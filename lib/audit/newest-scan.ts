import type { Run, RunStore } from './store-ports.ts';

/** Among so many runs there is a scan: pulses come four times as often. */
const RUNS_TO_NEWEST_SCAN = 24;

/** Reads the newest scan, ended or under way; `undefined` before the first. */
export async function newestScan(runs: Pick<RunStore, 'listRuns' | 'readRun'>): Promise<Run | undefined> {
  const slots = await runs.listRuns({ limit: RUNS_TO_NEWEST_SCAN });
  const slot = slots.find(({ kind }) => kind === 'scan');
  return slot === undefined ? undefined : runs.readRun(slot);
}
