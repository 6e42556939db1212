import * as z from 'zod';
import { AUDIT_OUTCOMES, AUDITED_ACTIONS } from '../audit/audit-trail-ports.ts';

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
