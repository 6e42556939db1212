import type { AuditTrailEntryView } from '../audit-trail-view.ts';

/** A change that was made. */
export const AUDIT_TRAIL_ENTRY_EXAMPLE: AuditTrailEntryView = {
  entryId: 'd37e022d-28b1-4ba6-860f-a490adefbfb4',
  at: '2026-11-23T11:22:16.077Z',
  by: 'ana@example.com',
  action: 'silence-written',
  resourceId: 'af492153-7ebc-4461-bf6e-b0f1ef63d847',
  outcome: 'done',
  before: null,
  after: {
    match: '{"by":"team","team":"shop"}',
    from: '2026-11-23T11:22:16.070Z',
    until: '2026-12-01T00:00:00.000Z',
    author: 'ana@example.com',
    reason: 'Migration',
  },
};
