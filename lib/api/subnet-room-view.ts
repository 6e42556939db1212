import * as z from 'zod';

/** How much there is left of what a subnet runs out of. */
export const SubnetRoomView = z.object({
  series: z.enum(['addresses', 'blocks']),
  freeCount: z.int().nonnegative().describe('Addresses or /28 blocks, as `series` says'),
  capacityCount: z.int().nonnegative().describe('What an empty subnet of its size has'),
  countedFrom: z
    .enum(['network-interfaces', 'available-ip-address-count'])
    .describe("What the count rests on: the listed interfaces, or EC2's own counter alone"),
  observedAt: z.iso.datetime().describe('When that was read'),
});
export type SubnetRoomView = z.infer<typeof SubnetRoomView>;
