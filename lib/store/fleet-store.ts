import {
  createFleet,
  type Fleet,
  type FleetBasis,
  type FleetOutline,
  type FleetPlaces,
  ownersOf,
  vpcAt,
} from '../audit/fleet.ts';
import { at, clusterOf, instantOf, type RowSlice, slices, statusAt, textOf } from '../audit/fleet-columns.ts';
import type { FleetReader, FleetStore } from '../audit/fleet-ports.ts';
import type { FleetCluster, FleetShard, NumberColumn, ShardOutline } from '../audit/fleet-shard.ts';
import { idAt } from '../audit/id-column.ts';
import { boundedMap } from '../domain/bounded-map.ts';
import type { ClusterState, SubnetState } from '../domain/capacity/region-state.ts';
import { type DecodedShards, decodeFleetShards, decodeShardOutlines } from './fleet-codec.ts';
import { type FleetPart, fleetPartText, readFleetParts } from './fleet-parts.ts';
import { allBlocks, type Blocks, openBlocks } from './fleet-rest-codec.ts';
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
  outlineParts,
  readFleetVersion,
  restPart,
  wholeParts,
  writtenShards,
} from './fleet-version.ts';
import type { StoreTable } from './table.ts';
import { openUrgentStates, type UrgentStates } from './urgent-states.ts';

/** A reader looks this often at most whether another fleet was published. */
const LOOK_EVERY_MS = 10_000;

/**
 * Reads the fleet that is kept as shards of columns. Cold it takes half an RRU for the version and one per 8 KB of its shards, its scan
 * and its most urgent subnets, with what these are differences to; warm, half an RRU every 10 seconds, and only what changed is read again.
 * While none was read, its outline takes a fifth of that, and what it rests on its version and its scan alone.
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
    readFleet: cache.readFleet,
    readOutline: cache.readOutline,
    readBasis: cache.readBasis,
    async subnetStates(fleet, rows) {
      const loaded = cache.loadedOf(fleet);
      const places = rows.map((row) => placeOfSubnet(loaded, row));
      const known = places.map(({ shard, row }) => loaded.urgent?.(shard, row));
      const states = await cache.statesOfVpcs(
        loaded,
        places.filter((_, index) => known[index] === undefined).map(({ vpcRow }) => vpcRow),
      );
      return places.map(
        ({ vpcRow, row, index }, place) =>
          known[place] ?? states.subnets(vpcRow).at(index, (core) => rowOfSubnet(fleet, vpcRow, core, row)),
      );
    },
    async clusterStates(fleet, rows) {
      const loaded = cache.loadedOf(fleet);
      const states = await cache.statesOfVpcs(
        loaded,
        rows.map((row) => at(fleet.vpcOfCluster, row)),
      );
      return rows.map((row) => {
        const vpcRow = at(fleet.vpcOfCluster, row);
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

function inVpc<R>(fleet: FleetOutline, vpcRow: number, row: R): RowInVpc<R> {
  return { vpc: vpcAt(fleet, vpcRow), observedAt: instantOf(at(fleet.vpcs.observedMs, vpcRow)), row };
}

/** A fleet or its outline, and where what was not loaded is found. */
interface LoadedFleet<F extends FleetOutline = FleetOutline> {
  readonly fleet: F;
  readonly shards: readonly LoadedShard[];
  /** By the row of a VPC, the place of its shard among these. */
  readonly shardOfVpc: Uint32Array;
  /** Opened when it is asked for first. */
  readonly urgent: UrgentStates | undefined;
}

/** A shard that was written. */
interface LoadedShard {
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
  const loadedByFleet = new WeakMap<FleetOutline, LoadedFleet>();
  const blocks = blockCache(table);
  const whole = newestParts(table, wholeParts, (read) => kept(wholeOf(read)));
  const outline = newestParts(table, outlineParts, (read) => kept(outlineOf(read)));
  const basis = newestParts(table, basisParts, basisOf);

  function kept<F extends FleetOutline>(loaded: LoadedFleet<F>): F {
    loadedByFleet.set(loaded.fleet, loaded);
    return loaded.fleet;
  }

  return {
    readFleet: whole.read,
    /** Who has a fleet has its outline, and knows what it rests on. */
    readOutline: (): Promise<FleetOutline | undefined> => (whole.isKnown() ? whole : outline).read(),
    readBasis: (): Promise<FleetBasis | undefined> => ([whole, outline].find((one) => one.isKnown()) ?? basis).read(),
    lookAgain(): void {
      for (const one of [whole, outline, basis]) {
        one.lookAgain();
      }
    },
    loadedOf(fleet: FleetOutline): LoadedFleet {
      const of = loadedByFleet.get(fleet);
      if (of === undefined) {
        throw new Error('Cannot read states of a fleet that this store did not read');
      }
      return of;
    },
    statesOfVpcs: (loaded: LoadedFleet, vpcRows: readonly number[]): Promise<ReadStates> =>
      blocks.read(loaded, new Set(vpcRows)),
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

function wholeOf(read: ReadVersion): LoadedFleet<Fleet> {
  const cores = writtenShards(read.version).map(({ shard, of }) => bytesOf(read, corePart(shard, of)));
  return loadedFleet(read, decodeFleetShards(cores.filter((core) => core !== undefined)), cores);
}

function outlineOf(read: ReadVersion): LoadedFleet {
  const bytes = bytesOf(read, fleetWidePart('outline', read.version));
  const blocks = bytes === undefined ? [] : allBlocks(bytes);
  const { length } = writtenShards(read.version);
  if (blocks.length !== length) {
    throw new Error(`Cannot read the outline of the fleet: it has ${blocks.length} shards instead of ${length}`);
  }
  return loadedFleet(read, decodeShardOutlines(blocks), []);
}

function loadedFleet<C extends ShardOutline>(
  read: ReadVersion,
  { columns, vpcCounts }: DecodedShards<C>,
  cores: readonly (Uint8Array | undefined)[],
): LoadedFleet<C & FleetPlaces & FleetBasis> {
  const vpcs = slices(vpcCounts);
  const urgent = bytesOf(read, fleetWidePart('urgent', read.version));
  return {
    fleet: createFleet(columns, basisOf(read)),
    shards: writtenShards(read.version).map((shard, place) => ({
      ...shard,
      core: cores[place],
      vpcs: at(vpcs, place),
    })),
    shardOfVpc: ownersOf(vpcs),
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
    async read(loaded: LoadedFleet, vpcRows: ReadonlySet<number>): Promise<ReadStates> {
      const shards = new Map(
        Array.from(vpcRows, (vpcRow) => {
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
