import type * as z from 'zod/mini';
import { AccountId, map, Slot, Vpc } from './message-parts.ts';

/** Something of a VPC was observed by one account; a message of the FIFO judge queue, grouped by VPC. */
export const JudgeVpcMessage = map({
  vpc: Vpc,
  viewerAccountId: AccountId,
  slot: Slot,
});

export type JudgeVpcMessage = z.infer<typeof JudgeVpcMessage>;
