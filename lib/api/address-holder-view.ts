import * as z from 'zod';

/** What holds addresses of a subnet. */
export const AddressHolderView = z.object({
  networkInterfaceId: z.string().nullable().describe('Null for the /28 of a service-network endpoint'),
  kind: z.string(),
  service: z.string().nullable(),
  clusterName: z.string().nullable(),
  nodeInstanceId: z.string().nullable(),
  movability: z.enum(['movable', 'fixed', 'unknown']).describe('Whether a person can recycle it'),
});

export type AddressHolderView = z.infer<typeof AddressHolderView>;
