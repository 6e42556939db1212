import { type Fleet, type FleetOutline, vpcAt } from '../audit/fleet.ts';
import { at, clusterOf, instantOf, numberOf, type RowSlice, statusAt, textOf } from '../audit/fleet-columns.ts';
import type { FleetCluster, FleetShard } from '../audit/fleet-shard.ts';
import { idAt } from '../audit/id-column.ts';
import { boundedMap } from '../domain/bounded-map.ts';
import type { ClusterState, SubnetState } from '../domain/capacity/region-state.ts';
import { type Blocks, openBlocks } from './blocks.ts';
import { decodedOnce } from './decoded-once.ts';
import { decodeFleetShards } from './fleet-codec.ts';
import { type FleetPart, fleetPartText, placeText, readFleetParts } from './fleet-parts.ts';
import {
  type FleetStateReader,
  openClusterStates,
  openSubnetStates,
  type RowInVpc,
  type SubnetRow,
} from './fleet-state-codec.ts';
import { corePart, type FleetShardVersion, restPart } from './fleet-version.ts';
import type { StoreTable } from './table.ts';
import type { UrgentStates } from './urgent-states.ts';

/** A fleet or its outline, and where what was not loaded is found. */
export interface LoadedFleet<F extends FleetOutline = FleetOutline> {
  readonly fleet: F;
  readonly shards: readonly LoadedShard[];
  /** By the row of a VPC, the place of its shard among these. */
  readonly shardOfVpc: Uint32Array;
  /** Opened when it is asked for first. */
  readonly urgent: UrgentStates | undefined;
}

/** A shard that was written. */
export interface LoadedShard {
  readonly shard: number;
  readonly of: FleetShardVersion;
  /** `undefined` where an outline was loaded and no more. */
  readonly core: Uint8Array | undefined;
  /** Rows of its VPCs. */
  readonly vpcs: RowSlice;
}

function shardOfVpc({ shards, shardOfVpc: places }: LoadedFleet, vpcRow: number): LoadedShard {
  return at(shards, at(places, vpcRow));
}

/** Reads the states behind rows of a fleet: of the most urgent subnets, which are there already, and else of shards. */
export function createFleetStates(table: StoreTable) {
  const blocks = blockCache(table);
  return {
    async ofSubnets(loaded: LoadedFleet, rows: readonly number[]): Promise<SubnetState[]> {
      const places = rows.map((row) => placeOfSubnet(loaded, row));
      const known = places.map(({ shard, row }) => loaded.urgent?.(shard, row));
      const states = await blocks.read(
        loaded,
        places.filter((_, index) => known[index] === undefined).map(({ vpcRow }) => vpcRow),
      );
      return places.map(
        ({ vpcRow, row, index }, place) =>
          known[place] ?? states.subnets(vpcRow).at(index, (core) => rowOfSubnet(loaded.fleet, vpcRow, core, row)),
      );
    },
    async ofClusters(loaded: LoadedFleet, fleet: Fleet, rows: readonly number[]): Promise<ClusterState[]> {
      const vpcRows = rows.map((row) => at(fleet.vpcOfCluster, row));
      const states = await blocks.read(loaded, vpcRows);
      return rows.map((row, index) => {
        const vpcRow = at(vpcRows, index);
        return states.clusters(vpcRow).at(row - at(fleet.clustersOfVpc, vpcRow).start, () => rowOfCluster(fleet, row));
      });
    },
  };
}

/** Where a subnet lies. */
interface SubnetPlace {
  readonly vpcRow: number;
  readonly shard: number;
  /** Among the subnets of its shard. */
  readonly row: number;
  /** Among those of its VPC. */
  readonly index: number;
}

function placeOfSubnet(loaded: LoadedFleet, row: number): SubnetPlace {
  const { vpcOfSubnet, subnetsOfVpc } = loaded.fleet;
  const vpcRow = at(vpcOfSubnet, row);
  const { shard, vpcs } = shardOfVpc(loaded, vpcRow);
  return {
    vpcRow,
    shard,
    row: row - at(subnetsOfVpc, vpcs.start).start,
    index: row - at(subnetsOfVpc, vpcRow).start,
  };
}

/** Reads the row in the core of its shard, so that a few rows need not have the columns of all shards made. */
function rowOfSubnet(fleet: FleetOutline, vpcRow: number, core: Uint8Array, row: number): RowInVpc<SubnetRow> {
  return inVpc(fleet, vpcRow, subnetRowAt(openedCore(core), row));
}

function subnetRowAt({ texts, subnets }: FleetShard, row: number): SubnetRow {
  const usableAddressCount = numberOf(subnets.usableAddressCount, row);
  return {
    subnetId: idAt(subnets.subnetId, row),
    availabilityZoneId: textOf(texts, subnets.availabilityZoneId, row),
    team: textOf(texts, subnets.team, row),
    status: statusAt(subnets.status, row),
    baseAddress: numberOf(subnets.baseAddress, row),
    availableIpAddressCount: at(subnets.availableIpAddressCount, row),
    prefixesAreInUse: at(subnets.prefixesAreInUse, row) === 1,
    counts:
      usableAddressCount === undefined
        ? undefined
        : {
            usableAddressCount,
            freeAddressCount: at(subnets.freeAddressCount, row),
            reservedAddressCount: at(subnets.reservedAddressCount, row),
            freePrefixCount: numberOf(subnets.freePrefixCount, row),
          },
  };
}

function rowOfCluster(fleet: Fleet, row: number): RowInVpc<FleetCluster> {
  return inVpc(fleet, at(fleet.vpcOfCluster, row), clusterOf(fleet, row));
}

function inVpc<R>(fleet: FleetOutline, vpcRow: number, row: R): RowInVpc<R> {
  return { vpc: vpcAt(fleet, vpcRow), observedAt: instantOf(at(fleet.vpcs.observedMs, vpcRow)), row };
}

const openedCore = decodedOnce((core) => decodeFleetShards([core]).columns);

interface ShardBlocks {
  readonly generation: string;
  readonly core: Uint8Array;
  readonly blocks: Blocks;
}

/** What reads the states of VPCs, by the rows of these. */
interface ReadStates {
  subnets(vpcRow: number): StatesOfVpc<SubnetState, SubnetRow>;
  clusters(vpcRow: number): StatesOfVpc<ClusterState, FleetCluster>;
}

/** What reads a state, given what makes the row that it was encoded with of the core of its shard. */
interface StatesOfVpc<S, R> {
  at(index: number, rowOf: (core: Uint8Array) => RowInVpc<R>): S;
}

/** Opened states take about 3 kB a subnet or cluster where all are shown: 120 MB at the most, of the 1.7 GB that the API has. */
const OPENED_ROWS_MAX = 40_000;

/**
 * Keeps the encoded states of shards that pages were made of, the generation of each that was read last, and of those that were
 * used last what was made of them.
 */
function blockCache(table: StoreTable) {
  const kept = new Map<number, ShardBlocks>();
  const subnets = keptOpen(openSubnetStates);
  const clusters = keptOpen(openClusterStates);

  /** Reads the states of shards, and the cores of those that were not loaded with them. */
  async function load(wanted: Iterable<LoadedShard>): Promise<ReadonlyMap<number, ShardBlocks>> {
    const shards = [...wanted];
    const parts = shards.flatMap(({ shard, of, core }) =>
      core === undefined ? [restPart(shard, of), corePart(shard, of)] : [restPart(shard, of)],
    );
    const read = await readFleetParts(table, parts);
    const bytesOfPart = new Map(parts.map((part, index) => [placeText(part), { part, bytes: read[index]?.bytes }]));
    const bytesOf = (shard: number, group: FleetPart['group']) => {
      const found = bytesOfPart.get(placeText({ shard, group }));
      if (found?.bytes === undefined) {
        throw new Error(`Cannot read states of the fleet: ${found && fleetPartText(found.part)} is missing or damaged`);
      }
      return found.bytes;
    };
    return new Map(
      shards.map(({ shard, of: { generation }, core }) => [
        shard,
        { generation, core: core ?? bytesOf(shard, 'core'), blocks: openBlocks(bytesOf(shard, 'rest')) },
      ]),
    );
  }

  return {
    async read(loaded: LoadedFleet, vpcRows: readonly number[]): Promise<ReadStates> {
      const shards = new Map(
        vpcRows.map((vpcRow) => {
          const shard = shardOfVpc(loaded, vpcRow);
          return [shard.shard, shard] as const;
        }),
      );
      const known = new Map<number, ShardBlocks>();
      for (const [shard, { of }] of shards) {
        const blocks = kept.get(shard);
        if (blocks?.generation === of.generation) {
          known.set(shard, blocks);
          shards.delete(shard);
        }
      }
      for (const [shard, blocks] of await load(shards.values())) {
        known.set(shard, blocks);
        kept.set(shard, blocks);
      }
      const blockOf = (vpcRow: number) => {
        const { shard, vpcs } = shardOfVpc(loaded, vpcRow);
        const of = known.get(shard);
        if (of === undefined) {
          throw new Error(`Cannot read states of VPC ${vpcRow} of the fleet: they were not loaded`);
        }
        const index = vpcRow - vpcs.start;
        return { ...of, name: `${shard}/${of.generation}/${index}`, index };
      };
      return {
        subnets(vpcRow) {
          const { name, core, blocks, index } = blockOf(vpcRow);
          const states = subnets(name, () => blocks.at(index));
          return { at: (place, rowOf) => states.at(place, () => rowOf(core)) };
        },
        clusters(vpcRow) {
          const { name, core, blocks, index } = blockOf(vpcRow);
          // Those of clusters follow those of subnets.
          const states = clusters(name, () => blocks.at(blocks.count / 2 + index));
          return { at: (place, rowOf) => states.at(place, () => rowOf(core)) };
        },
      };
    },
  };
}

/** Returns what opens states by their name, and keeps those that were used last. */
function keptOpen<S, R>(open: (bytes: Uint8Array) => FleetStateReader<S, R>) {
  const opened = boundedMap<FleetStateReader<S, R>>(OPENED_ROWS_MAX, ({ count }) => count);
  return (name: string, bytes: () => Uint8Array): FleetStateReader<S, R> => {
    const known = opened.get(name);
    if (known !== undefined) {
      return known;
    }
    const reader = open(bytes());
    opened.set(name, reader);
    return reader;
  };
}
