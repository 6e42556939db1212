import { join } from 'node:path';
import * as z from 'zod';
import type { Clock } from '../../aws/clock.ts';
import { ok, type Result } from '../../domain/result.ts';
import { liveDemoOrganization } from '../simulated-aws/demo-organization.ts';
import type { LiveAws } from '../simulated-aws/live/live-aws.ts';
import { createFastClock } from './fast-clock.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { createMovableClock, type MovableClock } from './movable-clock.ts';

/** The simulated organisation as the service watches it: its present, and its past for whoever builds the history. */
export interface Simulation {
  /** When it was looked at for the first time: the past is what lies before. */
  readonly startAt: Date;
  readonly clock: Clock;
  readonly live: LiveAws;
  /** The same organisation once more, with a clock of its own that is moved. */
  createPast(): SimulatedPast;
  /** Keeps how far its time is ahead of the system's, so that it never goes back. */
  saveTime(): Promise<void>;
}

export interface SimulatedPast {
  readonly clock: MovableClock;
  readonly live: LiveAws;
}

export interface SimulationOptions {
  /** Where it keeps when it began. */
  readonly folder: string;
  readonly clock: Clock;
  /** How long a day takes; `undefined` for as long as a day. */
  readonly dayMs: number | undefined;
}

const MS_PER_DAY = 24 * 3_600_000;
/** How far before its start the organisation can be moved: the history, and enough for every node to have been replaced. */
const PAST_DAYS = 42;

const SimulationFile = z.object({
  /** The instant that everything which happens in the organisation is counted from. */
  startAt: z.iso.datetime(),
  aheadMs: z.number().nonnegative(),
});

/**
 * Opens the simulated organisation of a folder, or begins one. Its start is kept: seed and start decide everything that
 * happens in it, so that the same past is there after stop and start.
 */
export async function openSimulation({ folder, clock, dayMs }: SimulationOptions): Promise<Result<Simulation>> {
  const path = join(folder, 'simulation.json');
  const kept = await readJsonFile(path, SimulationFile);
  if (!kept.ok) {
    return kept;
  }
  const { startAt: startText, aheadMs } = kept.value ?? { startAt: new Date(clock.now()).toISOString(), aheadMs: 0 };
  const startAt = new Date(startText);
  const ownClock = createFastClock({ clock, aheadMs, speed: dayMs === undefined ? 1 : MS_PER_DAY / dayMs });
  const saveTime = () => writeJsonFile(path, { startAt: startText, aheadMs: ownClock.now() - clock.now() });
  if (kept.value === undefined) {
    await saveTime();
  }
  return ok({
    startAt,
    clock: ownClock,
    live: liveDemoOrganization({ startAt, historyDays: PAST_DAYS, clock: () => new Date(ownClock.now()) }),
    createPast() {
      const past = createMovableClock(startAt.getTime());
      const live = liveDemoOrganization({ startAt, historyDays: PAST_DAYS, clock: () => new Date(past.now()) });
      return { clock: past, live };
    },
    saveTime,
  });
}
