import { fleetColumns, vpcsOfColumns } from '../audit/fleet-columns.ts';
import type { FleetRevision, ShardChange } from '../audit/fleet-ports.ts';
import { FLEET_SHARD_COUNT, type FleetShard, type FleetVpc } from '../audit/fleet-shard.ts';
import { idAt } from '../audit/id-column.ts';
import type { RunTally } from '../audit/tally-run.ts';
import { vpcText } from '../domain/capacity/vpc-text.ts';
import { joinBlocks, openBlocks } from './blocks.ts';
import { encodeDocument } from './columns-document.ts';
import { decodeFleetShards, encodedOutline, encodeFleetShard } from './fleet-codec.ts';
import { type FleetBase, type ReadPart, readFleetParts, writeFleetPart } from './fleet-parts.ts';
import { FLEET_SCAN_DOCUMENT } from './fleet-scan-document.ts';
import { type EncodedStates, encodeFleetState, openSubnetStates } from './fleet-state-codec.ts';
import {
  corePart,
  FLEET_WIDE_SHARD,
  type FleetPartVersion,
  type FleetShardVersion,
  type FleetWideGroup,
  type FoundVersion,
  fleetWidePart,
  readFleetVersion,
  restPart,
  writeFleetVersion,
} from './fleet-version.ts';
import { nowSeconds, type StoreTable } from './table.ts';
import { decodeUrgentSubnets, encodeUrgentSubnets, type UrgentSubnet, urgentSubnets } from './urgent-states.ts';

const SECONDS_PER_DAY = 86_400;
/**
 * A part is never touched again: putting its end off, or bringing it on when it is replaced, costs as much as writing it. So it
 * ends by itself, much later than an hour after it is replaced, and one that nothing changes is written again well before.
 * What replaced shards take up meanwhile is the cheaper of the two.
 */
const PART_SECONDS = 7 * SECONDS_PER_DAY;
const AGING_AFTER_SECONDS = SECONDS_PER_DAY;

/** Reads what the newest fleet is made of, consistently, to replace it. What cannot be read is taken for empty. */
export async function beginFleetRevision(table: StoreTable): Promise<FleetRevision> {
  const found = await readFleetVersion(table, { isConsistent: true });
  const generation = table.newGeneration();
  const [base, baseScan, baseOutline, baseUrgent] = await Promise.all([
    readShards(table, found),
    readScan(table, found),
    readWide(table, found, 'outline'),
    readWide(table, found, 'urgent'),
  ]);
  const written = new Map<number, WrittenShard>();
  let scan = baseScan?.version;
  return {
    shards: base.map((shard) => ({
      vpcs: shard === undefined ? [] : judgedOf(shard.columns),
      isAging: shard !== undefined && isAging(table, shard.version),
    })),
    scan: baseScan?.run,
    async keepScan(run) {
      scan = run === undefined ? undefined : await keptScan(table, generation, baseScan, run);
    },
    async writeShard(shard, change) {
      const next = await changedShard(table, shard, base[shard], change);
      if (next === undefined) {
        return 'unreadable';
      }
      const bases = { core: base[shard]?.coreBase, rest: next.restBase };
      written.set(shard, await writeRows(table, { shard, generation, bases }, next.vpcs));
      return 'written';
    },
    async publish(rolledUpAt) {
      const cores = base.map((shard, index) => written.get(index)?.core ?? shard?.core);
      const outline = await keptOutline(table, generation, baseOutline, cores);
      const urgent =
        written.size === 0 ? baseUrgent?.version : await writeUrgent(table, generation, baseUrgent, written);
      return writeFleetVersion(
        table,
        {
          generation,
          revision: revisionOf(found) + 1,
          rolledUpAt,
          shards: base.map((shard, index) => written.get(index)?.version ?? shard?.version),
          scan,
          outline,
          urgent,
        },
        generationOf(found),
      );
    },
  };
}

function isAging(table: StoreTable, { writtenAtSeconds }: FleetShardVersion | FleetPartVersion): boolean {
  return nowSeconds(table) - writtenAtSeconds > AGING_AFTER_SECONDS;
}

function revisionOf(found: FoundVersion): number {
  switch (found.kind) {
    case 'none':
      return 0;
    case 'unreadable':
      return found.revision;
    case 'readable':
      return found.version.revision;
  }
}

function generationOf(found: FoundVersion): string | undefined {
  switch (found.kind) {
    case 'none':
      return undefined;
    case 'unreadable':
      return found.generation;
    case 'readable':
      return found.version.generation;
  }
}

interface BaseShard {
  readonly version: FleetShardVersion;
  readonly core: Uint8Array;
  readonly columns: FleetShard;
  /** What its core may be kept as a difference to. */
  readonly coreBase: FleetBase;
}

async function readShards(table: StoreTable, found: FoundVersion): Promise<(BaseShard | undefined)[]> {
  const versions = found.kind === 'readable' ? found.version.shards : [];
  const parts = versions.flatMap((version, shard) => (version === undefined ? [] : [corePart(shard, version)]));
  const read = await readFleetParts(table, parts);
  const cores = new Map(parts.map(({ shard }, index) => [shard, read[index]]));
  return Array.from({ length: FLEET_SHARD_COUNT }, (_, shard) => {
    const version = versions[shard];
    const core = cores.get(shard);
    return version === undefined || core === undefined
      ? undefined
      : { version, core: core.bytes, columns: decodeFleetShards([core.bytes]).columns, coreBase: core.base };
  });
}

interface BasePart {
  readonly version: FleetPartVersion;
  readonly bytes: Uint8Array;
  /** What it may be kept as a difference to. */
  readonly base: FleetBase;
}

async function readWide(table: StoreTable, found: FoundVersion, group: FleetWideGroup): Promise<BasePart | undefined> {
  const whole = found.kind === 'readable' ? found.version : undefined;
  const version = whole?.[group];
  const part = whole === undefined ? undefined : fleetWidePart(group, whole);
  const [read] = part === undefined ? [] : await readFleetParts(table, [part]);
  return version === undefined || read === undefined ? undefined : { version, ...read };
}

interface BaseScan extends BasePart {
  readonly run: RunTally;
}

async function readScan(table: StoreTable, found: FoundVersion): Promise<BaseScan | undefined> {
  const part = await readWide(table, found, 'scan');
  return part === undefined ? undefined : { ...part, run: FLEET_SCAN_DOCUMENT.decode(part.bytes) };
}

/** Returns where a scan is kept; writes it unless that is so already. */
async function keptScan(
  table: StoreTable,
  generation: string,
  base: BaseScan | undefined,
  run: RunTally,
): Promise<FleetPartVersion> {
  const bytes = run === base?.run ? base.bytes : encodeDocument(FLEET_SCAN_DOCUMENT, run);
  // Another scan has little in common with it.
  return base !== undefined && isKept(table, base, bytes)
    ? base.version
    : writeWide(table, { group: 'scan', generation, base: undefined }, bytes);
}

/** Returns where the outlines of shards are kept, given their cores; writes them unless they are so already. */
async function keptOutline(
  table: StoreTable,
  generation: string,
  base: BasePart | undefined,
  cores: readonly (Uint8Array | undefined)[],
): Promise<FleetPartVersion | undefined> {
  const outlines = cores.flatMap((core) => (core === undefined ? [] : [encodedOutline(core)]));
  if (outlines.length === 0) {
    return undefined;
  }
  const bytes = joinBlocks(outlines);
  return base !== undefined && isKept(table, base, bytes)
    ? base.version
    : writeWide(table, { group: 'outline', generation, base: base?.base }, bytes);
}

/** Returns whether a part holds these bytes, and will for days. */
function isKept(table: StoreTable, base: BasePart, bytes: Uint8Array): boolean {
  return !isAging(table, base.version) && Buffer.compare(bytes, base.bytes) === 0;
}

/** Writes the most urgent subnets: those of shards that were written, and the others as they were. */
async function writeUrgent(
  table: StoreTable,
  generation: string,
  base: BasePart | undefined,
  written: ReadonlyMap<number, WrittenShard>,
): Promise<FleetPartVersion> {
  const known = base === undefined ? new Map<number, readonly UrgentSubnet[]>() : decodeUrgentSubnets(base.bytes);
  const byShard = new Map(
    Array.from({ length: FLEET_SHARD_COUNT }, (_, shard) => [
      shard,
      // A page finds the states of a shard that could not be read among all of its states.
      written.get(shard)?.urgent ?? known.get(shard) ?? [],
    ]),
  );
  return writeWide(table, { group: 'urgent', generation, base: base?.base }, encodeUrgentSubnets(byShard));
}

async function writeWide(
  table: StoreTable,
  { group, generation, base }: { group: FleetWideGroup; generation: string; base: FleetBase | undefined },
  bytes: Uint8Array,
): Promise<FleetPartVersion> {
  const writtenAtSeconds = nowSeconds(table);
  const expiresAt = writtenAtSeconds + PART_SECONDS;
  const place = { shard: FLEET_WIDE_SHARD, group, generation };
  const { chunkCount } = await writeFleetPart(table, place, bytes, { expiresAt, base });
  return { generation, chunkCount, writtenAtSeconds };
}

function judgedOf({ texts, vpcs }: FleetShard): Pick<FleetVpc, 'vpc' | 'stateVersion'>[] {
  const textAt = (place: number | undefined) => texts[place ?? 0] ?? '';
  return Array.from({ length: vpcs.vpcId.length }, (_, row) => ({
    vpc: { ownerId: textAt(vpcs.ownerId[row]), region: textAt(vpcs.region[row]), vpcId: idAt(vpcs.vpcId, row) },
    stateVersion: idAt(vpcs.stateVersion, row),
  }));
}

/** A row of the fleet with its encoded states. */
interface EncodedVpc {
  readonly row: FleetVpc;
  readonly states: EncodedStates;
}

interface ChangedShard {
  readonly vpcs: readonly EncodedVpc[];
  /** What its rest may be kept as a difference to. */
  readonly restBase: FleetBase | undefined;
}

/** Returns what the shard holds after a change, or `undefined` where what it held is needed and cannot be read. */
async function changedShard(
  table: StoreTable,
  shard: number,
  base: BaseShard | undefined,
  { put, remove, isWhole }: ShardChange,
): Promise<ChangedShard | undefined> {
  const old = isWhole || base === undefined ? NO_ROWS : await readRows(table, shard, base);
  if (old === undefined) {
    return undefined;
  }
  const next = new Map(old.vpcs.map((vpc) => [vpcText(vpc.row.vpc), vpc]));
  for (const vpc of remove) {
    next.delete(vpcText(vpc));
  }
  // Rows as a reader decodes them: what is left out of the states is what those say.
  const rows = vpcsOfColumns(decodeFleetShards([encodeFleetShard(fleetColumns(put.map(({ row }) => row)))]).columns);
  put.forEach(({ row, state }, index) => {
    const kept = rows[index] ?? row;
    next.set(vpcText(row.vpc), { row: kept, states: encodeFleetState(state, kept) });
  });
  // VPCs of an account lie together, since they are alike.
  const vpcs = [...next].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, vpc]) => vpc);
  return { vpcs, restBase: old.restBase };
}

const NO_ROWS: ChangedShard = { vpcs: [], restBase: undefined };

async function readRows(table: StoreTable, shard: number, base: BaseShard): Promise<ChangedShard | undefined> {
  const [rest]: (ReadPart | undefined)[] = await readFleetParts(table, [restPart(shard, base.version)]);
  if (rest === undefined) {
    return undefined;
  }
  const blocks = openBlocks(rest.bytes);
  const rows = vpcsOfColumns(base.columns);
  if (blocks.count !== 2 * rows.length) {
    return undefined;
  }
  const vpcs = rows.map((row, index) => ({
    row,
    states: { subnets: blocks.at(index), clusters: blocks.at(rows.length + index) },
  }));
  return { vpcs, restBase: rest.base };
}

interface ShardPlace {
  readonly shard: number;
  readonly generation: string;
  readonly bases: { readonly core: FleetBase | undefined; readonly rest: FleetBase | undefined };
}

interface WrittenShard {
  readonly version: FleetShardVersion;
  readonly core: Uint8Array;
  readonly urgent: readonly UrgentSubnet[];
}

async function writeRows(
  table: StoreTable,
  { shard, generation, bases }: ShardPlace,
  vpcs: readonly EncodedVpc[],
): Promise<WrittenShard> {
  const writtenAtSeconds = nowSeconds(table);
  const expiresAt = writtenAtSeconds + PART_SECONDS;
  const core = encodeFleetShard(fleetColumns(vpcs.map(({ row }) => row)));
  // What is alike lies together, so that it compresses well.
  const rest = joinBlocks([...vpcs.map(({ states }) => states.subnets), ...vpcs.map(({ states }) => states.clusters)]);
  const [corePartWritten, restPartWritten] = await Promise.all([
    writeFleetPart(table, { shard, group: 'core', generation }, core, { expiresAt, base: bases.core }),
    writeFleetPart(table, { shard, group: 'rest', generation }, rest, { expiresAt, base: bases.rest }),
  ]);
  return {
    version: {
      generation,
      coreChunkCount: corePartWritten.chunkCount,
      restChunkCount: restPartWritten.chunkCount,
      writtenAtSeconds,
    },
    core,
    urgent: urgentSubnets(
      vpcs.map(({ row, states }) => ({ ...row, readStates: () => openSubnetStates(states.subnets) })),
      ({ vpc, observedAt, subnets, readStates }, index) =>
        readStates().at(index, () => ({ vpc, observedAt, row: subnets[index] })),
    ),
  };
}
