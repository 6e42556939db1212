import type { Clock } from '../aws/clock.ts';

/** Returns a question that is asked again only when its last answer is older than `durationMs`. A failure is not kept. */
export function keepAnswer<T>(clock: Clock, durationMs: number, ask: () => Promise<T>): () => Promise<T> {
  let kept: { readonly answer: Promise<T>; readonly askedAtMs: number } | undefined;
  return async () => {
    if (kept === undefined || clock.now() - kept.askedAtMs >= durationMs) {
      kept = { answer: ask(), askedAtMs: clock.now() };
    }
    const asked = kept;
    try {
      return await asked.answer;
    } catch (cause) {
      if (kept === asked) {
        kept = undefined;
      }
      throw cause;
    }
  };
}
