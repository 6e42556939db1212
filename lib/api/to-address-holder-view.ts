import type { JoinedNetworkInterface } from '../audit/join-region.ts';
import type { AddressHolderView } from './address-holder-view.ts';
import type { VisibleAccounts } from './visible.ts';

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
