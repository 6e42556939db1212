import { setImmediate as turn } from 'node:timers/promises';
import type { NotifyClock } from '../../../lib/notify/slack/slack-client.ts';

/** A clock that moves only while everything waits, so that hours pass in no time and in the same order each time. */
export interface VirtualClock extends NotifyClock {
  /** Runs work, and all that it waits for, to its end. */
  run<T>(work: Promise<T>): Promise<T>;
}

interface Timer {
  readonly atMs: number;
  readonly number: number;
  readonly ring: () => void;
}

export function createVirtualClock(startMs: number): VirtualClock {
  let nowMs = startMs;
  let count = 0;
  const timers = new Set<Timer>();
  const ringNext = () => {
    const [next] = [...timers].sort((a, b) => a.atMs - b.atMs || a.number - b.number);
    if (next === undefined) {
      throw new Error('Everything waits for something that nobody will do');
    }
    timers.delete(next);
    nowMs = Math.max(nowMs, next.atMs);
    next.ring();
  };
  return {
    now: () => nowMs,
    sleep(durationMs, signal) {
      return new Promise((resolve, reject) => {
        count += 1;
        const timer: Timer = { atMs: nowMs + durationMs, number: count, ring: resolve };
        timers.add(timer);
        signal?.addEventListener('abort', () => {
          timers.delete(timer);
          reject(signal.reason);
        });
      });
    },
    async run(work) {
      let isDone = false;
      const mark = () => {
        isDone = true;
      };
      work.then(mark, mark);
      // Whatever can go on does so before time passes.
      for (await turn(); !isDone; await turn()) {
        ringNext();
      }
      return work;
    },
  };
}
