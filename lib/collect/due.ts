import type { Ask } from '../audit/ports.ts';
import { type Fact, isObservedSince, type UnavailableFact, unavailable } from '../domain/fact.ts';

/** Returns whether an action is asked about something: where nothing is known of it, or since before it was due last. */
export function isDue(action: string, known: Fact<unknown> | undefined, due: Ask['due']): boolean {
  const dueAt = due.get(action);
  return dueAt === undefined || !isObservedSince(known, dueAt);
}

/** Collects a fact where it is due. */
export async function whereDue<T>(
  { action }: { readonly action: string },
  known: Fact<T> | undefined,
  due: Ask['due'],
  collect: () => Promise<Fact<T>>,
): Promise<Fact<T>> {
  return isDue(action, known, due) ? collect() : notDue(action);
}

/** Returns what stands for a fact that was not asked for. */
export function notDue(action: string): UnavailableFact {
  const message = 'Not asked: what is known is recent enough, or nothing here wants it';
  return unavailable({ action, code: 'not-due', message, awsErrorName: undefined });
}
