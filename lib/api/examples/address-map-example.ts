import type { AddressMapView } from '../address-map-view.ts';

/** Two blocks of a subnet. */
export const ADDRESS_MAP_EXAMPLE: AddressMapView = {
  subnetId: 'subnet-47129424772650535',
  cidrBlock: '10.45.2.0/26',
  observedAt: '2026-11-23T11:23:31.100Z',
  blocks: [
    {
      cidrBlock: '10.45.2.0/28',
      state: 'aws-reserved',
      reservation: 'none',
      usedAddressCount: 10,
      freeAddressCount: 2,
      reservedAddressCount: 0,
      canGivePrefix: false,
      holders: [0],
    },
    {
      cidrBlock: '10.45.2.0/28',
      state: 'aws-reserved',
      reservation: 'none',
      usedAddressCount: 10,
      freeAddressCount: 2,
      reservedAddressCount: 0,
      canGivePrefix: false,
      holders: [0],
    },
  ],
  holders: [
    {
      networkInterfaceId: 'eni-388adfa7d04c30a8b',
      kind: 'eks-control-plane',
      service: null,
      clusterName: 'shop-edge',
      nodeInstanceId: null,
      movability: 'fixed',
    },
  ],
};
