import { ConditionalCheckFailedException, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Instant } from '../domain/fact.ts';
import { columnsDocument, encodeDocument } from './columns-document.ts';
import { assembled, compressMore, type FleetPart, sha256 } from './fleet-parts.ts';
import { FLEET_SCAN_DOCUMENT } from './fleet-scan-document.ts';
import { keyItem } from './items.ts';
import { fleetVersionKey, keyText } from './keys.ts';
import { list, numeric, optional, record, text } from './shape.ts';
import { STATE_DOCUMENT } from './state-codec.ts';
import type { Item, StoreTable } from './table.ts';

/** What the fleet consists of: the one item that makes shards visible. */
export interface FleetVersion {
  /** Names this version; no other has it. */
  readonly generation: string;
  /** Counts versions, so that a reader never goes back. */
  readonly revision: number;
  readonly rolledUpAt: Instant;
  /** By shard; `undefined` for one that was never written. */
  readonly shards: readonly (FleetShardVersion | undefined)[];
  /** `undefined` where no scan was planned yet. */
  readonly scan: FleetPartVersion | undefined;
  /** The outlines of all shards that were ever written, in their order; `undefined` where none was. */
  readonly outline: FleetPartVersion | undefined;
  /** The most urgent subnets of each shard; `undefined` where no shard was ever written. */
  readonly urgent: FleetPartVersion | undefined;
}

/** A part of which a fleet has one. */
export interface FleetPartVersion {
  readonly generation: string;
  readonly chunkCount: number;
  readonly writtenAtSeconds: number;
}

export interface FleetShardVersion {
  readonly generation: string;
  readonly coreChunkCount: number;
  readonly restChunkCount: number;
  readonly writtenAtSeconds: number;
}

/** The two parts of a shard: what lists need, and the states behind it. */
export function corePart(shard: number, { generation, coreChunkCount }: FleetShardVersion): FleetPart {
  return { shard, group: 'core', generation, chunkCount: coreChunkCount };
}

export function restPart(shard: number, { generation, restChunkCount }: FleetShardVersion): FleetPart {
  return { shard, group: 'rest', generation, chunkCount: restChunkCount };
}

/** The parts that a fleet has one of; they lie with the first shard. */
export type FleetWideGroup = 'scan' | 'outline' | 'urgent';
export const FLEET_WIDE_SHARD = 0;

/** Returns a part that a fleet has one of; `undefined` where it has none yet. */
export function fleetWidePart(group: FleetWideGroup, version: FleetVersion): FleetPart | undefined {
  const of = version[group];
  return of === undefined
    ? undefined
    : { shard: FLEET_WIDE_SHARD, group, generation: of.generation, chunkCount: of.chunkCount };
}

/** Returns what a reader loads to tell what a fleet rests on. */
export function basisParts(version: FleetVersion): FleetPart[] {
  return fleetWideParts(version, ['scan']);
}

/** Returns what a reader loads for totals and the first pages of lists. */
export function outlineParts(version: FleetVersion): FleetPart[] {
  return fleetWideParts(version, ['scan', 'outline', 'urgent']);
}

/** Returns what a reader loads for everything else. */
export function wholeParts(version: FleetVersion): FleetPart[] {
  const cores = writtenShards(version).map(({ shard, of }) => corePart(shard, of));
  return [...cores, ...fleetWideParts(version, ['scan', 'urgent'])];
}

function fleetWideParts(version: FleetVersion, groups: readonly FleetWideGroup[]): FleetPart[] {
  return groups.map((group) => fleetWidePart(group, version)).filter((part) => part !== undefined);
}

/** Returns the shards that were ever written, in their order. */
export function writtenShards({ shards }: FleetVersion): { readonly shard: number; readonly of: FleetShardVersion }[] {
  return shards.flatMap((of, shard) => (of === undefined ? [] : [{ shard, of }]));
}

/**
 * What is kept of the fleet, and how. Shards hold states, so a new version of those is one of the fleet as well, and one of its scan
 * is. A fleet is made of states and of a ledger: where a roll-up finds one of another version, it makes it again.
 */
const FLEET_SCHEMA_VERSION = 10;
const SCHEMA_VERSION = `${FLEET_SCHEMA_VERSION}.${STATE_DOCUMENT.schemaVersion}.${FLEET_SCAN_DOCUMENT.schemaVersion}`;

const partVersionShape = record<FleetPartVersion>({
  generation: text,
  chunkCount: numeric,
  writtenAtSeconds: numeric,
});

const CONTENT_DOCUMENT = columnsDocument(
  'fleet version',
  FLEET_SCHEMA_VERSION,
  record<Pick<FleetVersion, 'shards' | 'scan' | 'outline' | 'urgent'>>({
    shards: list(
      optional(
        record<FleetShardVersion>({
          generation: text,
          coreChunkCount: numeric,
          restChunkCount: numeric,
          writtenAtSeconds: numeric,
        }),
      ),
    ),
    scan: optional(partVersionShape),
    outline: optional(partVersionShape),
    urgent: optional(partVersionShape),
  }),
);

/** The version item as found: a fleet, or why there is none that this code can read. */
export type FoundVersion =
  | { readonly kind: 'none' }
  | { readonly kind: 'readable'; readonly version: FleetVersion }
  | { readonly kind: 'unreadable'; readonly problem: string; readonly generation: string; readonly revision: number };

export async function readFleetVersion(
  table: StoreTable,
  { isConsistent }: { readonly isConsistent: boolean },
): Promise<FoundVersion> {
  const { Item: item } = await table.client.send(
    new GetItemCommand({ TableName: table.tableName, Key: keyItem(fleetVersionKey()), ConsistentRead: isConsistent }),
  );
  return item === undefined ? { kind: 'none' } : versionOf(item);
}

function versionOf(item: Item): FoundVersion {
  const generation = item['generation']?.S;
  const revision = Number(item['revision']?.N);
  const rolledUpAt = item['rolledUpAt']?.S;
  const schemaVersion = item['schemaVersion']?.S;
  if (generation === undefined || rolledUpAt === undefined || !Number.isSafeInteger(revision)) {
    throw new Error(`Cannot read the fleet ${keyText(fleetVersionKey())}: its item is none that any version wrote`);
  }
  const unreadable = (problem: string): FoundVersion => ({ kind: 'unreadable', problem, generation, revision });
  if (schemaVersion !== SCHEMA_VERSION) {
    return unreadable(`its schema version is ${schemaVersion}, this code reads ${SCHEMA_VERSION}`);
  }
  const bytes = assembled([item]);
  if (bytes === undefined) {
    return unreadable('it does not match its SHA-256');
  }
  return { kind: 'readable', version: { generation, revision, rolledUpAt, ...CONTENT_DOCUMENT.decode(bytes) } };
}

/** Makes a version the fleet's where the one before is still in place, `undefined` for none. Saying it twice is no conflict. */
export async function writeFleetVersion(
  table: StoreTable,
  version: FleetVersion,
  expectedGeneration: string | undefined,
): Promise<'published' | 'superseded'> {
  const isUnchanged = expectedGeneration === undefined ? 'attribute_not_exists(pk)' : 'generation = :expected';
  try {
    await table.client.send(
      new PutItemCommand({
        TableName: table.tableName,
        Item: versionItem(version),
        ConditionExpression: isUnchanged,
        ...(expectedGeneration === undefined
          ? {}
          : { ExpressionAttributeValues: { ':expected': { S: expectedGeneration } } }),
      }),
    );
    return 'published';
  } catch (cause) {
    if (!(cause instanceof ConditionalCheckFailedException)) {
      throw cause;
    }
    // The answer to an earlier attempt of this very request may have been lost.
    const found = await readFleetVersion(table, { isConsistent: true });
    return found.kind === 'readable' && found.version.generation === version.generation ? 'published' : 'superseded';
  }
}

function versionItem({ generation, revision, rolledUpAt, shards, scan, outline, urgent }: FleetVersion): Item {
  const bytes = encodeDocument(CONTENT_DOCUMENT, { shards, scan, outline, urgent });
  const stored = compressMore(bytes);
  return {
    ...keyItem(fleetVersionKey()),
    schemaVersion: { S: SCHEMA_VERSION },
    generation: { S: generation },
    revision: { N: String(revision) },
    rolledUpAt: { S: rolledUpAt },
    codec: { S: stored.codec },
    byteCount: { N: String(bytes.byteLength) },
    sha256: { B: sha256(stored.bytes) },
    body: { B: stored.bytes },
  };
}
