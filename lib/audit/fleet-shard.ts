import type { Ipv4Address } from '../domain/address/ipv4.ts';
import type { Status } from '../domain/capacity/subnet-status.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { Instant } from '../domain/fact.ts';
import type { IdColumn, LongIdForm } from './id-column.ts';

/** What the fleet holds of one VPC to list, filter, sort and total by. Times are to the millisecond. */
export interface FleetVpc {
  readonly vpc: VpcId;
  /** Names the state that this was taken from. */
  readonly stateVersion: string;
  readonly firstObservedAt: Instant;
  readonly observedAt: Instant;
  /** The accounts whose facts the state was judged from. */
  readonly viewerAccountIds: readonly string[];
  /** By `placeInVpc`, which lists go by. */
  readonly subnets: readonly FleetSubnet[];
  readonly clusters: readonly FleetCluster[];
}

export interface FleetSubnet {
  readonly subnetId: string;
  readonly availabilityZoneId: string | undefined;
  readonly team: string | undefined;
  readonly status: Status;
  readonly observedAt: Instant;
  /** The first address of its IPv4 block, whose size is five more than `usableAddressCount`; `undefined` where `counts` are. */
  readonly baseAddress: Ipv4Address | undefined;
  readonly availableIpAddressCount: number;
  /** `undefined` for an IPv6-only subnet or one whose block cannot be read. */
  readonly counts: FleetCounts | undefined;
  readonly prefixesAreInUse: boolean;
  readonly clusterIds: readonly string[];
  /** When it runs out; `undefined` where nothing is forecast, or not one path in ten gets there. */
  readonly exhaustion: FleetExhaustion | undefined;
}

/** Whole days since 1970; `undefined` where fewer paths than that get there. */
export interface FleetExhaustion {
  readonly p10: number;
  readonly p50: number | undefined;
  readonly p90: number | undefined;
}

export interface FleetCounts {
  readonly usableAddressCount: number;
  readonly usedAddressCount: number;
  readonly freeAddressCount: number;
  readonly reservedAddressCount: number;
  readonly addressesLeft: number;
  readonly maxPrefixCount: number;
  /** `undefined` where the owner's interfaces were not seen. */
  readonly freePrefixCount: number | undefined;
  /** Rounded to `FRAGMENTATION_STEPS`; `undefined` where nothing alignable is free or the interfaces were not seen. */
  readonly fragmentation: number | undefined;
}

/** Lists sort and filter by fragmentation to four decimals; the subnet's own state has all of them. */
export const FRAGMENTATION_STEPS = 10_000;

export interface FleetCluster {
  readonly clusterId: string;
  readonly accountId: string;
  readonly region: string;
  readonly clusterName: string;
  readonly team: string | undefined;
  readonly status: Status;
  readonly observedAt: Instant;
  /** Kubernetes' version; `undefined` where the cluster could not be described. */
  readonly version: string | undefined;
  /** `undefined` where none decides, or it is no subnet of the VPC. */
  readonly bindingSubnetId: string | undefined;
}

/** A change of this number moves VPCs to other shards: it needs a new schema version of the fleet. */
export const FLEET_SHARD_COUNT = 64;

/** Places in a table of texts; `NO_TEXT` where there is none. */
export type TextColumn = Uint32Array;
/** Numbers; NaN where there is none. */
export type NumberColumn = Float64Array;
/** Positions by urgency. */
export type StatusColumn = Uint8Array;

export const NO_TEXT = 0;

/**
 * What of some VPCs totals and the first page of a list are made of, as columns: row i of each group is one VPC, sum, subnet or cluster;
 * those of a VPC lie together, in its order.
 */
export interface ShardOutline {
  /** The first is never meant. */
  readonly texts: readonly string[];
  /** The place of each text but the first. */
  readonly textPlaces: ReadonlyMap<string, number>;
  readonly vpcs: VpcOutline;
  readonly sums: SumColumns;
  readonly subnets: SubnetOutline;
  readonly clusters: ClusterOutline;
}

/** All that the fleet holds of some VPCs. */
export interface FleetShard extends ShardOutline {
  readonly vpcs: VpcColumns;
  readonly subnets: SubnetColumns;
  readonly clusters: ClusterColumns;
}

export interface VpcOutline {
  readonly vpcId: IdColumn;
  readonly ownerId: TextColumn;
  readonly region: TextColumn;
  readonly observedMs: NumberColumn;
  readonly sumCount: NumberColumn;
  readonly subnetCount: NumberColumn;
  readonly clusterCount: NumberColumn;
}

export interface VpcColumns extends VpcOutline {
  readonly stateVersion: IdColumn;
  readonly firstObservedMs: NumberColumn;
  readonly viewerCount: NumberColumn;
  /** Of all VPCs, one after the other. */
  readonly viewer: TextColumn;
}

/**
 * Sums over the subnets of a VPC that are of one team and were observed at one moment: of most VPCs a row. What a subnet does not
 * know it does not add.
 */
export interface SumColumns {
  readonly team: TextColumn;
  readonly observedMs: NumberColumn;
  /** How many subnets are of a status, for each status in the order of urgency: so many numbers a row. */
  readonly countByStatus: NumberColumn;
  /** Subnets that add no addresses, and those with addresses that add no free prefixes. */
  readonly subnetsWithoutCounts: NumberColumn;
  readonly subnetsWithoutPrefixCount: NumberColumn;
  readonly usableAddressCount: NumberColumn;
  readonly usedAddressCount: NumberColumn;
  readonly freeAddressCount: NumberColumn;
  readonly reservedAddressCount: NumberColumn;
  readonly freePrefixCount: NumberColumn;
}

export interface SubnetOutline {
  readonly team: TextColumn;
  readonly status: StatusColumn;
  readonly observedMs: NumberColumn;
  readonly usableAddressCount: NumberColumn;
  readonly addressesLeft: NumberColumn;
  readonly guestCount: NumberColumn;
  /** Accounts but the owner that have clusters in a subnet, of all subnets, one after the other. */
  readonly guest: TextColumn;
}

export interface SubnetColumns extends SubnetOutline {
  readonly subnetId: IdColumn<LongIdForm>;
  readonly availabilityZoneId: TextColumn;
  readonly baseAddress: NumberColumn;
  readonly availableIpAddressCount: NumberColumn;
  readonly usedAddressCount: NumberColumn;
  readonly freeAddressCount: NumberColumn;
  readonly reservedAddressCount: NumberColumn;
  readonly maxPrefixCount: NumberColumn;
  readonly freePrefixCount: NumberColumn;
  readonly fragmentation: NumberColumn;
  /** 1 or 0. */
  readonly prefixesAreInUse: NumberColumn;
  /** Whole days since 1970. */
  readonly exhaustionP10: NumberColumn;
  readonly exhaustionP50: NumberColumn;
  readonly exhaustionP90: NumberColumn;
  readonly clusterCount: NumberColumn;
  /** Cluster ids of all subnets, one after the other. */
  readonly cluster: TextColumn;
}

export interface ClusterOutline {
  readonly accountId: TextColumn;
  readonly region: TextColumn;
  readonly team: TextColumn;
  readonly status: StatusColumn;
  readonly observedMs: NumberColumn;
  /** A row of the shard's subnets. */
  readonly bindingSubnet: NumberColumn;
}

export interface ClusterColumns extends ClusterOutline {
  readonly clusterId: TextColumn;
  readonly clusterName: TextColumn;
  readonly version: TextColumn;
}
