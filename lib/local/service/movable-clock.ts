import type { Clock } from '../../aws/clock.ts';

/** A clock that stands still until it is moved. */
export interface MovableClock extends Clock {
  /** Moves the clock, forwards or back. Sleepers whose time has come wake; those that slept before a move back stay asleep. */
  moveTo(ms: number): void;
}

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

/** Makes a clock that shows `startMs` until it is moved: what built the past knows no other time. */
export function createMovableClock(startMs: number): MovableClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => nowMs,
    sleep: (durationMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason);
          return;
        }
        const giveUp = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          untilMs: nowMs + durationMs,
          wake: () => {
            signal?.removeEventListener('abort', giveUp);
            resolve();
          },
        };
        if (durationMs <= 0) {
          resolve();
          return;
        }
        sleepers.add(sleeper);
        signal?.addEventListener('abort', giveUp, { once: true });
      }),
    moveTo(ms) {
      nowMs = ms;
      for (const sleeper of [...sleepers].sort((a, b) => a.untilMs - b.untilMs)) {
        if (sleeper.untilMs <= nowMs) {
          sleepers.delete(sleeper);
          sleeper.wake();
        }
      }
    },
  };
}
