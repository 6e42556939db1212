import type { AddressUse } from '../audit/find-address.ts';
import type { AddressView } from './address-view.ts';
import { toAddressHolderView } from './to-address-holder-view.ts';
import type { VisibleAccounts } from './visible.ts';

/** Turns what an address is in a subnet into its view, for somebody who may see some accounts. */
export function toAddressView(
  subnet: Omit<AddressView, 'state' | 'observedAt' | 'holder'>,
  use: AddressUse,
  visible: VisibleAccounts,
): AddressView {
  return {
    ...subnet,
    state: use.state,
    observedAt: 'observedAt' in use ? use.observedAt : null,
    holder: use.state === 'held' ? toAddressHolderView(use.holder, visible) : null,
  };
}
