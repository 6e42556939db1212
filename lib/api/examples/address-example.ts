import type { AddressView } from '../address-view.ts';

/** What an address is in one subnet. */
export const ADDRESS_EXAMPLE: AddressView = {
  subnetId: 'subnet-47129424772650535',
  cidrBlock: '10.45.2.0/26',
  vpcId: 'vpc-1d3a4e48f6e405d2d',
  accountId: '222222222222',
  accountName: 'Shop production',
  region: 'us-east-1',
  state: 'held',
  observedAt: '2026-11-23T11:23:31.100Z',
  holder: {
    networkInterfaceId: 'eni-deffa0481b9bebedb',
    kind: 'cni-secondary',
    service: null,
    clusterName: 'shop-edge',
    nodeInstanceId: 'i-eefe9a290de41657d',
    movability: 'movable',
  },
};
