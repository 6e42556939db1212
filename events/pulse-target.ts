import * as z from 'zod/mini';
import { map, Slot, Target, VpcIdText } from './message-parts.ts';

/** One account and region in which the subnets of some VPCs are counted between two scans; a message of the pulse queue. */
export const PulseTargetMessage = map({
  slot: Slot,
  target: Target,
  vpcIds: z.readonly(z.array(VpcIdText, 'a list of ids of VPCs')),
});

export type PulseTargetMessage = z.infer<typeof PulseTargetMessage>;
