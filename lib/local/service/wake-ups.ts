import type { Clock } from '../../aws/clock.ts';

/** Things to be done at a time, by one clock. */
export interface WakeUps {
  add(atMs: number, wake: () => void): void;
  /** When the next one is due, in milliseconds since 1970; `undefined` where none is left. */
  nextAtMs(): number | undefined;
  /** Resolves after the next ones have been woken, or at once where none is left. */
  nextWake(): Promise<void>;
  /** Forgets all that is left, and whatever is added later. */
  close(): void;
}

interface WakeUp {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Makes a list of wake-ups that sleeps on the clock until the earliest is due. */
export function createWakeUps(clock: Clock): WakeUps {
  /** By time; equal times in the order added. */
  let list: WakeUp[] = [];
  let sleep: { readonly untilMs: number; readonly controller: AbortController } | undefined;
  let waiters: (() => void)[] = [];
  let isClosed = false;
  const resolveWaiters = (): void => {
    const due = waiters;
    waiters = [];
    for (const resolve of due) {
      resolve();
    }
  };
  const wakeDue = (): void => {
    const nowMs = clock.now();
    const dueCount = placeAfter(list, nowMs);
    for (const { wake } of list.splice(0, dueCount)) {
      wake();
    }
    sleepUntilNext();
    resolveWaiters();
  };
  const sleepUntilNext = (): void => {
    const next = list[0];
    if (next === undefined || (sleep !== undefined && sleep.untilMs <= next.atMs)) {
      return;
    }
    sleep?.controller.abort();
    const mine = { untilMs: next.atMs, controller: new AbortController() };
    sleep = mine;
    clock.sleep(Math.max(0, next.atMs - clock.now()), mine.controller.signal).then(
      () => {
        if (sleep === mine) {
          sleep = undefined;
          wakeDue();
        }
      },
      (cause: unknown) => {
        // A sleep that was given up for an earlier one.
        if (!mine.controller.signal.aborted) {
          throw cause;
        }
      },
    );
  };
  return {
    add(atMs, wake) {
      if (isClosed) {
        return;
      }
      list.splice(placeAfter(list, atMs), 0, { atMs, wake });
      sleepUntilNext();
    },
    nextAtMs: () => list[0]?.atMs,
    nextWake: () => (list.length === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    close() {
      isClosed = true;
      list = [];
      sleep?.controller.abort();
      sleep = undefined;
      resolveWaiters();
    },
  };
}

/** Returns how many of the wake-ups are due at `atMs`. */
function placeAfter(list: readonly WakeUp[], atMs: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
