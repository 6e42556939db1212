import * as z from 'zod';
import { statusReasonText } from '../domain/capacity/status-reason-text.ts';
import type { StatusReason } from '../domain/capacity/subnet-status.ts';

/** Why a status is what it is: a stable code, what was measured and needed, and a sentence for people. */
export const StatusReasonView = z.object({
  code: z.enum([
    'no-free-address',
    'no-free-prefix',
    'free-addresses-at-floor',
    'few-free-addresses',
    'few-free-prefixes',
    'fact-not-seen',
    'fact-stale',
    'owner-not-seen',
    'cidr-unreadable',
    'ipv6-only',
    'exhaustion-likely',
    'no-forecast',
  ]),
  observed: z.number().nullable().describe('Addresses or /28 blocks, as the code says'),
  needed: z.number().nullable().describe('The least that does not give this reason'),
  message: z.string(),
});
export type StatusReasonView = z.infer<typeof StatusReasonView>;

/** Turns a reason into its view. */
export function toStatusReasonView(reason: StatusReason): StatusReasonView {
  const measured =
    'observed' in reason ? { observed: reason.observed, needed: reason.needed } : { observed: null, needed: null };
  return { code: reason.code, ...measured, message: statusReasonText(reason) };
}
