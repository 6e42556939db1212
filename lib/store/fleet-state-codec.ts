import type { FleetCluster, FleetCounts, FleetSubnet, FleetVpc } from '../audit/fleet-shard.ts';
import { ADDRESSES_PER_PREFIX, type Cidr, formatCidr, maxPrefixCount, usableBlock } from '../domain/address/cidr.ts';
import type { ClusterState, SubnetState } from '../domain/capacity/region-state.ts';
import type { VpcState } from '../domain/capacity/vpc-state.ts';
import { encodeColumns, openColumnList } from './column-codec.ts';
import { isRecord, withoutPredicted, withPredicted } from './predicted-fields.ts';
import type { Shape } from './shape.ts';
import { clusterStateShape, subnetStateShape, vpcStateShape } from './state-shape.ts';

/** The states of a VPC's subnets, and those of its clusters: who asks for the ones reads nothing of the others. */
export interface EncodedStates {
  readonly subnets: Uint8Array;
  readonly clusters: Uint8Array;
}

/**
 * Encodes the states of a VPC's subnets and clusters without what their rows in the fleet say. Throws where the state has not its
 * shape: nobody could read it again.
 */
export function encodeFleetState(state: VpcState, { vpc, observedAt, subnets, clusters }: FleetVpc): EncodedStates {
  const problem = vpcStateShape.problemOf(state);
  if (problem !== undefined) {
    throw new Error(`Cannot write the state of "${vpc.vpcId}": ${problem}`);
  }
  return {
    subnets: encodeColumns(
      state.subnets.map((own, index) =>
        withoutPredicted({ ...own }, predictedSubnet({ vpc, observedAt, row: subnets[index] }, own.capacity)),
      ),
    ),
    clusters: encodeColumns(
      state.clusters.map((own, index) =>
        withoutPredicted({ ...own }, predictedCluster({ vpc, observedAt, row: clusters[index] })),
      ),
    ),
  };
}

/** The states of a VPC's subnets, or of its clusters: each is made when it is asked for, one or two of many. */
export interface FleetStateReader<S, R> {
  readonly count: number;
  /** Throws where no state comes out. */
  at(index: number, rowOf: () => RowInVpc<R>): S;
}

/** The row that a state was encoded with, and where it lies. */
export interface RowInVpc<R> extends Pick<FleetVpc, 'vpc' | 'observedAt'> {
  readonly row: R | undefined;
}

/** What of a subnet's row its state is predicted by: the less that is, the fewer columns have to be made for one. */
export interface SubnetRow
  extends Pick<
    FleetSubnet,
    | 'subnetId'
    | 'availabilityZoneId'
    | 'team'
    | 'status'
    | 'baseAddress'
    | 'availableIpAddressCount'
    | 'prefixesAreInUse'
  > {
  readonly counts: PredictingCounts | undefined;
}

type PredictingCounts = Pick<
  FleetCounts,
  'usableAddressCount' | 'freeAddressCount' | 'reservedAddressCount' | 'freePrefixCount'
>;

/** Opens what `encodeFleetState` gave of subnets; throws where the bytes are anything else. */
export function openSubnetStates(bytes: Uint8Array): FleetStateReader<SubnetState, SubnetRow> {
  return openStates(bytes, subnetStateShape, (row, rest) => predictedSubnet(row, rest['capacity']));
}

/** Opens what `encodeFleetState` gave of clusters; throws where the bytes are anything else. */
export function openClusterStates(bytes: Uint8Array): FleetStateReader<ClusterState, FleetCluster> {
  return openStates(bytes, clusterStateShape, predictedCluster);
}

function openStates<S, R>(
  bytes: Uint8Array,
  shape: Shape<S>,
  predictionOf: (row: RowInVpc<R>, rest: Prediction) => Prediction,
): FleetStateReader<S, R> {
  const list = openColumnList(bytes);
  const states: (S | undefined)[] = [];
  return {
    count: list.length,
    at(index, rowOf) {
      const known = states[index];
      if (known !== undefined) {
        return known;
      }
      const rest = recordOf(list.at(index));
      const state = checked(shape, withPredicted(rest, predictionOf(rowOf(), rest)));
      states[index] = state;
      return state;
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

/** What a subnet's state is as a rule, seen when its VPC was. `capacity` is its own, or what is left of it: it tells what is not predicted. */
function predictedSubnet({ vpc, observedAt, row }: RowInVpc<SubnetRow>, capacity: unknown): Prediction {
  if (row === undefined) {
    throw new Error('a subnet has no row in the fleet');
  }
  const { ownerId, region, vpcId } = vpc;
  const { subnetId, availabilityZoneId, availableIpAddressCount, counts } = row;
  const block = blockOf(row);
  return {
    subnet: {
      subnetId,
      subnetArn: `arn:aws:ec2:${region}:${ownerId}:subnet/${subnetId}`,
      vpcId,
      ownerId,
      availabilityZoneId,
      cidrBlock: block === undefined ? undefined : formatCidr(block),
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
      : { capacity: predictedCapacity({ ...counts, block, availableIpAddressCount }, capacity) }),
    floor: { controlPlaneUpdateAddresses: 0, loadBalancerAddresses: 0 },
    // Only what each of the kinds of exhaustion has.
    exhaustion: { state: 'not-expected' },
    prefixUse: { inUse: row.prefixesAreInUse, canFallBack: true, isSetByAddon: false },
    leakedNetworkInterfaceIds: [],
    problems: [],
    status: { status: row.status },
  };
}

function blockOf({ baseAddress, counts }: SubnetRow): Cidr | undefined {
  return baseAddress === undefined || counts === undefined
    ? undefined
    : usableBlock(baseAddress, counts.usableAddressCount);
}

interface Predicting extends PredictingCounts, Pick<SubnetRow, 'availableIpAddressCount'> {
  readonly block: Cidr | undefined;
}

function predictedCapacity(predicting: Predicting, capacity: Prediction): Prediction {
  const { usableAddressCount, freeAddressCount, reservedAddressCount, freePrefixCount } = predicting;
  const { block, availableIpAddressCount } = predicting;
  const ofBlock = { usableAddressCount, maxPrefixCount: block === undefined ? undefined : maxPrefixCount(block) };
  if (capacity['source'] !== 'network-interfaces' || freePrefixCount === undefined) {
    return { ...ofBlock, availableIpAddressCount, pulse: undefined };
  }
  const unaccountedAddressCount = availableIpAddressCount - freeAddressCount;
  const unexplainedUsedAddressCount = Math.max(0, -unaccountedAddressCount);
  const freePrefixCountMost = freePrefixCount + unexplainedUsedAddressCount;
  return {
    counts: {
      ...ofBlock,
      usedAddressCount: usableAddressCount - freeAddressCount - reservedAddressCount,
      freeAddressCount,
      reservedAddressCount,
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
