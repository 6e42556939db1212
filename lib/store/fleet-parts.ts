import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import { BatchGetItemCommand, type KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { batchPut } from './batch-put.ts';
import { applyDifference, CODECS, type Compressed, compress, decompress, difference, HAS_ZSTD } from './compression.ts';
import { keyItem } from './items.ts';
import { type FleetPartGroup, fleetChunkKey, type ItemKey, keyText } from './keys.ts';
import { differenceBytesMax } from './rebase-rule.ts';
import { EXPIRY_ATTRIBUTE, type Item, type StoreTable } from './table.ts';

/** One part of a fleet: written once under a generation that nobody used before, and seen when the fleet's version names it. */
export interface FleetPart {
  readonly shard: number;
  readonly group: FleetPartGroup;
  readonly generation: string;
  readonly chunkCount: number;
}

/** A part in full, as others of its shard and group may be kept as differences to it. */
export interface FleetBase {
  readonly part: FleetPart;
  readonly bytes: Uint8Array;
  /** Seconds since 1970-01-01 UTC; no difference to it may outlive it. */
  readonly expiresAt: number;
  readonly storedByteCount: number;
}

export interface ReadPart {
  readonly bytes: Uint8Array;
  /** What was read in full: the part itself, or what it is a difference to. */
  readonly base: FleetBase;
}

/** An item has at most 400 KB, names and keys included. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const CHUNK_BYTES_MAX = 350 * 1024;
/** Of the levels measured, the last that gains more than it takes: 12 % fewer bytes than the default in 20 ms a shard. */
const ZSTD_LEVEL = 9;

const SECONDS_PER_DAY = 86_400;
/** What is in full is kept for longer than it is needed itself, so that for two days others may be differences to it. */
const BASE_SECONDS = 2 * SECONDS_PER_DAY;

/**
 * Writes a part, as its difference to `base` where that takes a quarter of the base at the most; returns it with the number of
 * its chunks. It expires unless that is put off by writing it again.
 */
export async function writeFleetPart(
  table: StoreTable,
  part: Omit<FleetPart, 'chunkCount'>,
  bytes: Uint8Array,
  { expiresAt, base }: { readonly expiresAt: number; readonly base: FleetBase | undefined },
): Promise<FleetPart> {
  const smaller = base === undefined || base.expiresAt < expiresAt ? undefined : smallDifference(bytes, base);
  const stored: Compressed = smaller === undefined ? compressMore(bytes) : { codec: 'zstd', bytes: smaller };
  const chunkCount = Math.max(1, Math.ceil(stored.bytes.byteLength / CHUNK_BYTES_MAX));
  const whole = { ...part, chunkCount };
  const manifest: Item = {
    codec: { S: stored.codec },
    byteCount: { N: String(bytes.byteLength) },
    sha256: { B: sha256(stored.bytes) },
    ...(base === undefined || smaller === undefined ? {} : baseAttributes(base.part)),
  };
  const keptUntil = smaller === undefined ? expiresAt + BASE_SECONDS : expiresAt;
  const items = keysOf(whole).map((key, index) => ({
    ...keyItem(key),
    ...(index === 0 ? manifest : {}),
    body: { B: stored.bytes.subarray(index * CHUNK_BYTES_MAX, (index + 1) * CHUNK_BYTES_MAX) },
    [EXPIRY_ATTRIBUTE]: { N: String(keptUntil) },
  }));
  await batchPut(table, items);
  return whole;
}

/** A WRU, which is what a difference has to save at the least: its reader fetches two items. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
const SAVED_BYTES_MIN = 1_024;

function smallDifference(bytes: Uint8Array, base: FleetBase): Uint8Array | undefined {
  const byteCountMax = Math.min(differenceBytesMax(base.storedByteCount), base.storedByteCount - SAVED_BYTES_MIN);
  const smaller = difference(bytes, base.bytes);
  return smaller === undefined || smaller.byteLength > byteCountMax ? undefined : smaller;
}

function baseAttributes({ generation, chunkCount }: FleetPart): Item {
  return { baseGeneration: { S: generation }, baseChunkCount: { N: String(chunkCount) } };
}

/** Returns the part that another is kept as a difference to, as its first item says; `undefined` for one in full. */
function basePartOf({ shard, group }: FleetPart, item: Item | undefined): FleetPart | undefined {
  const generation = item?.['baseGeneration']?.S;
  const chunkCount = Number(item?.['baseChunkCount']?.N);
  return generation === undefined || !(chunkCount > 0 && chunkCount <= CHUNKS_MAX)
    ? undefined
    : { shard, group, generation, chunkCount };
}

/** No part comes near; a count that says more is damaged, and nothing is asked for it. */
const CHUNKS_MAX = 1_000;

/** Compresses as the store does elsewhere, but harder: a shard is written once and read by many. */
export function compressMore(bytes: Uint8Array): Compressed {
  if (!HAS_ZSTD) {
    return compress(bytes);
  }
  const smaller = zlib.zstdCompressSync(bytes, {
    params: { [zlib.constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL },
  });
  return smaller.byteLength < bytes.byteLength ? { codec: 'zstd', bytes: smaller } : { codec: 'none', bytes };
}

/** Returns each part with what it is a difference to, in the order of the parts; `undefined` where they are not there or damaged. */
export async function readFleetParts(
  table: StoreTable,
  parts: readonly FleetPart[],
): Promise<(ReadPart | undefined)[]> {
  const items = await settledItems(table, parts.flatMap(keysOf));
  const itemsOf = (part: FleetPart, among: ReadonlyMap<string, Item>) =>
    keysOf(part).map((key) => among.get(keyText(key)));
  const baseParts = parts.map((part) => basePartOf(part, itemsOf(part, items)[0]));
  const baseItems = await settledItems(
    table,
    baseParts.flatMap((part) => (part === undefined ? [] : keysOf(part))),
  );
  return parts.map((part, index) => {
    const own = itemsOf(part, items);
    const basePart = baseParts[index];
    if (basePart === undefined) {
      const base = readBase(part, own);
      return base === undefined ? undefined : { bytes: base.bytes, base };
    }
    const base = readBase(basePart, itemsOf(basePart, baseItems));
    const bytes = base === undefined ? undefined : assembled(own, base.bytes);
    return base === undefined || bytes === undefined ? undefined : { bytes, base };
  });
}

function readBase(part: FleetPart, items: readonly (Item | undefined)[]): FleetBase | undefined {
  const bytes = assembled(items);
  const expiresAt = Number(items[0]?.[EXPIRY_ATTRIBUTE]?.N);
  const storedByteCount = items.reduce((sum, item) => sum + (item?.['body']?.B?.byteLength ?? Number.NaN), 0);
  return bytes === undefined || !Number.isSafeInteger(expiresAt)
    ? undefined
    : { part, bytes, expiresAt, storedByteCount };
}

async function settledItems(table: StoreTable, keys: readonly ItemKey[]): Promise<ReadonlyMap<string, Item>> {
  const items = await readItems(table, keys, { isConsistent: false });
  const missing = keys.filter((key) => !items.has(keyText(key)));
  // A reader may be faster than DynamoDB's replicas are; a consistent read settles what is there.
  return missing.length === 0
    ? items
    : new Map([...items, ...(await readItems(table, missing, { isConsistent: true }))]);
}

/** Names where a part lies, in whatever generation. */
export function placeText({ group, shard }: Pick<FleetPart, 'group' | 'shard'>): string {
  return `${group}/${shard}`;
}

/** Says which items a part is, for an error. */
export function fleetPartText(part: FleetPart): string {
  return keysOf(part).map(keyText).join(', ');
}

function keysOf({ shard, group, generation, chunkCount }: FleetPart): ItemKey[] {
  return Array.from({ length: chunkCount }, (_, index) => fleetChunkKey(shard, group, generation, index));
}

/**
 * Returns the bytes that items hold, or what they and `base` make, or `undefined` where one is missing or they are not what
 * was written.
 */
export function assembled(items: readonly (Item | undefined)[], base?: Uint8Array): Uint8Array | undefined {
  const [first] = items;
  const bodies = items.flatMap((item) => item?.['body']?.B ?? []);
  const codec = CODECS.find((name) => name === first?.['codec']?.S);
  const byteCount = Number(first?.['byteCount']?.N);
  const hash = first?.['sha256']?.B;
  if (bodies.length !== items.length || codec === undefined || hash === undefined || !(byteCount <= BYTE_COUNT_MAX)) {
    return undefined;
  }
  const stored = Buffer.concat(bodies);
  if (!sha256(stored).equals(hash)) {
    return undefined;
  }
  try {
    const bytes =
      base === undefined ? decompress({ codec, bytes: stored }, byteCount) : applyDifference(stored, base, byteCount);
    return bytes.byteLength === byteCount ? bytes : undefined;
  } catch {
    // zlib has many ways to say that its input is damaged; the caller names the part.
    return undefined;
  }
}

/** No part comes near; an item that says more is damaged, and nothing is allocated for it. */
const BYTE_COUNT_MAX = 512 * 1024 * 1024;

/**
 * Of bytes as they are stored: of what they unpack to it would take eight times as long, on the way to every cold answer. What they are
 * a difference to is named by a generation that nothing else ever has, and checked by itself.
 */
export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** One request takes 100 keys, and answers 16 MB: more keys of large items are only answered later. */
const KEYS_PER_REQUEST = 40;
/** With the waits below about half a minute, which a throttled partition needs to be split. */
const ATTEMPTS_MAX = 10;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

async function readItems(
  table: StoreTable,
  keys: readonly ItemKey[],
  { isConsistent }: { readonly isConsistent: boolean },
): Promise<Map<string, Item>> {
  const batches = Array.from({ length: Math.ceil(keys.length / KEYS_PER_REQUEST) }, (_, index) =>
    keys.slice(index * KEYS_PER_REQUEST, (index + 1) * KEYS_PER_REQUEST),
  );
  const items = await Promise.all(batches.map((batch) => readBatch(table, batch, isConsistent)));
  return new Map(
    items.flat().map((item) => [keyText({ pk: item['pk']?.S ?? '', sk: item['sk']?.S ?? '' }), item] as const),
  );
}

async function readBatch(table: StoreTable, keys: readonly ItemKey[], isConsistent: boolean): Promise<Item[]> {
  const items: Item[] = [];
  let rest: KeysAndAttributes | undefined = { Keys: keys.map(keyItem), ConsistentRead: isConsistent };
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (attempt > 0) {
      await table.clock.sleep(table.randomFraction() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt));
    }
    const command: BatchGetItemCommand = new BatchGetItemCommand({ RequestItems: { [table.tableName]: rest } });
    const answer = await table.client.send(command);
    // DynamoDB leaves an empty list out, so here absent does mean none.
    items.push(...(answer.Responses?.[table.tableName] ?? []));
    rest = answer.UnprocessedKeys?.[table.tableName];
    if (rest?.Keys === undefined || rest.Keys.length === 0) {
      return items;
    }
  }
  throw new Error(`Cannot read ${rest?.Keys?.length} items: DynamoDB left them unprocessed ${ATTEMPTS_MAX} times`);
}
