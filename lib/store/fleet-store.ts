import {
  createFleet,
  type Fleet,
  type FleetBasis,
  type FleetOutline,
  type FleetPlaces,
  ownersOf,
} from '../audit/fleet.ts';
import { at, slices } from '../audit/fleet-columns.ts';
import type { FleetReader, FleetStore } from '../audit/fleet-ports.ts';
import type { ShardOutline } from '../audit/fleet-shard.ts';
import { allBlocks } from './blocks.ts';
import { decodedOnce } from './decoded-once.ts';
import { type DecodedShards, decodeFleetShards, decodeShardOutlines } from './fleet-codec.ts';
import { beginFleetRevision } from './fleet-revision.ts';
import { FLEET_SCAN_DOCUMENT } from './fleet-scan-document.ts';
import { createFleetStates, type LoadedFleet } from './fleet-states.ts';
import { basisParts, corePart, fleetWidePart, outlineParts, wholeParts, writtenShards } from './fleet-version.ts';
import { bytesOf, newestParts, type ReadVersion } from './newest-parts.ts';
import type { StoreTable } from './table.ts';
import { openUrgentStates } from './urgent-states.ts';

/**
 * Reads the fleet that is kept as shards of columns. Cold it takes half an RRU for the version and one per 8 KB of its shards, its scan
 * and its most urgent subnets, with what these are differences to; warm, half an RRU every 10 seconds, and only what changed is read again.
 * While none was read, its outline takes a fifth of that, and what it rests on its version and its scan alone.
 */
export function createFleetReader(table: StoreTable): FleetReader {
  return fleetReader(table);
}

/** Keeps the fleet, and reads it. */
export function createFleetStore(table: StoreTable): FleetStore {
  const { lookAgain, ...reader } = fleetReader(table);
  return {
    ...reader,
    async beginRollUp() {
      const revision = await beginFleetRevision(table);
      return {
        ...revision,
        async publish(rolledUpAt) {
          const outcome = await revision.publish(rolledUpAt);
          lookAgain();
          return outcome;
        },
      };
    },
  };
}

function fleetReader(table: StoreTable) {
  const loadedByFleet = new WeakMap<FleetOutline, LoadedFleet>();
  const states = createFleetStates(table);
  const whole = newestParts(table, wholeParts, (read) => kept(wholeOf(read)));
  const outline = newestParts(table, outlineParts, (read) => kept(outlineOf(read)));
  const basis = newestParts(table, basisParts, basisOf);

  function kept<F extends FleetOutline>(loaded: LoadedFleet<F>): F {
    loadedByFleet.set(loaded.fleet, loaded);
    return loaded.fleet;
  }

  function loadedOf(fleet: FleetOutline): LoadedFleet {
    const of = loadedByFleet.get(fleet);
    if (of === undefined) {
      throw new Error('Cannot read states of a fleet that this store did not read');
    }
    return of;
  }

  return {
    readFleet: whole.read,
    // Who has a fleet has its outline, and knows what it rests on.
    readOutline: (): Promise<FleetOutline | undefined> => (whole.isKnown() ? whole : outline).read(),
    readBasis: (): Promise<FleetBasis | undefined> => ([whole, outline].find((one) => one.isKnown()) ?? basis).read(),
    subnetStates: async (fleet: FleetOutline, rows: readonly number[]) => states.ofSubnets(loadedOf(fleet), rows),
    clusterStates: async (fleet: Fleet, rows: readonly number[]) => states.ofClusters(loadedOf(fleet), fleet, rows),
    lookAgain(): void {
      for (const one of [whole, outline, basis]) {
        one.lookAgain();
      }
    },
  };
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

const decodedScan = decodedOnce(FLEET_SCAN_DOCUMENT.decode);
const openedUrgent = decodedOnce(openUrgentStates);
