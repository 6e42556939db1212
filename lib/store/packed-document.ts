import {
  type AttributeValue,
  ConditionalCheckFailedException,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { ReadOptions } from '../audit/store-ports.ts';
import { chunksOf, OLD_GENERATION_SECONDS, readChunks, retireChunks, writeChunks } from './chunks.ts';
import { HAS_DICTIONARIES } from './compression.ts';
import { CONSISTENT, EVENTUAL, getItem, keyItem, queryItems, textOf } from './items.ts';
import { type ItemKey, keyText } from './keys.ts';
import { itemOf, type ManifestBase, manifestOf, unpack } from './manifest.ts';
import { type DocumentBase, isChecked, type PackedContent, packInFull } from './packed-content.ts';
import { type Item, isExpired, nowSeconds, type StoreTable } from './table.ts';

/**
 * A document of any size under one key, replaced as a whole or not at all. One that fits an item is one item. A larger one is
 * written as chunks of a new generation, which nobody sees until the manifest, written last and on a condition, names them.
 * A document may be kept as its difference to another one of its partition, its base, and that to another: then a reader
 * fetches all of them.
 */
export interface PackedDocument extends DocumentBase {
  readonly kind: string;
  readonly schemaVersion: number;
  /** Names what was read; a writer that expects it replaces this and nothing newer. */
  readonly version: string;
  readonly order: string | undefined;
  /** What it is kept as a difference to; `undefined` where it is kept in full. */
  readonly base: DocumentBase | undefined;
}

/**
 * What must hold for a write to happen. `newer-order` writes where nothing is, or where what is there has an order that sorts
 * before this one's: then two writers need not read first.
 */
export type Expectation = 'absent' | { readonly version: string } | 'newer-order';

export interface PackedWrite {
  readonly expect: Expectation;
  readonly kind: string;
  readonly schemaVersion: number;
  /** Text that sorts as the documents under this key succeed each other; needed for `newer-order`. */
  readonly order?: string;
  /** Seconds since 1970-01-01 UTC. What a writer leaves behind that dies expires then as well. */
  readonly expiresAt: number;
  /** A name that nothing else ever has; made where it is left out. */
  readonly generation?: string;
  /** What else its item says, for whoever lists items without reading documents. */
  readonly attributes?: Item;
}

export type WriteOutcome =
  | { readonly outcome: 'written'; readonly version: string }
  | { readonly outcome: 'version-conflict' };

/** What was read already of a partition: documents read together mostly share a base, or rest on each other. */
interface ReadBefore {
  /** By `baseName`. */
  readonly bases: Map<string, Promise<FoundBase>>;
  /** By sort key. */
  readonly items: ReadonlyMap<string, Item>;
}

const NOTHING_READ: ReadBefore['items'] = new Map();

type FoundBase = { readonly ok: true; readonly base: DocumentBase } | { readonly ok: false; readonly problem: string };

/** A document rests on so many at most, the scans of a day and some more: where one is lost all on top of it are. */
export const BASES_MAX = 32;

/** Returns whether a document may be kept as the difference to this one, so that whoever reads it has not too many to unpack. */
export function hasRoomForMore({ baseCount }: DocumentBase): boolean {
  return baseCount < BASES_MAX;
}

/** Writes a document in full if what is expected holds. What another writer did first is an outcome; what DynamoDB refuses throws. */
export function writePacked(
  table: StoreTable,
  key: ItemKey,
  bytes: Uint8Array,
  write: PackedWrite,
): Promise<WriteOutcome> {
  return writeContent(table, key, packInFull(bytes), write);
}

/** Writes a document as it was packed, in full or as a difference, if what is expected holds. */
export async function writeContent(
  table: StoreTable,
  key: ItemKey,
  content: PackedContent,
  write: PackedWrite,
): Promise<WriteOutcome> {
  const { base } = content;
  if (base !== undefined && (base.key.pk !== key.pk || base.expiresAt < write.expiresAt)) {
    throw new Error(
      `Cannot write ${keyText(key)}: its base ${keyText(base.key)} lies in another partition or expires first`,
    );
  }
  const generation = write.generation ?? table.newGeneration();
  const chunks = chunksOf(content.stored);
  const place = { key, generation, chunkCount: chunks.length };
  await writeChunks(table, place, chunks, write.expiresAt);
  const manifest = itemOf({
    kind: write.kind,
    schemaVersion: write.schemaVersion,
    generation,
    codec: content.codec,
    chunkCount: chunks.length,
    byteCount: content.byteCount,
    sha256: content.sha256,
    order: write.order,
    expiresAt: write.expiresAt,
    base: base === undefined ? undefined : { sk: base.key.sk, generation: base.version },
    body: chunks.length === 0 ? content.stored : undefined,
  });
  const replaced = await putManifest(table, { ...write.attributes, ...keyItem(key), ...manifest }, write);
  if (replaced === 'version-conflict') {
    // The answer to an earlier attempt of this very request may have been lost: then it is this generation that stands.
    const standing = await getItem(table, key);
    if (standing?.['generation']?.S === generation) {
      return { outcome: 'written', version: generation };
    }
    await retireChunks(table, place);
    return { outcome: 'version-conflict' };
  }
  if (replaced !== undefined) {
    await retireChunks(table, { key, ...manifestOf(key, replaced) });
  }
  return { outcome: 'written', version: generation };
}

/** Reads a document, or `undefined` where none is or it has expired. Throws where it is damaged, naming its key. */
export async function readPacked(
  table: StoreTable,
  key: ItemKey,
  options: ReadOptions = CONSISTENT,
): Promise<PackedDocument | undefined> {
  const item = await getItem(table, key, options);
  return item === undefined ? undefined : readDocument(table, key, item);
}

/** Reads every document of a partition whose sort key begins with the prefix's, in the order of their sort keys. */
export async function readPackedRange(table: StoreTable, prefix: ItemKey): Promise<PackedDocument[]> {
  const documents: PackedDocument[] = [];
  const before: ReadBefore = { bases: new Map(), items: NOTHING_READ };
  for (const item of await queryItems(table, prefix)) {
    const key = { pk: prefix.pk, sk: textOf(item['sk'], 'its sort key') };
    const document = isExpired(table, item) ? undefined : await readWith(table, key, item, before);
    if (document !== undefined) {
      documents.push(document);
    }
  }
  return documents;
}

/** Lets a document expire that nothing needs any more, an hour from now: whoever has just read of it still finds it. */
export async function retirePacked(table: StoreTable, key: ItemKey, version: string): Promise<void> {
  try {
    const stillSame = 'generation = :generation';
    const { Attributes: item } = await table.client.send(
      new UpdateItemCommand({
        TableName: table.tableName,
        Key: keyItem(key),
        UpdateExpression: 'SET expiresAt = :expiresAt',
        ConditionExpression: stillSame,
        ExpressionAttributeValues: {
          ':expiresAt': { N: String(nowSeconds(table) + OLD_GENERATION_SECONDS) },
          ':generation': { S: version },
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    if (item !== undefined) {
      await retireChunks(table, { key, ...manifestOf(key, item) });
    }
  } catch (cause) {
    if (!(cause instanceof ConditionalCheckFailedException)) {
      throw cause;
    }
  }
}

/**
 * Reads the document that an item shows, or `undefined` where it is gone meanwhile. What it rests on is a base that is known, or is
 * taken from the items of its partition that were read with it, by their sort keys, and asked for where it is not among them.
 */
export function readDocument(
  table: StoreTable,
  key: ItemKey,
  item: Item,
  {
    items = NOTHING_READ,
    base,
  }: { readonly items?: ReadonlyMap<string, Item>; readonly base?: DocumentBase | undefined } = {},
): Promise<PackedDocument | undefined> {
  const bases: ReadBefore['bases'] =
    base === undefined ? new Map() : new Map([[baseName(base.key, base.version), Promise.resolve({ ok: true, base })]]);
  return readWith(table, key, item, { bases, items });
}

function baseName({ pk, sk }: ItemKey, generation: string): string {
  return JSON.stringify([pk, sk, generation]);
}

/** A writer may retire the generation between two reads, so the manifest is asked once more before the document is damaged. */
async function readWith(
  table: StoreTable,
  key: ItemKey,
  item: Item,
  before: ReadBefore,
): Promise<PackedDocument | undefined> {
  const first = await assemble(table, key, item, before);
  if (first.ok) {
    return first.document;
  }
  const again = await getItem(table, key);
  if (again === undefined) {
    return undefined;
  }
  const second = await assemble(table, key, again, { bases: new Map(), items: NOTHING_READ });
  if (second.ok) {
    return second.document;
  }
  throw new Error(`Cannot read document ${keyText(key)}: ${second.problem}`);
}

type Assembled =
  | { readonly ok: true; readonly document: PackedDocument }
  | { readonly ok: false; readonly problem: string };

async function assemble(
  table: StoreTable,
  key: ItemKey,
  item: Item,
  before: ReadBefore,
  basesLeft = BASES_MAX,
): Promise<Assembled> {
  const manifest = manifestOf(key, item);
  const stored = manifest.body ?? (await readChunks(table, { key, ...manifest }));
  if (stored === undefined) {
    return {
      ok: false,
      problem: `generation "${manifest.generation}" lacks some of its ${manifest.chunkCount} chunks`,
    };
  }
  const found = manifest.base === undefined ? undefined : await findBase(table, key, manifest.base, before, basesLeft);
  if (found !== undefined && !found.ok) {
    return found;
  }
  const bytes = unpack(manifest, stored, found?.base.bytes);
  if (bytes === undefined || !isChecked(bytes, manifest.sha256)) {
    return { ok: false, problem: `generation "${manifest.generation}" does not match its SHA-256` };
  }
  const { kind, schemaVersion, generation: version, order, expiresAt } = manifest;
  const own = { key, kind, schemaVersion, version, order, expiresAt, bytes, storedByteCount: stored.byteLength };
  return { ok: true, document: { ...own, ...restingOn(found?.base, stored.byteLength) } };
}

function restingOn(base: DocumentBase | undefined, storedByteCount: number) {
  return base === undefined
    ? { base, baseCount: 0, fullByteCount: storedByteCount }
    : { base, baseCount: base.baseCount + 1, fullByteCount: base.fullByteCount };
}

async function findBase(
  table: StoreTable,
  { pk }: ItemKey,
  { sk, generation }: ManifestBase,
  { bases, items }: ReadBefore,
  basesLeft: number,
): Promise<FoundBase> {
  const name = baseName({ pk, sk }, generation);
  const found = bases.get(name) ?? readBase(table, { key: { pk, sk }, generation, items, basesLeft: basesLeft - 1 });
  bases.set(name, found);
  return found;
}

interface BaseRead {
  readonly key: ItemKey;
  readonly generation: string;
  readonly items: ReadonlyMap<string, Item>;
  readonly basesLeft: number;
}

async function readBase(table: StoreTable, { key, generation, items, basesLeft }: BaseRead): Promise<FoundBase> {
  const problem = (what: string): FoundBase => ({ ok: false, problem: `its base ${keyText(key)} ${what}` });
  if (!HAS_DICTIONARIES) {
    return problem('is of use only where Node is 24.6 or newer');
  }
  if (basesLeft < 0) {
    return problem(`is one more than the ${BASES_MAX} that a document may rest on`);
  }
  const item = await readGeneration(table, key, generation, items.get(key.sk));
  if (item === undefined) {
    return problem(`of generation "${generation}" is gone`);
  }
  const manifest = manifestOf(key, item);
  if (manifest.generation !== generation) {
    return problem(`is of generation "${manifest.generation}", not of "${generation}"`);
  }
  // Not out of the cache: damaged bases that name each other would wait for each other.
  const assembled = await assemble(table, key, item, { bases: new Map(), items }, basesLeft);
  return assembled.ok
    ? { ok: true, base: withoutBase(assembled.document) }
    : problem(`cannot be read: ${assembled.problem}`);
}

/** What a base was unpacked from need not stay in memory. */
function withoutBase({
  key,
  version,
  bytes,
  expiresAt,
  storedByteCount,
  baseCount,
  fullByteCount,
}: DocumentBase): DocumentBase {
  return { key, version, bytes, expiresAt, storedByteCount, baseCount, fullByteCount };
}

/** What a generation holds never changes, so an answer that is a moment old serves where it is of that generation. */
async function readGeneration(
  table: StoreTable,
  key: ItemKey,
  generation: string,
  before: Item | undefined,
): Promise<Item | undefined> {
  const item = before ?? (await getItem(table, key, EVENTUAL));
  return item !== undefined && manifestOf(key, item).generation === generation ? item : getItem(table, key);
}

/** Returns the manifest that was replaced, `undefined` where there was none. */
async function putManifest(
  table: StoreTable,
  item: Item,
  write: PackedWrite,
): Promise<Item | undefined | 'version-conflict'> {
  try {
    const { Attributes: replaced } = await table.client.send(
      new PutItemCommand({
        TableName: table.tableName,
        Item: item,
        ...conditionOf(table, write),
        ReturnValues: 'ALL_OLD',
      }),
    );
    return replaced;
  } catch (cause) {
    if (cause instanceof ConditionalCheckFailedException) {
      return 'version-conflict';
    }
    throw cause;
  }
}

interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, AttributeValue>;
}

function conditionOf(table: StoreTable, { expect, order }: PackedWrite): Condition {
  // Readers take an expired document for absent, so writers do as well.
  const isAbsent = 'attribute_not_exists(#pk) OR #expiresAt <= :now';
  const isExpectedVersion = '#generation = :generation AND #expiresAt > :now';
  const isOlder = `${isAbsent} OR #order < :order`;
  const expiry = { '#expiresAt': 'expiresAt' };
  const now = { ':now': { N: String(nowSeconds(table)) } };
  if (expect === 'absent') {
    return {
      ConditionExpression: isAbsent,
      ExpressionAttributeNames: { '#pk': 'pk', ...expiry },
      ExpressionAttributeValues: now,
    };
  }
  if (expect === 'newer-order') {
    if (order === undefined) {
      throw new Error('Cannot write a document that must be newer: it has no order');
    }
    return {
      ConditionExpression: isOlder,
      ExpressionAttributeNames: { '#pk': 'pk', '#order': 'order', ...expiry },
      ExpressionAttributeValues: { ...now, ':order': { S: order } },
    };
  }
  return {
    ConditionExpression: isExpectedVersion,
    ExpressionAttributeNames: { '#generation': 'generation', ...expiry },
    ExpressionAttributeValues: { ...now, ':generation': { S: expect.version } },
  };
}
