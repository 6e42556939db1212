import * as z from 'zod/mini';
import type { AuditTrailEntry, AuditTrailPosition } from '../../audit/audit-trail-ports.ts';
import { ok } from '../../domain/result.ts';
import type { ReadRoutePorts } from '../api-ports.ts';
import { cursorParameter, limitParameter } from '../list-query.ts';
import { route } from '../route.ts';
import { toAuditTrailEntryView } from '../to-audit-trail-view.ts';
import type { VisibleAccounts } from '../visible.ts';

const Position: z.ZodMiniType<AuditTrailPosition> = z.object({ at: z.string(), entryId: z.string() });
/** So many entries are looked through for those that a caller of some accounts may see; then the page ends, full or not. */
const LOOKED_THROUGH_MAX = 1_000;

export const listAuditTrailRoute = route({
  operationId: 'listAuditTrail',
  method: 'get',
  path: '/v1/audit-trail',
  tag: 'audit trail',
  summary: 'Who did what, when, and what changed by it; the newest first',
  access: 'read',
  query: z.strictObject({ limit: limitParameter, cursor: cursorParameter }),
  response: {
    status: 200,
    description: 'A page of entries',
  },
  problems: ['invalid-cursor'],
  async handle({ query: { limit, cursor }, caller }, ports) {
    const scope = { operationId: 'listAuditTrail', filter: {}, caller };
    const after = cursor === undefined ? ok(undefined) : await ports.cursors.open(scope, cursor, Position);
    if (!after.ok) {
      return after;
    }
    const { entries, next } = await readEntries(limit, after.value, caller.accountIds, ports);
    return ok({
      nextCursor: next === undefined ? null : await ports.cursors.seal(scope, { at: next.at, entryId: next.entryId }),
      items: entries.map(toAuditTrailEntryView),
    });
  },
});

/** Reads entries that somebody may see, and where to go on. */
async function readEntries(
  limit: number,
  after: AuditTrailPosition | undefined,
  visible: VisibleAccounts,
  { auditTrail }: ReadRoutePorts,
): Promise<{ readonly entries: readonly AuditTrailEntry[]; readonly next: AuditTrailPosition | undefined }> {
  const entries: AuditTrailEntry[] = [];
  let before = after;
  for (let looked = 0; looked < LOOKED_THROUGH_MAX; looked += limit) {
    const page = await auditTrail.listEntries({ limit, before });
    for (const entry of page) {
      before = entry;
      if (isVisible(entry, visible) && entries.push(entry) === limit) {
        return { entries, next: entry };
      }
    }
    if (page.length < limit) {
      return { entries, next: undefined };
    }
  }
  return { entries, next: before };
}

/** An entry may name every account that it concerns. */
function isVisible({ accountIds }: AuditTrailEntry, visible: VisibleAccounts): boolean {
  return visible === undefined || (accountIds.length > 0 && accountIds.every((id) => visible.includes(id)));
}
