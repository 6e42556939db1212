import type { Account } from '../audit/ports.ts';
import { addressesLeft } from '../domain/capacity/addresses-left.ts';
import { bindingRoom } from '../domain/capacity/binding-room.ts';
import type { HolderSummary, SubnetCapacityState, SubnetState } from '../domain/capacity/region-state.ts';
import { isStale, staleStatus } from '../domain/capacity/staleness.ts';
import type { StatusReason } from '../domain/capacity/subnet-status.ts';
import type { Instant } from '../domain/fact.ts';
import { tagValue } from '../domain/tags.ts';
import type { SubnetView } from './subnet-view.ts';
import { toExhaustionView } from './to-exhaustion-view.ts';
import { toStatusReasonView } from './to-status-reason-view.ts';

/** Turns a judged subnet into its view, as it stands at `now`. */
export function toSubnetView(
  state: SubnetState,
  accounts: ReadonlyMap<string, Account>,
  now: Instant = state.observedAt,
): SubnetView {
  const { subnet, observedAt } = state;
  const isOld = isStale('subnets', observedAt, now);
  const reasons: readonly StatusReason[] = isOld
    ? [...state.status.reasons, { code: 'fact-stale', fact: 'subnets', observedAt }]
    : state.status.reasons;
  return {
    subnetId: subnet.subnetId,
    subnetArn: subnet.subnetArn ?? null,
    accountId: subnet.ownerId,
    accountName: accounts.get(subnet.ownerId)?.name ?? null,
    ownerTeam: state.team ?? null,
    region: state.region,
    vpcId: subnet.vpcId,
    availabilityZone: subnet.availabilityZone,
    availabilityZoneId: state.availabilityZoneId ?? null,
    name: tagValue(subnet.tags, 'Name') ?? null,
    tags: Object.fromEntries(subnet.tags),
    cidrBlock: subnet.cidrBlock ?? null,
    observedAt,
    networkInterfacesObservedAt: state.networkInterfacesObservedAt ?? null,
    isStale: isOld,
    ...toCounts(state.capacity, subnet.availableIpAddressCount),
    prefixes: { areInUse: state.prefixUse.inUse, canFallBack: state.prefixUse.canFallBack },
    clusters: state.clusters.map(({ clusterId, clusterName, sources }) => ({
      clusterId,
      clusterName,
      sources: [...sources],
    })),
    holders: state.holders.map(toHolderView),
    leakedNetworkInterfaceIds: [...state.leakedNetworkInterfaceIds],
    flowLogCoverage: state.flowLogs.coverage,
    flowLogCoverageReasons: [...state.flowLogs.reasons],
    problems: [...state.problems],
    status: isOld ? staleStatus(state.status.status) : state.status.status,
    statusReasons: reasons.map(toStatusReasonView),
    exhaustion: toExhaustionView(state.exhaustion, bindingRoom(state)),
  };
}

type Counts = Pick<
  SubnetView,
  | 'countedFrom'
  | 'usableAddressCount'
  | 'usedAddressCount'
  | 'freeAddressCount'
  | 'reservedAddressCount'
  | 'availableIpAddressCount'
  | 'unaccountedAddressCount'
  | 'reconciliation'
  | 'addressesLeft'
  | 'pulse'
  | 'maxPrefixCount'
  | 'freePrefixCount'
  | 'freePrefixCountMost'
  | 'freePrefixCountReserved'
  | 'largestFreeBlockPrefixLength'
  | 'strandedAddressCount'
  | 'fragmentation'
  | 'awsFragmentationScore'
>;

const NOT_COUNTED = {
  countedFrom: null,
  usableAddressCount: null,
  usedAddressCount: null,
  freeAddressCount: null,
  reservedAddressCount: null,
  unaccountedAddressCount: null,
  reconciliation: null,
  addressesLeft: null,
  pulse: null,
  maxPrefixCount: null,
  freePrefixCount: null,
  freePrefixCountMost: null,
  freePrefixCountReserved: null,
  largestFreeBlockPrefixLength: null,
  strandedAddressCount: null,
  fragmentation: null,
  awsFragmentationScore: null,
} satisfies Omit<Counts, 'availableIpAddressCount'>;

function toCounts(capacity: SubnetCapacityState | undefined, availableIpAddressCount: number): Counts {
  if (capacity === undefined) {
    return { ...NOT_COUNTED, availableIpAddressCount };
  }
  if (capacity.source === 'available-ip-address-count') {
    const { usableAddressCount } = capacity;
    // A counter beyond the subnet's size contradicts EC2's own rules; the counts still add up to the size.
    const freeAddressCount = Math.min(addressesLeft(capacity), usableAddressCount);
    return {
      ...NOT_COUNTED,
      countedFrom: capacity.source,
      usableAddressCount,
      // What EC2 does not call available is used or reserved; without the interfaces the two cannot be told apart.
      usedAddressCount: usableAddressCount - freeAddressCount,
      freeAddressCount,
      reservedAddressCount: 0,
      availableIpAddressCount: capacity.availableIpAddressCount,
      addressesLeft: addressesLeft(capacity),
      pulse: capacity.pulse ?? null,
      maxPrefixCount: capacity.maxPrefixCount,
      freePrefixCountMost: capacity.maxPrefixCount,
    };
  }
  const { counts, reconciliation } = capacity;
  return {
    countedFrom: capacity.source,
    usableAddressCount: counts.usableAddressCount,
    usedAddressCount: counts.usedAddressCount,
    freeAddressCount: counts.freeAddressCount,
    reservedAddressCount: counts.reservedAddressCount,
    availableIpAddressCount: reconciliation.availableIpAddressCount,
    unaccountedAddressCount: reconciliation.unaccountedAddressCount,
    reconciliation: reconciliation.grade,
    addressesLeft: addressesLeft(capacity),
    pulse: capacity.pulse ?? null,
    maxPrefixCount: counts.maxPrefixCount,
    freePrefixCount: capacity.freePrefixCount,
    freePrefixCountMost: counts.freePrefixCountMost,
    freePrefixCountReserved: counts.freePrefixCountReserved,
    largestFreeBlockPrefixLength: counts.largestFreeBlockPrefixLength,
    strandedAddressCount: counts.strandedAddressCount,
    fragmentation: counts.fragmentation,
    awsFragmentationScore: counts.awsFragmentationScore,
  };
}

function toHolderView(holder: HolderSummary): SubnetView['holders'][number] {
  return { ...holder, service: holder.service ?? null, clusterName: holder.clusterName ?? null };
}
