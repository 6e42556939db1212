import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { Instant } from '../domain/fact.ts';
import { at, type RowSlice, rowStarts, slices } from './fleet-columns.ts';
import type { FleetShard, NumberColumn, ShardOutline } from './fleet-shard.ts';
import { idAt, rowOfId } from './id-column.ts';
import type { RunTally } from './tally-run.ts';

/** What a fleet rests on, which most of the fleet is not needed to tell. */
export interface FleetBasis {
  /** Names this content: another fleet has another version. */
  readonly version: string;
  readonly rolledUpAt: Instant;
  /** The newest scan that was over, or under way where none was yet; the same object while it stays the same. `undefined` before the first. */
  readonly scan: RunTally | undefined;
}

/** Where the rows of a fleet lie. */
export interface FleetPlaces {
  /** The VPC's row, by the row of its sum, subnet or cluster. */
  readonly vpcOfSum: Uint32Array;
  readonly vpcOfSubnet: Uint32Array;
  readonly vpcOfCluster: Uint32Array;
  /** Rows of subnets and clusters, by the VPC's row. A VPC without both has left the fleet. */
  readonly subnetsOfVpc: readonly RowSlice[];
  readonly clustersOfVpc: readonly RowSlice[];
}

/** What totals and first pages are made of, of every VPC as they were rolled up last. A fleet is one, row by row. */
export interface FleetOutline extends ShardOutline, FleetPlaces, FleetBasis {}

/** Every VPC, subnet and cluster as columns over all shards, as they were rolled up last. */
export interface Fleet extends FleetShard, FleetPlaces, FleetBasis {}

/** Makes the columns of all VPCs a fleet, or the outlines of all the outline of one. */
export function createFleet<C extends ShardOutline>(columns: C, basis: FleetBasis): C & FleetPlaces & FleetBasis {
  const { vpcs } = columns;
  const subnetsOfVpc = slices(vpcs.subnetCount);
  const clustersOfVpc = slices(vpcs.clusterCount);
  let vpcOfSum: Uint32Array | undefined;
  return {
    ...columns,
    version: basis.version,
    rolledUpAt: basis.rolledUpAt,
    // It may be made when it is asked for.
    get scan() {
      return basis.scan;
    },
    get vpcOfSum() {
      vpcOfSum ??= ownersOf(slices(vpcs.sumCount));
      return vpcOfSum;
    },
    vpcOfSubnet: ownersOf(subnetsOfVpc),
    vpcOfCluster: ownersOf(clustersOfVpc),
    subnetsOfVpc,
    clustersOfVpc,
  };
}

/** By the column of counts. */
const knownStarts = new WeakMap<NumberColumn, Uint32Array>();

/** Returns where the rows of `subnets.cluster` start, by the subnet's row; `sliceAt` reads them. */
export function clusterStartsOf({ subnets }: Fleet): Uint32Array {
  return startsOf(subnets.clusterCount);
}

/** Returns where the rows of `subnets.guest` start, by the subnet's row. */
export function guestStartsOf({ subnets }: FleetOutline): Uint32Array {
  return startsOf(subnets.guestCount);
}

function startsOf(counts: NumberColumn): Uint32Array {
  const starts = knownStarts.get(counts) ?? rowStarts(counts);
  knownStarts.set(counts, starts);
  return starts;
}

/** Returns which VPC a row of `fleet.vpcs` is. */
export function vpcAt({ texts, vpcs }: FleetOutline, row: number): VpcId {
  return {
    ownerId: at(texts, at(vpcs.ownerId, row)),
    region: at(texts, at(vpcs.region, row)),
    vpcId: idAt(vpcs.vpcId, row),
  };
}

/** Returns the row of a subnet, or `undefined` where the fleet has none of that id. */
export function subnetRowOf({ subnets }: Fleet, subnetId: string): number | undefined {
  return rowOfId(subnets.subnetId, subnetId);
}

/** Returns the row of a cluster by `{accountId}:{region}:{clusterName}`, or `undefined` where the fleet has none. */
export function clusterRowOf({ clusters, textPlaces }: Fleet, clusterId: string): number | undefined {
  const place = textPlaces.get(clusterId);
  const row = place === undefined ? -1 : clusters.clusterId.indexOf(place);
  return row < 0 ? undefined : row;
}

/** Returns which owner a row has, given the rows of each. */
export function ownersOf(rows: readonly RowSlice[]): Uint32Array {
  const owners = new Uint32Array(rows.at(-1)?.end ?? 0);
  rows.forEach(({ start, end }, owner) => {
    owners.fill(owner, start, end);
  });
  return owners;
}
