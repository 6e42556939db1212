import type { Clock } from '../aws/clock.ts';

export interface Deadline {
  readonly signal: AbortSignal;
  /** When it fires: milliseconds since 1970. */
  readonly atMs: number;
  /** Lets go of the timer. */
  stop(): void;
}

/** Of an invocation that has little time at all, this share is kept at the most. */
const RESERVE_SHARE_MAX = 0.25;

/**
 * Starts a signal that fires `reserveMs` before the time of an invocation is over, or when three quarters of it are, whichever
 * is later. Calls to AWS end there, so that what is left writes down what was seen and what was not.
 */
export function startDeadline(clock: Clock, remainingMs: number, reserveMs: number): Deadline {
  const controller = new AbortController();
  const timer = new AbortController();
  const waitMs = Math.max(0, remainingMs - Math.min(reserveMs, remainingMs * RESERVE_SHARE_MAX));
  const atMs = clock.now() + waitMs;
  clock.sleep(waitMs, timer.signal).then(
    // What `lib/aws` takes for a deadline, as opposed to a cancellation.
    () => controller.abort(new DOMException('The time of the invocation is nearly over', 'TimeoutError')),
    // Stopped: the invocation ended in time.
    () => undefined,
  );
  return { signal: controller.signal, atMs, stop: () => timer.abort() };
}
