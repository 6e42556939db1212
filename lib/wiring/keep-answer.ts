import type { Clock } from '../aws/clock.ts';

/**
 * Returns a question that is asked again only when its last answer is older than `durationMs`, with the answer before, which may
 * still be right. A failure is not kept.
 */
export function keepAnswer<T>(
  clock: Clock,
  durationMs: number,
  ask: (before: T | undefined) => Promise<T>,
): () => Promise<T> {
  let before: T | undefined;
  let kept: { readonly answer: Promise<T>; readonly askedAtMs: number } | undefined;
  return async () => {
    if (kept === undefined || clock.now() - kept.askedAtMs >= durationMs) {
      kept = { answer: ask(before), askedAtMs: clock.now() };
    }
    const asked = kept;
    try {
      before = await asked.answer;
      return before;
    } catch (cause) {
      if (kept === asked) {
        kept = undefined;
      }
      throw cause;
    }
  };
}
