import type { AddressCounts } from '../address/address-map.ts';
import type { Reconciliation } from '../address/reconcile.ts';
import type { Addon, Cluster, FargateProfile, Nodegroup } from '../cluster/cluster.ts';
import type { SubnetSource } from '../cluster/cluster-subnets.ts';
import type { PrefixUse } from '../cni/prefix-use.ts';
import type { Fact, Instant } from '../fact.ts';
import type { FlowLogCoverage } from '../network/flow-log-coverage.ts';
import type { Subnet } from '../network/network.ts';
import type { OwnerKind } from '../network/network-interface-owner.ts';
import type { Described, Target } from '../region-facts.ts';
import type { Exhaustion } from '../trend/exhaustion.ts';
import type { Floor, Status, StatusReason, SubnetStatus } from './subnet-status.ts';

/** What was judged of a region from the facts of every account that sees into it. */
export interface RegionState {
  readonly subnets: readonly SubnetState[];
  readonly clusters: readonly ClusterState[];
}

export interface SubnetState {
  readonly subnet: Subnet;
  readonly region: string;
  /** The team that answers for it; `undefined` where the settings name none. */
  readonly team: string | undefined;
  /** The zone's id where EC2 said it of the subnet or of the zone. */
  readonly availabilityZoneId: string | undefined;
  /** The scanned accounts that see the subnet, its owner first. */
  readonly viewerAccountIds: readonly string[];
  /** When EC2's counters were read, by the scan that the state is of. */
  readonly observedAt: Instant;
  /** When the owner's network interfaces were listed; `undefined` where they were not. */
  readonly networkInterfacesObservedAt: Instant | undefined;
  /** `undefined` for an IPv6-only subnet or one whose block cannot be read. */
  readonly capacity: SubnetCapacityState | undefined;
  /** What must stay free; nothing where nothing asks for it. */
  readonly floor: Floor;
  /** When its addresses or blocks come down to what must stay free, as it was forecast last. */
  readonly exhaustion: Exhaustion;
  readonly prefixUse: PrefixUse;
  readonly holders: readonly HolderSummary[];
  readonly leakedNetworkInterfaceIds: readonly string[];
  readonly clusters: readonly SubnetCluster[];
  readonly flowLogs: FlowLogCoverage;
  /** What the facts say that cannot be, as sentences. */
  readonly problems: readonly string[];
  readonly status: SubnetStatus;
}

/** EC2's counter of a subnet, read again by a pulse since the scan that the state is of. */
export interface PulseReading {
  readonly availableIpAddressCount: number;
  readonly observedAt: Instant;
}

export type SubnetCapacityState =
  | {
      /** Every network interface was listed by the subnet's owner. */
      readonly source: 'network-interfaces';
      readonly counts: AddressCounts;
      readonly reconciliation: Reconciliation;
      readonly freePrefixCount: number;
      /** `undefined` where no pulse came after the scan. */
      readonly pulse: PulseReading | undefined;
    }
  | {
      /** Only EC2's own count is known: what is not available is used or reserved, by whom is not known. */
      readonly source: 'available-ip-address-count';
      readonly usableAddressCount: number;
      readonly availableIpAddressCount: number;
      readonly maxPrefixCount: number;
      readonly pulse: PulseReading | undefined;
    };

/** Who holds the addresses of a subnet, by kind and cluster. */
export interface HolderSummary {
  readonly kind: OwnerKind;
  readonly service: string | undefined;
  readonly clusterName: string | undefined;
  readonly networkInterfaceCount: number;
  /** Addresses of interfaces and of the prefixes they hold. */
  readonly addressCount: number;
  readonly prefixCount: number;
}

export interface SubnetCluster {
  readonly clusterId: string;
  readonly clusterName: string;
  readonly sources: readonly SubnetSource[];
}

export interface ClusterState {
  /** `{accountId}:{region}:{clusterName}`. */
  readonly clusterId: string;
  readonly target: Target;
  readonly clusterName: string;
  /** The team that answers for it; `undefined` where the settings name none. */
  readonly team: string | undefined;
  /** That of the subnet seen longest ago, or of the cluster itself where none was. */
  readonly observedAt: Instant;
  readonly cluster: Fact<Cluster>;
  readonly nodegroups: Described<Nodegroup>;
  readonly fargateProfiles: Described<FargateProfile>;
  readonly addons: Described<Addon>;
  readonly subnets: readonly ClusterSubnetState[];
  readonly zones: readonly ClusterZoneState[];
  readonly status: Status;
  /** The subnet that decides the status. */
  readonly bindingSubnetId: string | undefined;
  /** Those of the binding subnet. */
  readonly statusReasons: readonly StatusReason[];
}

export interface ClusterSubnetState {
  readonly subnetId: string;
  readonly sources: readonly SubnetSource[];
  /** False where the cluster names a subnet that no scanned account sees. */
  readonly isSeen: boolean;
}

/** A cluster's room in one zone. Pods of a zone cannot use another zone's addresses, so zones are never added up. */
export interface ClusterZoneState {
  readonly zone: string;
  readonly subnetIds: readonly string[];
  readonly addressesLeft: number;
  /** `undefined` where some subnet of the zone was not fully seen. */
  readonly freePrefixCount: number | undefined;
}

/** The id of a cluster across accounts and regions. */
export function clusterIdOf({ accountId, region }: Target, clusterName: string): string {
  return `${accountId}:${region}:${clusterName}`;
}
