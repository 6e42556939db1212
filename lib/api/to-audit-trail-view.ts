import type { AuditTrailEntry, AuditValues } from '../audit/audit-trail-ports.ts';
import type { AuditTrailEntryView } from './audit-trail-view.ts';

/** Turns an entry into its view. */
export function toAuditTrailEntryView(entry: AuditTrailEntry): AuditTrailEntryView {
  const { entryId, at, by, action, resourceId, outcome, before, after } = entry;
  return { entryId, at, by, action, resourceId, outcome, before: toValues(before), after: toValues(after) };
}

function toValues(of: AuditValues | undefined): AuditTrailEntryView['before'] {
  return of === undefined ? null : Object.fromEntries(of);
}
