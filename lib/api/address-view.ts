import * as z from 'zod';
import { AddressHolderView } from './address-holder-view.ts';

/** What an address is in one of the subnets whose block has it. */
export const AddressView = z.object({
  subnetId: z.string(),
  cidrBlock: z.string(),
  vpcId: z.string(),
  accountId: z.string().describe('The owner of the subnet'),
  accountName: z.string().nullable(),
  region: z.string(),
  state: z
    .enum(['held', 'free', 'reserved', 'aws-reserved', 'unknown'])
    .describe(
      'reserved: in a CIDR reservation; aws-reserved: one of the five that AWS keeps; unknown: what its owner holds was not seen',
    ),
  observedAt: z.iso
    .datetime()
    .nullable()
    .describe('When the network interfaces were listed; null where the state does not rest on them'),
  holder: AddressHolderView.nullable().describe('Null unless held; one that you may not see has no names'),
});

export type AddressView = z.infer<typeof AddressView>;
