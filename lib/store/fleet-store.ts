import { createFleet, type Fleet, vpcAt } from '../audit/fleet.ts';
import { at, clusterOf, type RowSlice, sliceAt, slices, subnetOf } from '../audit/fleet-columns.ts';
import type { FleetReader, FleetStore } from '../audit/fleet-ports.ts';
import type { FleetCluster, FleetSubnet } from '../audit/fleet-shard.ts';
import type { RunTally } from '../audit/tally-run.ts';
import { boundedMap } from '../domain/bounded-map.ts';
import type { ClusterState, SubnetState } from '../domain/capacity/region-state.ts';
import { decodeFleetShards } from './fleet-codec.ts';
import { fleetPartText, readFleetParts } from './fleet-parts.ts';
import { type Blocks, openBlocks } from './fleet-rest-codec.ts';
import { beginFleetRevision } from './fleet-revision.ts';
import { FLEET_SCAN_DOCUMENT } from './fleet-scan-document.ts';
import { type FleetStateReader, openClusterStates, openSubnetStates } from './fleet-state-codec.ts';
import {
  corePart,
  type FleetShardVersion,
  type FleetVersion,
  readFleetVersion,
  restPart,
  scanPart,
} from './fleet-version.ts';
import type { StoreTable } from './table.ts';

/** A reader looks this often at most whether another fleet was published. */
const LOOK_EVERY_MS = 10_000;

/**
 * Reads the fleet that is kept as shards of columns. Cold it takes half an RRU for the version and one per 8 KB of its shards and its
 * scan, with what these are differences to; warm, half an RRU every 10 seconds, and only what changed is read again.
 */
export function createFleetReader(table: StoreTable): FleetReader {
  return readerOf(fleetCache(table));
}

/** Keeps the fleet, and reads it. */
export function createFleetStore(table: StoreTable): FleetStore {
  const cache = fleetCache(table);
  return {
    ...readerOf(cache),
    async beginRollUp() {
      const revision = await beginFleetRevision(table);
      return {
        ...revision,
        async publish(rolledUpAt) {
          const outcome = await revision.publish(rolledUpAt);
          cache.lookAgain();
          return outcome;
        },
      };
    },
  };
}

function readerOf(cache: ReturnType<typeof fleetCache>): FleetReader {
  return {
    readFleet: async () => (await cache.read())?.fleet,
    subnetStates: (fleet, rows) =>
      cache.states(fleet, rows, fleet.vpcOfSubnet, (states, row, vpcRow) =>
        states.subnets(vpcRow).at(row - at(fleet.subnetsOfVpc, vpcRow).start, () => ({
          vpc: vpcAt(fleet, vpcRow),
          row: subnetOf(fleet, row, sliceAt(fleet.clusterStartsOfSubnet, row)),
        })),
      ),
    clusterStates: (fleet, rows) =>
      cache.states(fleet, rows, fleet.vpcOfCluster, (states, row, vpcRow) =>
        states.clusters(vpcRow).at(row - at(fleet.clustersOfVpc, vpcRow).start, () => ({
          vpc: vpcAt(fleet, vpcRow),
          row: clusterOf(fleet, row),
        })),
      ),
  };
}

interface LoadedFleet {
  readonly fleet: Fleet;
  readonly version: FleetVersion;
  /** As they were read, by shard, in the order of their rows; one that was never written is not there. */
  readonly shards: ReadonlyMap<number, Uint8Array>;
  /** Rows of VPCs, in the same order. */
  readonly vpcsOfShard: readonly RowSlice[];
  /** Decodes it the first time, and then knows it. */
  readonly readScan: () => RunTally | undefined;
}

function fleetCache(table: StoreTable) {
  let loaded: LoadedFleet | undefined;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  const loadedByFleet = new WeakMap<Fleet, LoadedFleet>();
  const blocks = blockCache(table);

  async function look(): Promise<void> {
    const startedAtMs = table.clock.now();
    const next = await loadFleet(table, loaded);
    if (next !== undefined) {
      loaded = next;
      loadedByFleet.set(next.fleet, next);
    }
    lookedAtMs = startedAtMs;
  }

  return {
    async read(): Promise<LoadedFleet | undefined> {
      const sinceMs = table.clock.now() - lookedAtMs;
      // A clock that was set back does not keep a reader from looking.
      if (sinceMs < 0 || sinceMs >= LOOK_EVERY_MS) {
        looking ??= look().finally(() => {
          looking = undefined;
        });
        await looking;
      }
      return loaded;
    },
    lookAgain(): void {
      lookedAtMs = Number.NEGATIVE_INFINITY;
    },
    async states<T>(
      fleet: Fleet,
      rows: readonly number[],
      vpcOfRow: Uint32Array,
      pick: (states: ReadStates, row: number, vpcRow: number) => T,
    ): Promise<T[]> {
      const of = loadedByFleet.get(fleet);
      if (of === undefined) {
        throw new Error('Cannot read states of a fleet that this store did not read');
      }
      const states = await blocks.read(of, new Set(rows.map((row) => at(vpcOfRow, row))));
      return rows.map((row) => pick(states, row, at(vpcOfRow, row)));
    },
  };
}

/** Loads the fleet where it is newer than what is loaded; else returns that. Shards that did not change are taken over. */
async function loadFleet(table: StoreTable, loaded: LoadedFleet | undefined): Promise<LoadedFleet | undefined> {
  const first = await loadVersion(table, loaded, { isConsistent: false });
  if (first.ok) {
    return first.loaded;
  }
  // Shards expire an hour after they were replaced at the soonest, so an old version item is the likely reason.
  const second = await loadVersion(table, loaded, { isConsistent: true });
  if (second.ok) {
    return second.loaded;
  }
  throw new Error(`Cannot read the fleet: ${second.problem}`);
}

type Loading =
  | { readonly ok: true; readonly loaded: LoadedFleet | undefined }
  | { readonly ok: false; readonly problem: string };

async function loadVersion(
  table: StoreTable,
  loaded: LoadedFleet | undefined,
  consistency: { readonly isConsistent: boolean },
): Promise<Loading> {
  const found = await readFleetVersion(table, consistency);
  if (found.kind === 'unreadable') {
    return { ok: false, problem: found.problem };
  }
  if (found.kind === 'none' || (loaded !== undefined && found.version.revision <= loaded.version.revision)) {
    return { ok: true, loaded };
  }
  const { version } = found;
  const changed = version.shards.flatMap((of, shard) =>
    of === undefined || of.generation === loaded?.version.shards[shard]?.generation ? [] : [corePart(shard, of)],
  );
  const isSameScan = version.scan?.generation === loaded?.version.scan?.generation;
  const parts = isSameScan || version.scan === undefined ? changed : [...changed, scanPart(version.scan)];
  const contents = await readFleetParts(table, parts);
  const read = new Map<number, Uint8Array>();
  let readScan: LoadedFleet['readScan'] = (isSameScan ? loaded?.readScan : undefined) ?? (() => undefined);
  for (const [index, part] of parts.entries()) {
    const own = contents[index]?.bytes;
    if (own === undefined) {
      return { ok: false, problem: `${fleetPartText(part)} is missing or damaged` };
    }
    if (part.group === 'scan') {
      readScan = decodedOnce(own);
    } else {
      read.set(part.shard, own);
    }
  }
  const shards = version.shards.flatMap((_, shard) => {
    const bytes = read.get(shard) ?? loaded?.shards.get(shard);
    return bytes === undefined ? [] : [[shard, bytes] as const];
  });
  return { ok: true, loaded: joined(version, new Map(shards), readScan) };
}

function decodedOnce(scan: Uint8Array): () => RunTally {
  let decoded: RunTally | undefined;
  return () => {
    decoded ??= FLEET_SCAN_DOCUMENT.decode(scan);
    return decoded;
  };
}

function joined(
  version: FleetVersion,
  shards: ReadonlyMap<number, Uint8Array>,
  readScan: LoadedFleet['readScan'],
): LoadedFleet {
  const { columns, vpcCounts } = decodeFleetShards([...shards.values()]);
  const fleet = createFleet(columns, {
    version: version.generation,
    rolledUpAt: version.rolledUpAt,
    get scan() {
      return readScan();
    },
  });
  return { fleet, version, shards, vpcsOfShard: slices(vpcCounts), readScan };
}

interface ShardBlocks {
  readonly generation: string;
  readonly blocks: Blocks;
}

/** What reads the states of VPCs, by the rows of these. */
interface ReadStates {
  subnets(vpcRow: number): FleetStateReader<SubnetState, FleetSubnet>;
  clusters(vpcRow: number): FleetStateReader<ClusterState, FleetCluster>;
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

  async function load(wanted: ReadonlyMap<number, FleetShardVersion>): Promise<ReadonlyMap<number, ShardBlocks>> {
    const parts = [...wanted].map(([shard, of]) => restPart(shard, of));
    const read = await readFleetParts(table, parts);
    return new Map(
      parts.map((part, index) => {
        const own = read[index]?.bytes;
        if (own === undefined) {
          throw new Error(`Cannot read states of the fleet: ${fleetPartText(part)} is missing or damaged`);
        }
        return [part.shard, { generation: part.generation, blocks: openBlocks(own) }] as const;
      }),
    );
  }

  return {
    async read(loaded: LoadedFleet, vpcRows: ReadonlySet<number>): Promise<ReadStates> {
      const places = new Map(Array.from(vpcRows, (vpcRow) => [vpcRow, placeOf(loaded, vpcRow)]));
      const known = new Map<number, ShardBlocks>();
      const missing = new Map<number, FleetShardVersion>();
      for (const { shard, of } of places.values()) {
        const blocks = kept.get(shard);
        if (blocks?.generation === of.generation) {
          known.set(shard, blocks);
        } else {
          missing.set(shard, of);
        }
      }
      for (const [shard, blocks] of await load(missing)) {
        known.set(shard, blocks);
        kept.set(shard, blocks);
      }
      const blockOf = (vpcRow: number) => {
        const place = places.get(vpcRow);
        const of = place === undefined ? undefined : known.get(place.shard);
        if (place === undefined || of === undefined) {
          throw new Error(`Cannot read states of VPC ${vpcRow} of the fleet: they were not loaded`);
        }
        return { ...of, name: `${place.shard}/${of.generation}/${vpcRow - place.start}`, index: vpcRow - place.start };
      };
      return {
        subnets(vpcRow) {
          const { name, blocks, index } = blockOf(vpcRow);
          return subnets(name, () => blocks.at(index));
        },
        clusters(vpcRow) {
          const { name, blocks, index } = blockOf(vpcRow);
          // Those of clusters follow those of subnets.
          return clusters(name, () => blocks.at(blocks.count / 2 + index));
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

function placeOf({ version, shards, vpcsOfShard }: LoadedFleet, vpcRow: number) {
  const index = vpcsOfShard.findIndex(({ start, end }) => start <= vpcRow && vpcRow < end);
  const shard = [...shards.keys()][index];
  const of = shard === undefined ? undefined : version.shards[shard];
  if (shard === undefined || of === undefined) {
    throw new RangeError(`Cannot find VPC ${vpcRow} of the fleet: no shard holds it`);
  }
  return { shard, of, start: at(vpcsOfShard, index).start };
}
