import type { Ipv4Address } from '../domain/address/ipv4.ts';
import { addressesLeft } from '../domain/capacity/addresses-left.ts';
import type { ClusterState, SubnetCapacityState, SubnetState } from '../domain/capacity/region-state.ts';
import type { VpcState } from '../domain/capacity/vpc-state.ts';
import type { Instant } from '../domain/fact.ts';
import { instantMs } from '../domain/instant.ts';
import { subnetCidr } from '../domain/network/subnet-address-map.ts';
import type { Exhaustion } from '../domain/trend/exhaustion.ts';
import { instantOf } from './fleet-columns.ts';
import type { FleetEntry } from './fleet-ports.ts';
import {
  type FleetCluster,
  type FleetCounts,
  type FleetExhaustion,
  type FleetSubnet,
  type FleetVpc,
  FRAGMENTATION_STEPS,
} from './fleet-shard.ts';
import { compareEach, placeInVpc } from './subnet-place.ts';

/** Makes the state of a VPC an entry of the fleet, in which subnets lie by their places. */
export function fleetEntry(state: VpcState, stateVersion: string): FleetEntry {
  const places = state.subnets.map((subnet) => ({ subnet, place: subnetPlace(subnet) }));
  const subnets = places.sort((a, b) => compareEach(a.place, b.place)).map(({ subnet }) => subnet);
  const ordered = { ...state, subnets };
  return { row: fleetVpc(ordered, stateVersion), state: ordered };
}

/** Returns where a subnet lies among those of its VPC, as `placeInVpc` gives it of its row. */
export function subnetPlace(state: SubnetState): string[] {
  return placeInVpc({ baseAddress: baseAddressOf(state), subnetId: state.subnet.subnetId });
}

function baseAddressOf({ capacity, subnet }: SubnetState): Ipv4Address | undefined {
  return capacity === undefined ? undefined : subnetCidr(subnet)?.base;
}

/** Takes from the state of a VPC what the fleet lists, filters, sorts and totals by. */
export function fleetVpc(state: VpcState, stateVersion: string): FleetVpc {
  const subnetIds = new Set(state.subnets.map(({ subnet }) => subnet.subnetId));
  return {
    vpc: state.vpc,
    stateVersion,
    firstObservedAt: toMillisecond(state.firstObservedAt),
    observedAt: toMillisecond(state.observedAt),
    viewerAccountIds: state.judgedFrom.map(({ viewerAccountId }) => viewerAccountId),
    subnets: state.subnets.map(fleetSubnet),
    clusters: state.clusters.map((cluster) => fleetCluster(cluster, subnetIds)),
  };
}

/** Rows keep times as numbers; one that cannot be read is none. */
function toMillisecond(instant: Instant): Instant {
  return instantOf(instantMs(instant) ?? Number.NaN);
}

function fleetSubnet(state: SubnetState): FleetSubnet {
  return {
    subnetId: state.subnet.subnetId,
    availabilityZoneId: state.availabilityZoneId,
    team: state.team,
    status: state.status.status,
    observedAt: toMillisecond(state.observedAt),
    baseAddress: baseAddressOf(state),
    availableIpAddressCount: availableIpAddressCountOf(state),
    counts: state.capacity === undefined ? undefined : fleetCounts(state.capacity),
    prefixesAreInUse: state.prefixUse.inUse,
    clusterIds: state.clusters.map(({ clusterId }) => clusterId),
    exhaustion: fleetExhaustion(state.exhaustion),
  };
}

function fleetExhaustion(exhaustion: Exhaustion): FleetExhaustion | undefined {
  if (exhaustion.state !== 'forecast' || exhaustion.p10 === undefined) {
    return undefined;
  }
  const { p10, p50, p90 } = exhaustion;
  return { p10, p50, p90 };
}

function availableIpAddressCountOf({ subnet, capacity }: SubnetState): number {
  switch (capacity?.source) {
    case undefined:
      return subnet.availableIpAddressCount;
    case 'network-interfaces':
      return capacity.reconciliation.availableIpAddressCount;
    case 'available-ip-address-count':
      return capacity.availableIpAddressCount;
  }
}

function fleetCounts(capacity: SubnetCapacityState): FleetCounts {
  const left = addressesLeft(capacity);
  if (capacity.source === 'available-ip-address-count') {
    const { usableAddressCount, maxPrefixCount } = capacity;
    // What EC2 does not call available is used or reserved; a counter beyond the subnet's size contradicts EC2's own rules.
    const freeAddressCount = Math.min(left, usableAddressCount);
    return {
      usableAddressCount,
      usedAddressCount: usableAddressCount - freeAddressCount,
      freeAddressCount,
      reservedAddressCount: 0,
      addressesLeft: left,
      maxPrefixCount,
      freePrefixCount: undefined,
      fragmentation: undefined,
    };
  }
  const { counts, freePrefixCount } = capacity;
  return {
    usableAddressCount: counts.usableAddressCount,
    usedAddressCount: counts.usedAddressCount,
    freeAddressCount: counts.freeAddressCount,
    reservedAddressCount: counts.reservedAddressCount,
    addressesLeft: left,
    maxPrefixCount: counts.maxPrefixCount,
    freePrefixCount,
    fragmentation:
      counts.fragmentation === null
        ? undefined
        : Math.round(counts.fragmentation * FRAGMENTATION_STEPS) / FRAGMENTATION_STEPS,
  };
}

function fleetCluster(state: ClusterState, subnetIds: ReadonlySet<string>): FleetCluster {
  const { bindingSubnetId } = state;
  return {
    clusterId: state.clusterId,
    accountId: state.target.accountId,
    region: state.target.region,
    clusterName: state.clusterName,
    team: state.team,
    status: state.status,
    observedAt: toMillisecond(state.observedAt),
    version: state.cluster.state === 'observed' ? state.cluster.value.version : undefined,
    bindingSubnetId: bindingSubnetId !== undefined && subnetIds.has(bindingSubnetId) ? bindingSubnetId : undefined,
  };
}
