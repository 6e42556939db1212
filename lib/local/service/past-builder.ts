import { join } from 'node:path';
import * as z from 'zod';
import type { HistoryView } from '../../api/fleet-view.ts';
import type { PlanScan } from '../../audit/message-ports.ts';
import { ok, type Result } from '../../domain/result.ts';
import { buildHistory, type HistoryDay, type HistoryPorts, type HistoryProgress, historyDays } from './history.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import type { Pipeline } from './pipeline.ts';
import type { OpenedPast, WorldPast } from './service-world.ts';

export interface PastBuilderOptions {
  /** Where it keeps which days are built. */
  readonly folder: string;
  readonly past: WorldPast;
  /** Makes the pipeline of the past, with its clock. */
  readonly pipelineOf: (opened: OpenedPast) => Pipeline;
  readonly onProgress: (progress: HistoryProgress) => void;
}

/** Builds the past once. */
export interface PastBuilder {
  /** Resolves with true when all is built, with false when it was stopped. */
  run(signal: AbortSignal): Promise<boolean>;
  view(): HistoryView;
}

const HistoryFile = z.object({ finishedDays: z.array(z.iso.date()) });
const HOURS_PER_DAY = 24;

/** Returns what builds the past of a world, going on where an earlier process stopped. */
export async function createPastBuilder(options: PastBuilderOptions): Promise<Result<PastBuilder>> {
  const { folder, past } = options;
  const path = join(folder, 'history.json');
  const kept = await readJsonFile(path, HistoryFile);
  if (!kept.ok) {
    return kept;
  }
  const finishedDays = new Set(kept.value?.finishedDays);
  const open = historyDays(past).filter(({ day }) => !finishedDays.has(day));
  let state: HistoryView['state'] = stateOf(past, open);
  let hoursFinished = countHours(historyDays(past)) - countHours(open);
  const build = (signal: AbortSignal): Promise<boolean> => {
    const opened = past.open();
    const pipeline = options.pipelineOf(opened);
    const ports: HistoryPorts = {
      moveTo: opened.moveTo,
      runSlot: (message) => runSlot(message, pipeline, opened),
      finishedDays,
      finishDay: (day) => writeJsonFile(path, { finishedDays: [...finishedDays.add(day)].sort() }),
      onProgress(progress) {
        hoursFinished = progress.slotsFinished;
        options.onProgress(progress);
      },
    };
    return buildHistory(past, ports, signal);
  };
  return ok({
    async run(signal) {
      if (state !== 'building') {
        return true;
      }
      try {
        const isComplete = await build(signal);
        state = isComplete ? 'complete' : 'building';
        return isComplete;
      } catch (cause) {
        state = 'failed';
        throw cause;
      }
    },
    view: () => historyView(state, past.days, hoursFinished),
  });
}

function stateOf({ days }: WorldPast, open: readonly HistoryDay[]): HistoryView['state'] {
  if (days === 0) {
    return 'none';
  }
  return open.length === 0 ? 'complete' : 'building';
}

function countHours(days: readonly HistoryDay[]): number {
  return days.reduce((sum, { slots }) => sum + slots.length, 0);
}

/** Plans a slot and drains it: what is delayed there is waited for on the clock of the past. */
async function runSlot(
  message: PlanScan,
  { plan, queues }: Pipeline,
  { clock, moveClockTo }: OpenedPast,
): Promise<void> {
  await plan(message);
  for (let nextMs = await queues.settled(); nextMs !== undefined; nextMs = await queues.settled()) {
    moveClockTo(Math.max(nextMs, clock.now()));
  }
}

function historyView(state: HistoryView['state'], daysExpected: number, hoursFinished: number): HistoryView {
  // The hour that the start falls into belongs to the present, so the last day is an hour short.
  const daysFinished = state === 'complete' ? daysExpected : Math.floor(hoursFinished / HOURS_PER_DAY);
  return { state, daysExpected, daysFinished, message: messageOf(state, daysExpected, daysFinished) };
}

function messageOf(state: HistoryView['state'], daysExpected: number, daysFinished: number): string {
  switch (state) {
    case 'none':
      return 'No past was built: a trend begins with the first scan';
    case 'building':
      return `The past is being built, ${daysFinished} of ${daysExpected} days so far: a trend shows no more than those yet`;
    case 'complete':
      return `The ${daysExpected} days before the first scan are built`;
    case 'failed':
      return `Building the past failed after ${daysFinished} of ${daysExpected} days: a trend shows no more than those. The terminal says why; start again to go on`;
  }
}
