import * as z from 'zod';
import { AUDIT_OUTCOMES, AUDITED_ACTIONS, type AuditTrailEntry, type AuditValues } from '../audit/audit-trail-ports.ts';

const values = z.record(z.string(), z.string()).nullable();

/** Who did what, when, and what changed by it. */
export const AuditTrailEntryView = z.object({
  entryId: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
  action: z.enum(AUDITED_ACTIONS),
  resourceId: z.string().describe('Of the alert, the silence, or what was scanned'),
  outcome: z
    .enum(AUDIT_OUTCOMES)
    .describe('begun: nobody wrote down what came of it; unchanged: it was so before, or could not be'),
  before: values.describe('Null where it was not there, or is not known'),
  after: values,
});
export type AuditTrailEntryView = z.infer<typeof AuditTrailEntryView>;

/** Turns an entry into its view. */
export function toAuditTrailEntryView(entry: AuditTrailEntry): AuditTrailEntryView {
  const { entryId, at, by, action, resourceId, outcome, before, after } = entry;
  return { entryId, at, by, action, resourceId, outcome, before: toValues(before), after: toValues(after) };
}

function toValues(of: AuditValues | undefined): AuditTrailEntryView['before'] {
  return of === undefined ? null : Object.fromEntries(of);
}
