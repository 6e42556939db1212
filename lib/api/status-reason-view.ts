import * as z from 'zod';

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
