import type { Ask } from '../audit/ports.ts';
import type { Clock } from '../aws/clock.ts';
import { type Fact, isObservedSince, type UnavailableFact, unavailable } from '../domain/fact.ts';
import { instantMs } from '../domain/instant.ts';

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

/** Between two scans. */
const SCAN_INTERVAL_MS = 3_600_000;

/**
 * Collects, where it is due, what accounts may choose to allow. Where one has not, that stands until it is due again, and is not asked at
 * each scan like other failures: every denied call is in the account's CloudTrail, and may alarm somebody there.
 */
export async function whereAllowed<T>(
  row: { readonly action: string },
  known: Fact<T> | undefined,
  due: Ask['due'],
  clock: Clock,
  collect: () => Promise<Fact<T>>,
): Promise<Fact<T>> {
  const dueMs = instantMs(due.get(row.action) ?? '');
  const isBetween = dueMs !== undefined && clock.now() - dueMs >= SCAN_INTERVAL_MS;
  return isBetween && known?.state === 'unavailable' && known.error.code === 'access-denied'
    ? known
    : whereDue(row, known, due, collect);
}
