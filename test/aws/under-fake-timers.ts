import { vi } from 'vitest';
import { settle } from './fake-clock.ts';

const STEP_MS = 50;

/** Runs what waits for the SDK's own delays between attempts, moving its timers and its clock instead of waiting. */
export async function underFakeTimers<T>(run: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  try {
    let isSettled = false;
    const result = run().finally(() => {
      isSettled = true;
    });
    result.catch(() => {});
    while (!isSettled) {
      await vi.advanceTimersByTimeAsync(STEP_MS);
      await settle();
    }
    return await result;
  } finally {
    vi.useRealTimers();
  }
}
