import * as z from 'zod';
import { AddressHolderView } from './address-holder-view.ts';

const count = z.int().nonnegative();

/** The address map of a subnet: every /28 block, its state, and who holds addresses of it. */
export const AddressMapView = z.object({
  subnetId: z.string(),
  cidrBlock: z.string().nullable(),
  observedAt: z.iso.datetime().describe('When the network interfaces were listed'),
  blocks: z
    .array(
      z.object({
        cidrBlock: z.string(),
        state: z
          .enum(['aws-reserved', 'prefix', 'full', 'fragmented', 'free'])
          .describe('aws-reserved: the first and the last block; prefix: one allocated prefix'),
        reservation: z
          .enum(['none', 'prefix', 'explicit', 'mixed'])
          .describe('The CIDR reservations that its addresses are in'),
        usedAddressCount: count,
        freeAddressCount: count.describe('Neither used nor in a reservation'),
        reservedAddressCount: count.describe('Not used and in a reservation'),
        canGivePrefix: z.boolean(),
        holders: z.array(count).describe('Places in holders'),
      }),
    )
    .describe('In order of address'),
  holders: z
    .array(AddressHolderView)
    .describe('Those that hold an address of the subnet; one that you may not see has no names'),
});

export type AddressMapView = z.infer<typeof AddressMapView>;
