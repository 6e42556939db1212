import type { Instant } from '../domain/fact.ts';
import type { AuditedAction, AuditTrailEntry, AuditTrailStore, AuditValues } from './audit-trail-ports.ts';

export interface RecordChangePorts {
  readonly auditTrail: Pick<AuditTrailStore, 'writeEntry'>;
  readonly now: () => Instant;
  /** A name that nothing else has. */
  readonly newId: () => string;
}

/** What somebody is about to do. */
export interface IntendedChange {
  readonly by: string;
  readonly action: AuditedAction;
  readonly resourceId: string;
  readonly accountIds: readonly string[];
}

/** What came of it. */
export interface MadeChange<R> {
  readonly isDone: boolean;
  readonly before: AuditValues | undefined;
  readonly after: AuditValues | undefined;
  readonly result: R;
}

/**
 * Lets a change happen between two writes of its entry in the audit trail: that it was begun, and what came of it. Who stops in
 * between leaves an entry that says so; no change is without one.
 */
export async function recordChange<R>(
  intended: IntendedChange,
  change: () => Promise<MadeChange<R>>,
  { auditTrail, now, newId }: RecordChangePorts,
): Promise<R> {
  const { by, action, resourceId } = intended;
  const accountIds = [...new Set(intended.accountIds)].toSorted();
  const entry: AuditTrailEntry = {
    entryId: newId(),
    at: now(),
    by,
    action,
    resourceId,
    accountIds,
    outcome: 'begun',
    before: undefined,
    after: undefined,
  };
  await auditTrail.writeEntry(entry);
  const { isDone, before, after, result } = await change();
  await auditTrail.writeEntry({ ...entry, outcome: isDone ? 'done' : 'unchanged', before, after });
  return result;
}
