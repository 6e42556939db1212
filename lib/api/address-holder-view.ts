import * as z from 'zod';
import type { JoinedNetworkInterface } from '../audit/join-region.ts';
import type { VisibleAccounts } from './visible.ts';

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

/** Turns a holder, `undefined` for an endpoint, into its view; one of an account that may not be seen has no names. */
export function toAddressHolderView(
  holder: JoinedNetworkInterface | undefined,
  visible: VisibleAccounts,
): AddressHolderView {
  // An interface belongs to the account that asked for it, whoever owns the subnet.
  const isShown = holder !== undefined && (visible?.includes(holder.networkInterface.ownerId) ?? true);
  return {
    networkInterfaceId: isShown ? holder.networkInterface.networkInterfaceId : null,
    kind: holder?.owner.kind ?? 'vpc-endpoint',
    service: (isShown ? holder.owner.service : undefined) ?? null,
    clusterName: (isShown ? holder.owner.clusterName : undefined) ?? null,
    nodeInstanceId: (isShown ? holder.owner.nodeInstanceId : undefined) ?? null,
    movability: holder?.owner.movability ?? 'fixed',
  };
}
