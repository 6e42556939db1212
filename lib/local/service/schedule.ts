import type { Clock } from '../../aws/clock.ts';
import type { Instant } from '../../domain/fact.ts';

export interface ScheduleEntry {
  /** Runs at every multiple of this since 1970. */
  readonly everyMs: number;
  /** Given the time that was meant. What it throws is told to `onFailure`, and the next time comes all the same. */
  readonly run: (scheduledAt: Instant) => Promise<void>;
}

export interface Schedule {
  /** Starts nothing more, and resolves when what is running has ended. */
  stop(): Promise<void>;
}

export interface ScheduleOptions {
  readonly clock: Clock;
  readonly entries: readonly ScheduleEntry[];
  readonly onFailure: (cause: unknown) => void;
}

/**
 * Runs each entry once for the time that is already under way, so that a start catches up, then at each of its times. One that
 * takes longer than its interval leaves times out: it never runs twice at once.
 */
export function startSchedule({ clock, entries, onFailure }: ScheduleOptions): Schedule {
  const controller = new AbortController();
  const { signal } = controller;
  const runs = entries.map(async ({ everyMs, run }) => {
    let atMs = Math.floor(clock.now() / everyMs) * everyMs;
    while (!signal.aborted) {
      try {
        await run(new Date(atMs).toISOString());
      } catch (cause) {
        onFailure(cause);
      }
      const nextMs = Math.max(atMs + everyMs, Math.floor(clock.now() / everyMs) * everyMs);
      if (!(await sleptUntil(clock, nextMs, signal))) {
        return;
      }
      atMs = nextMs;
    }
  });
  return {
    async stop() {
      controller.abort();
      await Promise.all(runs);
    },
  };
}

/** Returns false where the sleep was given up. A timer may fire a little early, which would be the slot before. */
async function sleptUntil(clock: Clock, untilMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    while (clock.now() < untilMs) {
      await clock.sleep(untilMs - clock.now(), signal);
    }
  } catch (cause) {
    if (signal.aborted) {
      return false;
    }
    throw cause;
  }
  return !signal.aborted;
}
