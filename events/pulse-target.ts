import type * as z from 'zod';
import { map, Slot, Target } from './message-parts.ts';

/** One account and region whose subnets are counted between two scans; a message of the pulse queue. */
export const PulseTargetMessage = map({ slot: Slot, target: Target });

export type PulseTargetMessage = z.infer<typeof PulseTargetMessage>;
