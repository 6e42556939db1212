import type * as z from 'zod/mini';
import { map, oneOf, Slot, Target } from './message-parts.ts';

/** One account and region to observe, or to retire; a message of the scan queue. */
export const ScanTargetMessage = map({
  slot: Slot,
  target: Target,
  /** `retire`: nothing is asked of AWS; the target left the organisation or its scope. */
  purpose: oneOf('observe', 'retire'),
});

export type ScanTargetMessage = z.infer<typeof ScanTargetMessage>;
