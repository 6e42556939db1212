import * as z from 'zod';
import type { Account } from '../audit/ports.ts';
import { addressesLeft } from '../domain/capacity/addresses-left.ts';
import { bindingRoom } from '../domain/capacity/binding-room.ts';
import type { HolderSummary, SubnetCapacityState, SubnetState } from '../domain/capacity/region-state.ts';
import { isStale, staleStatus } from '../domain/capacity/staleness.ts';
import { STATUSES, type StatusReason } from '../domain/capacity/subnet-status.ts';
import { SUBNET_SOURCES } from '../domain/cluster/cluster-subnets.ts';
import type { Instant } from '../domain/fact.ts';
import { tagValue } from '../domain/tags.ts';
import { ExhaustionView, toExhaustionView } from './exhaustion-view.ts';
import { StatusReasonView, toStatusReasonView } from './status-reason-view.ts';

const count = z.int().nonnegative();

/** A subnet as the API, the audit command and the pages show it. Counts are IPv4 addresses or /28 blocks, as their names say. */
export const SubnetView = z.object({
  subnetId: z.string(),
  subnetArn: z.string().nullable(),
  accountId: z.string().describe('The account that owns the subnet'),
  accountName: z.string().nullable(),
  ownerTeam: z.string().nullable().describe('Whom the settings name; null where no rule matches'),
  region: z.string(),
  vpcId: z.string(),
  availabilityZone: z
    .string()
    .describe('The name of the zone in the owner account; other accounts name it differently'),
  availabilityZoneId: z.string().nullable(),
  name: z.string().nullable().describe('The tag "Name"'),
  tags: z.record(z.string(), z.string()),
  cidrBlock: z.string().nullable().describe('Null for an IPv6-only subnet'),
  observedAt: z.iso.datetime().describe("When EC2's counter was read"),
  networkInterfacesObservedAt: z.iso
    .datetime()
    .nullable()
    .describe('When the network interfaces were listed, which the counts of addresses and blocks rest on'),
  isStale: z.boolean().describe('Whether the numbers are older than two scans: they stand, but prove nothing well'),
  countedFrom: z
    .enum(['network-interfaces', 'available-ip-address-count'])
    .nullable()
    .describe("What the counts rest on: the listed interfaces, or EC2's own counter alone where the owner lists none"),
  usableAddressCount: count.nullable().describe('All addresses but the five AWS keeps: used + free + reserved'),
  usedAddressCount: count.nullable(),
  freeAddressCount: count.nullable().describe('Unused addresses outside CIDR reservations'),
  reservedAddressCount: count.nullable().describe('Unused addresses inside CIDR reservations'),
  availableIpAddressCount: z.int().describe('What EC2 says is available'),
  unaccountedAddressCount: z
    .int()
    .nullable()
    .describe('availableIpAddressCount - freeAddressCount; negative: something unseen holds addresses'),
  reconciliation: z
    .enum(['exact', 'settling', 'unexplained'])
    .nullable()
    .describe('Whether EC2 count and the listed interfaces agree'),
  addressesLeft: count
    .nullable()
    .describe('The lower one of freeAddressCount and availableIpAddressCount, brought up to date by the pulse'),
  pulse: z
    .object({ availableIpAddressCount: z.int(), observedAt: z.iso.datetime() })
    .nullable()
    .describe('What EC2 said is available when it was asked again since; null where it was not'),
  maxPrefixCount: count.nullable().describe('/28 blocks an empty subnet of this size can give'),
  freePrefixCount: count.nullable().describe('Free /28 blocks at the least'),
  freePrefixCountMost: count
    .nullable()
    .describe('Free /28 blocks by the address map, in and outside prefix reservations'),
  freePrefixCountReserved: count.nullable().describe('Those of them inside prefix reservations'),
  largestFreeBlockPrefixLength: z.int().min(16).max(32).nullable(),
  strandedAddressCount: count.nullable().describe('Free addresses in blocks that cannot give a prefix'),
  fragmentation: z.number().min(0).max(1).nullable().describe('0 compact, 1 no free block left'),
  awsFragmentationScore: z.number().min(0).max(100).nullable(),
  prefixes: z.object({
    areInUse: z.boolean(),
    canFallBack: z.boolean().describe('Whether everything that takes prefixes can take single addresses instead'),
  }),
  clusters: z.array(
    z.object({ clusterId: z.string(), clusterName: z.string(), sources: z.array(z.enum(SUBNET_SOURCES)) }),
  ),
  holders: z
    .array(
      z.object({
        kind: z.string(),
        service: z.string().nullable(),
        clusterName: z.string().nullable(),
        networkInterfaceCount: count,
        addressCount: count,
        prefixCount: count,
      }),
    )
    .describe('Who holds addresses, most first'),
  leakedNetworkInterfaceIds: z.array(z.string()).describe('Left behind by the VPC CNI; deleting them frees addresses'),
  flowLogCoverage: z.enum(['all', 'partial', 'none', 'unknown']),
  flowLogCoverageReasons: z.array(z.string()),
  problems: z.array(z.string()).describe('What the answers of AWS say that cannot be'),
  status: z.enum(STATUSES),
  statusReasons: z.array(StatusReasonView),
  exhaustion: ExhaustionView,
});
export type SubnetView = z.infer<typeof SubnetView>;

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
