import type { SubnetAddresses } from '../audit/read-address-map.ts';
import { formatCidr } from '../domain/address/cidr.ts';
import type { AddressMapView } from './address-map-view.ts';
import { toAddressHolderView } from './to-address-holder-view.ts';
import type { VisibleAccounts } from './visible.ts';

/** Turns the addresses of a subnet into their view, for somebody who may see some accounts. */
export function toAddressMapView(
  { subnet, observedAt, blocks, holders }: SubnetAddresses,
  visible: VisibleAccounts,
): AddressMapView {
  return {
    subnetId: subnet.subnetId,
    cidrBlock: subnet.cidrBlock ?? null,
    observedAt,
    blocks: blocks.map(({ cidr, holderIndexes, ...block }) => ({
      cidrBlock: formatCidr(cidr),
      state: block.state,
      reservation: block.reservation,
      usedAddressCount: block.usedAddressCount,
      freeAddressCount: block.freeAddressCount,
      reservedAddressCount: block.reservedAddressCount,
      canGivePrefix: block.canGivePrefix,
      holders: [...holderIndexes],
    })),
    holders: holders.map((holder) => toAddressHolderView(holder, visible)),
  };
}
