import type { FleetCluster, FleetCounts, FleetSubnet, FleetVpc } from '../audit/fleet-shard.ts';
import { ADDRESSES_PER_PREFIX, formatCidr, usableBlock } from '../domain/address/cidr.ts';
import type { ClusterState, SubnetState } from '../domain/capacity/region-state.ts';
import type { VpcState } from '../domain/capacity/vpc-state.ts';
import { decodeColumns, encodeColumns } from './column-codec.ts';
import { isRecord, withoutPredicted, withPredicted } from './predicted-fields.ts';
import type { Shape } from './shape.ts';
import { clusterStateShape, subnetStateShape, vpcStateShape } from './state-shape.ts';

/**
 * Encodes the state of a VPC without what its row in the fleet says, and without what is gone, which is in no fleet. Throws
 * where the state has not its shape: nobody could read it again.
 */
export function encodeFleetState({ subnets, clusters, ...rest }: VpcState, row: FleetVpc): Uint8Array {
  const problem = vpcStateShape.problemOf({ subnets, clusters, ...rest });
  if (problem !== undefined) {
    throw new Error(`Cannot write the state of "${row.vpc.vpcId}": ${problem}`);
  }
  return encodeColumns({
    vpc: withoutPredicted({ ...rest, gone: [] }, predictedVpc(row)),
    subnets: subnets.map((state, index) =>
      withoutPredicted({ ...state }, predictedSubnet({ vpc: row.vpc, row: row.subnets[index] }, state.capacity)),
    ),
    clusters: clusters.map((state, index) =>
      withoutPredicted({ ...state }, predictedCluster({ vpc: row.vpc, row: row.clusters[index] })),
    ),
  });
}

/** What a page shows of a VPC: each state is made when it is asked for, one or two of many. */
export interface FleetStateReader {
  /** Subnets and clusters. */
  readonly rowCount: number;
  /** Throws where no state comes out. */
  subnetAt(index: number, rowOf: () => RowInVpc<FleetSubnet>): SubnetState;
  clusterAt(index: number, rowOf: () => RowInVpc<FleetCluster>): ClusterState;
}

/** The row that a state was encoded with, and where it lies. */
export interface RowInVpc<R> extends Pick<FleetVpc, 'vpc'> {
  readonly row: R | undefined;
}

/** Decodes what `encodeFleetState` gave; throws where the bytes are anything else. */
export function fleetStateReader(bytes: Uint8Array): FleetStateReader {
  const value = recordOf(decodeColumns(bytes));
  const subnets = recordsOf(value['subnets']);
  const clusters = recordsOf(value['clusters']);
  const subnetStates: (SubnetState | undefined)[] = [];
  const clusterStates: (ClusterState | undefined)[] = [];
  return {
    rowCount: subnets.length + clusters.length,
    subnetAt(index, rowOf) {
      const rest = recordOf(subnets[index]);
      subnetStates[index] ??= checked(
        subnetStateShape,
        withPredicted(rest, predictedSubnet(rowOf(), rest['capacity'])),
      );
      return subnetStates[index];
    },
    clusterAt(index, rowOf) {
      clusterStates[index] ??= checked(
        clusterStateShape,
        withPredicted(recordOf(clusters[index]), predictedCluster(rowOf())),
      );
      return clusterStates[index];
    },
  };
}

function checked<T>(shape: Shape<T>, value: Prediction): T {
  const problem = shape.problemOf(value);
  if (problem !== undefined) {
    throw new Error(`the document holds no state: ${problem}`);
  }
  // What the shape finds nothing wrong with is a T.
  return value as T;
}

type Prediction = Readonly<Record<string, unknown>>;

function predictedVpc({ vpc, firstObservedAt, observedAt }: FleetVpc): Prediction {
  return { vpc: { ...vpc }, firstObservedAt, observedAt, gone: [] };
}

/** What a subnet's state is as a rule. `capacity` is its own, or what is left of it: it tells what is not predicted. */
function predictedSubnet({ vpc, row }: RowInVpc<FleetSubnet>, capacity: unknown): Prediction {
  if (row === undefined) {
    throw new Error('a subnet has no row in the fleet');
  }
  const { ownerId, region, vpcId } = vpc;
  const { subnetId, availabilityZoneId, availableIpAddressCount, observedAt, counts } = row;
  return {
    subnet: {
      subnetId,
      subnetArn: `arn:aws:ec2:${region}:${ownerId}:subnet/${subnetId}`,
      vpcId,
      ownerId,
      availabilityZoneId,
      cidrBlock: predictedBlock(row),
      availableIpAddressCount,
      ipv6Native: false,
      mapPublicIpOnLaunch: false,
      state: 'available',
    },
    region,
    team: row.team,
    availabilityZoneId,
    viewerAccountIds: [ownerId],
    observedAt,
    networkInterfacesObservedAt: observedAt,
    ...(counts === undefined || !isRecord(capacity)
      ? {}
      : { capacity: predictedCapacity(counts, availableIpAddressCount, capacity) }),
    floor: { controlPlaneUpdateAddresses: 0, loadBalancerAddresses: 0 },
    // Only what each of the kinds of exhaustion has.
    exhaustion: { state: 'not-expected' },
    prefixUse: { inUse: row.prefixesAreInUse, canFallBack: true, isSetByAddon: false },
    leakedNetworkInterfaceIds: [],
    problems: [],
    status: { status: row.status },
  };
}

function predictedBlock({ baseAddress, counts }: FleetSubnet): string | undefined {
  return baseAddress === undefined || counts === undefined
    ? undefined
    : formatCidr(usableBlock(baseAddress, counts.usableAddressCount));
}

function predictedCapacity(counts: FleetCounts, availableIpAddressCount: number, capacity: Prediction): Prediction {
  const { usableAddressCount, maxPrefixCount, freePrefixCount } = counts;
  if (capacity['source'] !== 'network-interfaces' || freePrefixCount === undefined) {
    return { usableAddressCount, availableIpAddressCount, maxPrefixCount, pulse: undefined };
  }
  const unaccountedAddressCount = availableIpAddressCount - counts.freeAddressCount;
  const unexplainedUsedAddressCount = Math.max(0, -unaccountedAddressCount);
  const freePrefixCountMost = freePrefixCount + unexplainedUsedAddressCount;
  return {
    counts: {
      usableAddressCount,
      usedAddressCount: counts.usedAddressCount,
      freeAddressCount: counts.freeAddressCount,
      reservedAddressCount: counts.reservedAddressCount,
      maxPrefixCount,
      freePrefixCountMost,
      ...predictedBlocks(freePrefixCountMost, capacity['counts']),
    },
    reconciliation: {
      availableIpAddressCount,
      unaccountedAddressCount,
      grade: unaccountedAddressCount === 0 ? 'exact' : 'settling',
      unexplainedUsedAddressCount,
    },
    freePrefixCount,
    pulse: undefined,
  };
}

/** What follows from the two counts of blocks that the fleet does not keep; they are never left out. */
function predictedBlocks(freePrefixCountMost: number, counts: unknown): Prediction {
  if (!isRecord(counts)) {
    return {};
  }
  const alignable = Number(counts['alignableFreeAddressCount']);
  const strandedAddressCount = alignable - ADDRESSES_PER_PREFIX * freePrefixCountMost;
  return {
    freePrefixCountGeneral: freePrefixCountMost - Number(counts['freePrefixCountReserved']),
    strandedAddressCount,
    fragmentation: alignable === 0 ? null : strandedAddressCount / alignable,
  };
}

function predictedCluster({ vpc, row }: RowInVpc<FleetCluster>): Prediction {
  if (row === undefined) {
    throw new Error('a cluster has no row in the fleet');
  }
  const { clusterId, accountId, region, clusterName, team, observedAt, status, bindingSubnetId, version } = row;
  return {
    clusterId,
    target: { accountId, region },
    clusterName,
    team,
    observedAt,
    status,
    bindingSubnetId,
    cluster: {
      state: 'observed',
      value: {
        name: clusterName,
        arn: `arn:aws:eks:${region}:${accountId}:cluster/${clusterName}`,
        version,
        vpcId: vpc.vpcId,
      },
    },
  };
}

function recordOf(value: unknown): Prediction {
  if (!isRecord(value)) {
    throw new Error('the document holds no state: a part of it is no record');
  }
  return value;
}

function recordsOf(value: unknown): Prediction[] {
  if (!Array.isArray(value)) {
    throw new Error('the document holds no state: a part of it is no list');
  }
  return value.map(recordOf);
}
