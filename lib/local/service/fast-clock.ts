import type { Clock } from '../../aws/clock.ts';

export interface FastClockOptions {
  readonly clock: Clock;
  /** How far the fast clock is ahead when it starts. */
  readonly aheadMs: number;
  /** How many milliseconds pass on it in one of `clock`. */
  readonly speed: number;
}

/** Makes a clock on which time passes faster, from now on. */
export function createFastClock({ clock, aheadMs, speed }: FastClockOptions): Clock {
  const startMs = clock.now();
  return {
    now: () => startMs + aheadMs + (clock.now() - startMs) * speed,
    sleep: (durationMs, signal) => clock.sleep(durationMs / speed, signal),
  };
}
