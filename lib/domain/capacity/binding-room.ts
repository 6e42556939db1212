import type { Instant } from '../fact.ts';
import type { SeriesKind } from '../trend/daily.ts';
import { addressesLeft } from './addresses-left.ts';
import type { SubnetCapacityState, SubnetState } from './region-state.ts';
import { subnetSize } from './subnet-size.ts';

/** How much there is left of what a subnet runs out of. */
export interface SubnetRoom {
  readonly series: SeriesKind;
  /** Addresses or /28 blocks, as `series` says. */
  readonly freeCount: number;
  /** What an empty subnet of its size has. */
  readonly capacityCount: number;
  /** What the count rests on. Addresses counted from interfaces are no more than EC2's own counter says. */
  readonly countedFrom: SubnetCapacityState['source'];
  readonly observedAt: Instant;
}

type RoomState = Pick<SubnetState, 'capacity' | 'prefixUse' | 'observedAt' | 'networkInterfacesObservedAt'>;

/**
 * Returns what of a subnet runs out first: /28 blocks where nodes take them and cannot do without, as long as they are counted,
 * otherwise addresses. Where no address is left either, nothing can start whatever it takes: then it is addresses. `undefined`
 * for a subnet without IPv4 addresses, or whose block cannot be read.
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses.html
 */
export function bindingRoom(state: RoomState): SubnetRoom | undefined {
  const { inUse, canFallBack } = state.prefixUse;
  const addresses = addressRoom(state);
  const isOfBlocks = inUse && !canFallBack && addresses !== undefined && addresses.freeCount > 0;
  return (isOfBlocks ? blockRoom(state) : undefined) ?? addresses;
}

/** Returns how many /28 blocks are free; `undefined` where nobody counted them. */
export function blockRoom({ capacity, networkInterfacesObservedAt }: RoomState): SubnetRoom | undefined {
  return capacity?.source !== 'network-interfaces' || networkInterfacesObservedAt === undefined
    ? undefined
    : {
        series: 'blocks',
        freeCount: capacity.freePrefixCount,
        capacityCount: capacity.counts.maxPrefixCount,
        countedFrom: capacity.source,
        observedAt: networkInterfacesObservedAt,
      };
}

function addressRoom({ capacity, observedAt }: RoomState): SubnetRoom | undefined {
  return capacity === undefined
    ? undefined
    : {
        series: 'addresses',
        freeCount: addressesLeft(capacity),
        capacityCount: subnetSize(capacity).usableAddressCount,
        countedFrom: capacity.source,
        // A pulse brings EC2's counter up to date, and nothing else.
        observedAt: (capacity.pulse ?? { observedAt }).observedAt,
      };
}
