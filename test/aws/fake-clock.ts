import type { Clock } from '../../lib/aws/clock.ts';

export interface FakeClock extends Clock {
  /** Moves time on, waking sleepers in the order of their time. */
  advance(durationMs: number): Promise<void>;
  /** Sleeps under way. */
  readonly sleeperCount: number;
}

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is moved. Sleepers that are aborted reject with the signal's reason. */
export function createFakeClock(startMs = Date.UTC(2026, 10, 23)): FakeClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => nowMs,
    sleep: (durationMs, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { wakeAtMs: nowMs + durationMs, wake: resolve };
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    async advance(durationMs) {
      const untilMs = nowMs + durationMs;
      for (;;) {
        await settle();
        const [next] = [...sleepers].sort((a, b) => a.wakeAtMs - b.wakeAtMs);
        if (next === undefined || next.wakeAtMs > untilMs) {
          break;
        }
        sleepers.delete(next);
        nowMs = Math.max(nowMs, next.wakeAtMs);
        next.wake();
      }
      nowMs = untilMs;
      await settle();
    },
    get sleeperCount() {
      return sleepers.size;
    },
  };
}

/** Lets every promise that can go on do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
