import type { AccountDirectory } from '../audit/ports.ts';

type AskCaller = AccountDirectory['caller'];

/** Returns a question that is asked until it was answered once. Whose credentials these are never changes; a failure to learn it passes. */
export function askOnce(ask: AskCaller): AskCaller {
  let known: Awaited<ReturnType<AskCaller>> | undefined;
  return async (signal) => {
    if (known === undefined) {
      const answer = await ask(signal);
      known = answer.ok ? answer : undefined;
      return answer;
    }
    return known;
  };
}
