import type { Log } from './telemetry.ts';

/** Writes a line for a request that was answered, or that failed, with its cause. */
export function logAnswer(log: Log, { cause, ...answer }: { readonly cause?: unknown; readonly status: number }): void {
  if (cause === undefined) {
    log.info('Answered a request', { ...answer });
  } else {
    log.error('Failed to answer a request', { ...answer, error: cause });
  }
}
