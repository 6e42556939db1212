import { addressesLeft } from '../../capacity/addresses-left.ts';
import type { SubnetState } from '../../capacity/region-state.ts';
import type { AlertChange, AlertDriver } from '../alert.ts';

/** Most holders that are named as what drives an alert. */
const DRIVERS_MAX = 3;

/** What alerts measure a subnet by. What was not seen, or too long ago, is `undefined`. */
export interface SubnetMeasure {
  readonly addressesLeft: number | undefined;
  readonly freePrefixCount: number | undefined;
  readonly usableAddressCount: number | undefined;
  readonly maxPrefixCount: number | undefined;
}

export function subnetMeasure({ capacity, status }: SubnetState): SubnetMeasure {
  const isUnseen = (fact: string) =>
    status.reasons.some(
      (reason) => (reason.code === 'fact-not-seen' || reason.code === 'fact-stale') && reason.fact === fact,
    );
  if (capacity === undefined || isUnseen('subnets')) {
    return {
      addressesLeft: undefined,
      freePrefixCount: undefined,
      usableAddressCount: undefined,
      maxPrefixCount: undefined,
    };
  }
  const isMapped = capacity.source === 'network-interfaces' && !isUnseen('network-interfaces');
  const size = capacity.source === 'network-interfaces' ? capacity.counts : capacity;
  return {
    addressesLeft: addressesLeft(capacity),
    freePrefixCount: isMapped ? capacity.freePrefixCount : undefined,
    usableAddressCount: size.usableAddressCount,
    maxPrefixCount: size.maxPrefixCount,
  };
}

/** Says who holds most of a subnet's addresses. */
export function holderDrivers({ subnet, holders }: SubnetState): AlertDriver[] {
  return holders
    .toSorted((a, b) => b.addressCount - a.addressCount)
    .slice(0, DRIVERS_MAX)
    .map(({ kind, service, clusterName, addressCount, prefixCount }) => {
      const who = [
        kind,
        ...(service === undefined ? [] : [`(${service})`]),
        ...(clusterName === undefined ? [] : [`of ${clusterName}`]),
      ];
      const prefixes = prefixCount === 0 ? '' : `, ${prefixCount} /28 prefixes among them`;
      return {
        kind: 'holder',
        resourceId: subnet.subnetId,
        text: `${addressCount === 1 ? '1 address is' : `${addressCount} addresses are`} held by ${who.join(' ')}${prefixes}`,
      };
    });
}

/** Says what gives a subnet most room, as far as its state alone can tell. */
export function roomChange({ subnet, leakedNetworkInterfaceIds }: SubnetState): AlertChange {
  return leakedNetworkInterfaceIds.length > 0
    ? {
        kind: 'delete-leaked-network-interfaces',
        text: `Delete the network interfaces in ${subnet.subnetId} that the VPC CNI left behind: ${leakedNetworkInterfaceIds.length}`,
      }
    : {
        kind: 'add-subnet',
        text: `Give the cluster another subnet in ${subnet.availabilityZone}, or a larger one than ${subnet.subnetId}`,
      };
}
