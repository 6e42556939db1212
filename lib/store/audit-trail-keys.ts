import type { AuditTrailPosition } from '../audit/audit-trail-ports.ts';
import { canonicalInstant } from './kept-instant.ts';
import { encodeKeyPart, type ItemKey } from './keys.ts';

/** People write, so one partition takes all of it. */
export const AUDIT_TRAIL_PARTITION = encodeKeyPart('audit-trail');

/**
 * Who did what. Written when it is begun and when it is done: a WRU per KB each, one as a rule. The newest entries are read by
 * one Query backwards: an RRU for about 8.
 */
export function auditTrailKey({ at, entryId }: AuditTrailPosition): ItemKey {
  return { pk: AUDIT_TRAIL_PARTITION, sk: [canonicalInstant(at), entryId].map(encodeKeyPart).join('#') };
}
