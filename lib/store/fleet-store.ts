import { createFleet, type Fleet, type FleetBasis, vpcAt } from '../audit/fleet.ts';
import { at, clusterOf, instantOf, type RowSlice, slices, statusAt, textOf } from '../audit/fleet-columns.ts';
import type { FleetReader, FleetStore } from '../audit/fleet-ports.ts';
import type { FleetCluster, FleetShard, NumberColumn } from '../audit/fleet-shard.ts';
import { idAt } from '../audit/id-column.ts';
import { boundedMap } from '../domain/bounded-map.ts';
import type { ClusterState, SubnetState } from '../domain/capacity/region-state.ts';
import { decodeFleetShards } from './fleet-codec.ts';
import { type FleetPart, fleetPartText, readFleetParts } from './fleet-parts.ts';
import { type Blocks, openBlocks } from './fleet-rest-codec.ts';
import { beginFleetRevision } from './fleet-revision.ts';
import { FLEET_SCAN_DOCUMENT } from './fleet-scan-document.ts';
import {
  type FleetStateReader,
  openClusterStates,
  openSubnetStates,
  type RowInVpc,
  type SubnetRow,
} from './fleet-state-codec.ts';
import {
  basisParts,
  corePart,
  type FleetShardVersion,
  type FleetVersion,
  fleetWidePart,
  loadedParts,
  readFleetVersion,
  restPart,
} from './fleet-version.ts';
import type { StoreTable } from './table.ts';
import { openUrgentStates, type UrgentStates } from './urgent-states.ts';

/** A reader looks this often at most whether another fleet was published. */
const LOOK_EVERY_MS = 10_000;

/**
 * Reads the fleet that is kept as shards of columns. Cold it takes half an RRU for the version and one per 8 KB of its shards, its scan
 * and its most urgent subnets, with what these are differences to; warm, half an RRU every 10 seconds, and only what changed is read again.
 * What the fleet rests on is told, while none was read, from its version and its scan alone.
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
    readBasis: cache.readBasis,
    async subnetStates(fleet, rows) {
      const loaded = cache.loadedOf(fleet);
      const known = new Map(rows.map((row) => [row, loaded.urgent?.(idAt(fleet.subnets.subnetId, row))]));
      const others = rows.filter((row) => known.get(row) === undefined);
      const states = await cache.statesOfVpcs(
        fleet,
        others.map((row) => at(fleet.vpcOfSubnet, row)),
      );
      return rows.map((row) => {
        const vpcRow = at(fleet.vpcOfSubnet, row);
        return (
          known.get(row) ??
          states.subnets(vpcRow).at(row - at(fleet.subnetsOfVpc, vpcRow).start, () => rowOfSubnet(loaded, row))
        );
      });
    },
    async clusterStates(fleet, rows) {
      const states = await cache.statesOfVpcs(
        fleet,
        rows.map((row) => at(fleet.vpcOfCluster, row)),
      );
      return rows.map((row) => {
        const vpcRow = at(fleet.vpcOfCluster, row);
        return states.clusters(vpcRow).at(row - at(fleet.clustersOfVpc, vpcRow).start, () => rowOfCluster(fleet, row));
      });
    },
  };
}

/** Reads the row in its shard, so that a few rows need not have the columns of all shards made. */
function rowOfSubnet(loaded: LoadedFleet, row: number): RowInVpc<SubnetRow> {
  const { fleet } = loaded;
  const vpcRow = at(fleet.vpcOfSubnet, row);
  const { core, start } = placeOf(loaded, vpcRow);
  return inVpc(fleet, vpcRow, subnetRowAt(openedCore(core), row - at(fleet.subnetsOfVpc, start).start));
}

function numberOf(column: NumberColumn, row: number): number | undefined {
  const value = at(column, row);
  return Number.isNaN(value) ? undefined : value;
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

function inVpc<R>(fleet: Fleet, vpcRow: number, row: R): RowInVpc<R> {
  return { vpc: vpcAt(fleet, vpcRow), observedAt: instantOf(at(fleet.vpcs.observedMs, vpcRow)), row };
}

interface LoadedFleet {
  readonly fleet: Fleet;
  readonly version: FleetVersion;
  /** In the order of their rows; one that was never written is not there. */
  readonly shards: readonly { readonly shard: number; readonly core: Uint8Array }[];
  /** Rows of VPCs, in the same order. */
  readonly vpcsOfShard: readonly RowSlice[];
  /** Opened when it is asked for first. */
  readonly urgent: UrgentStates | undefined;
}

/** What was read of a version of the fleet. */
interface ReadVersion {
  readonly version: FleetVersion;
  /** By group and shard; some are of parts that it does not have any more. */
  readonly contents: ReadonlyMap<string, { readonly generation: string; readonly bytes: Uint8Array }>;
}

function placeText({ group, shard }: Pick<FleetPart, 'group' | 'shard'>): string {
  return `${group}/${shard}`;
}

function fleetCache(table: StoreTable) {
  const loadedByFleet = new WeakMap<Fleet, LoadedFleet>();
  const blocks = blockCache(table);
  const whole = newestParts(table, loadedParts, (read) => {
    const loaded = joined(read);
    loadedByFleet.set(loaded.fleet, loaded);
    return loaded;
  });
  const basis = newestParts(table, basisParts, basisOf);

  function loadedOf(fleet: Fleet): LoadedFleet {
    const of = loadedByFleet.get(fleet);
    if (of === undefined) {
      throw new Error('Cannot read states of a fleet that this store did not read');
    }
    return of;
  }

  return {
    read: whole.read,
    /** Who has a fleet knows what it rests on. */
    readBasis: async (): Promise<FleetBasis | undefined> =>
      whole.isKnown() ? (await whole.read())?.fleet : basis.read(),
    lookAgain(): void {
      whole.lookAgain();
      basis.lookAgain();
    },
    loadedOf,
    statesOfVpcs: (fleet: Fleet, vpcRows: readonly number[]): Promise<ReadStates> =>
      blocks.read(loadedOf(fleet), new Set(vpcRows)),
  };
}

/** Keeps what was made of some parts of the newest fleet, and looks now and then whether there is a newer one. */
function newestParts<T>(
  table: StoreTable,
  partsOf: (version: FleetVersion) => readonly FleetPart[],
  make: (read: ReadVersion) => T,
) {
  let known: { readonly read: ReadVersion; readonly made: T } | undefined;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const startedAtMs = table.clock.now();
    const newer = await readNewer(table, partsOf, known?.read);
    if (newer !== undefined) {
      known = { read: newer, made: make(newer) };
    }
    lookedAtMs = startedAtMs;
  }

  return {
    /** `undefined` before the first roll-up. */
    async read(): Promise<T | undefined> {
      const sinceMs = table.clock.now() - lookedAtMs;
      // A clock that was set back does not keep a reader from looking.
      if (sinceMs < 0 || sinceMs >= LOOK_EVERY_MS) {
        looking ??= look().finally(() => {
          looking = undefined;
        });
        await looking;
      }
      return known?.made;
    },
    isKnown: (): boolean => known !== undefined,
    lookAgain(): void {
      lookedAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}

/** Reads parts of the fleet where that is newer than what is known; `undefined` where it is not. */
async function readNewer(
  table: StoreTable,
  partsOf: (version: FleetVersion) => readonly FleetPart[],
  known: ReadVersion | undefined,
): Promise<ReadVersion | undefined> {
  const first = await readVersion(table, partsOf, known, { isConsistent: false });
  if (first.ok) {
    return first.newer;
  }
  // Parts expire an hour after they were replaced at the soonest, so an old version item is the likely reason.
  const second = await readVersion(table, partsOf, known, { isConsistent: true });
  if (second.ok) {
    return second.newer;
  }
  throw new Error(`Cannot read the fleet: ${second.problem}`);
}

type Reading =
  | { readonly ok: true; readonly newer: ReadVersion | undefined }
  | { readonly ok: false; readonly problem: string };

/** Parts that did not change are taken over. */
async function readVersion(
  table: StoreTable,
  partsOf: (version: FleetVersion) => readonly FleetPart[],
  known: ReadVersion | undefined,
  consistency: { readonly isConsistent: boolean },
): Promise<Reading> {
  const found = await readFleetVersion(table, consistency);
  if (found.kind === 'unreadable') {
    return { ok: false, problem: found.problem };
  }
  if (found.kind === 'none' || (known !== undefined && found.version.revision <= known.version.revision)) {
    return { ok: true, newer: undefined };
  }
  const { version } = found;
  const missing = partsOf(version).filter(
    (part) => known?.contents.get(placeText(part))?.generation !== part.generation,
  );
  const read = await readFleetParts(table, missing);
  const contents = new Map(known?.contents);
  for (const [index, part] of missing.entries()) {
    const bytes = read[index]?.bytes;
    if (bytes === undefined) {
      return { ok: false, problem: `${fleetPartText(part)} is missing or damaged` };
    }
    contents.set(placeText(part), { generation: part.generation, bytes });
  }
  return { ok: true, newer: { version, contents } };
}

function bytesOf({ contents }: ReadVersion, part: FleetPart | undefined): Uint8Array | undefined {
  return part === undefined ? undefined : contents.get(placeText(part))?.bytes;
}

function basisOf(read: ReadVersion): FleetBasis {
  const { version } = read;
  const scan = bytesOf(read, fleetWidePart('scan', version));
  return {
    version: version.generation,
    rolledUpAt: version.rolledUpAt,
    // A thousand accounts: made when they are asked for.
    get scan() {
      return scan === undefined ? undefined : decodedScan(scan);
    },
  };
}

function joined(read: ReadVersion): LoadedFleet {
  const { version } = read;
  const shards = version.shards.flatMap((of, shard) => {
    const core = of === undefined ? undefined : bytesOf(read, corePart(shard, of));
    return core === undefined ? [] : [{ shard, core }];
  });
  const { columns, vpcCounts } = decodeFleetShards(shards.map(({ core }) => core));
  const urgent = bytesOf(read, fleetWidePart('urgent', version));
  return {
    fleet: createFleet(columns, basisOf(read)),
    version,
    shards,
    vpcsOfShard: slices(vpcCounts),
    get urgent() {
      return urgent === undefined ? undefined : openedUrgent(urgent);
    },
  };
}

const openedCore = once((core) => decodeFleetShards([core]).columns);
const decodedScan = once(FLEET_SCAN_DOCUMENT.decode);
const openedUrgent = once(openUrgentStates);

/** Returns what decodes bytes when they are asked for first, and then knows them. */
function once<T>(decode: (bytes: Uint8Array) => T): (bytes: Uint8Array) => T {
  const known = new WeakMap<Uint8Array, { readonly value: T }>();
  return (bytes) => {
    const { value } = known.get(bytes) ?? { value: decode(bytes) };
    known.set(bytes, { value });
    return value;
  };
}

interface ShardBlocks {
  readonly generation: string;
  readonly blocks: Blocks;
}

/** What reads the states of VPCs, by the rows of these. */
interface ReadStates {
  subnets(vpcRow: number): FleetStateReader<SubnetState, SubnetRow>;
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
  const found = shards[index];
  const of = found === undefined ? undefined : version.shards[found.shard];
  if (found === undefined || of === undefined) {
    throw new RangeError(`Cannot find VPC ${vpcRow} of the fleet: no shard holds it`);
  }
  return { ...found, of, start: at(vpcsOfShard, index).start };
}
