import { createHash } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { batchPut } from './batch-put.ts';
import { compress } from './compression.ts';
import { chunkKey, chunkPrefix, type ItemKey, keyText } from './keys.ts';
import { itemOf, type Manifest, manifestOf, unpack } from './manifest.ts';
import { type Item, isExpired, nowSeconds, type StoreTable } from './table.ts';

/**
 * A document of any size under one key, replaced as a whole or not at all. One that fits an item is one item. A larger one is
 * written as chunks of a new generation, which nobody sees until the manifest, written last and on a condition, names them.
 */
export interface PackedDocument {
  readonly key: ItemKey;
  readonly kind: string;
  readonly schemaVersion: number;
  /** Names what was read; a writer that expects it replaces this and nothing newer. */
  readonly version: string;
  readonly order: string | undefined;
  readonly bytes: Uint8Array;
}

/**
 * What must hold for a write to happen. `newerThan` writes where nothing is, or where what is there has an order that sorts
 * before this one's: then two writers need not read first.
 */
export type Expectation = 'absent' | { readonly version: string } | 'newer-order';

export interface PackedWrite {
  readonly expect: Expectation;
  readonly kind: string;
  readonly schemaVersion: number;
  /** Text that sorts as the documents under this key succeed each other; needed for `newer-order`. */
  readonly order?: string;
  /** Seconds since 1970-01-01 UTC; a document without it stays. */
  readonly expiresAt?: number;
}

export type WriteOutcome =
  | { readonly outcome: 'written'; readonly version: string }
  | { readonly outcome: 'version-conflict' };

/** An item has at most 400 KB, names and keys included. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const CHUNK_BYTES_MAX = 350 * 1024;
/** For so long a reader that has seen the old manifest still finds its chunks. */
const OLD_GENERATION_SECONDS = 60 * 60;

/** Writes a document if what is expected holds. What another writer did first is an outcome; what DynamoDB refuses throws. */
export async function writePacked(
  table: StoreTable,
  key: ItemKey,
  bytes: Uint8Array,
  write: PackedWrite,
): Promise<WriteOutcome> {
  const generation = table.newGeneration();
  const stored = compress(bytes);
  const chunks = stored.bytes.byteLength <= CHUNK_BYTES_MAX ? [] : chunksOf(stored.bytes);
  const expiry: Item = write.expiresAt === undefined ? {} : { expiresAt: { N: String(write.expiresAt) } };
  await batchPut(
    table,
    chunks.map((chunk, index) => ({ ...keyItem(chunkKey(key, generation, index)), body: { B: chunk }, ...expiry })),
  );
  const manifest = itemOf({
    kind: write.kind,
    schemaVersion: write.schemaVersion,
    generation,
    codec: stored.codec,
    chunkCount: chunks.length,
    byteCount: bytes.byteLength,
    sha256: sha256(bytes),
    order: write.order,
    body: chunks.length === 0 ? stored.bytes : undefined,
  });
  const replaced = await putManifest(table, { ...keyItem(key), ...manifest, ...expiry }, write);
  if (replaced === 'version-conflict') {
    await retire(table, key, { generation, chunkCount: chunks.length });
    return { outcome: 'version-conflict' };
  }
  if (replaced !== undefined) {
    await retire(table, key, manifestOf(key, replaced));
  }
  return { outcome: 'written', version: generation };
}

/** Reads a document, or `undefined` where none is or it has expired. Throws where it is damaged, naming its key. */
export async function readPacked(table: StoreTable, key: ItemKey): Promise<PackedDocument | undefined> {
  const item = await readManifest(table, key);
  return item === undefined ? undefined : readDocument(table, key, item);
}

/** Reads every document of a partition whose sort key begins with the prefix's, in the order of their sort keys. */
export async function readPackedRange(table: StoreTable, prefix: ItemKey): Promise<PackedDocument[]> {
  const documents: PackedDocument[] = [];
  for (const item of await queryAll(table, prefix)) {
    const key = { pk: prefix.pk, sk: textOf(item['sk']) };
    const document = isExpired(table, item) ? undefined : await readDocument(table, key, item);
    if (document !== undefined) {
      documents.push(document);
    }
  }
  return documents;
}

/** A writer may retire the generation between two reads, so the manifest is asked once more before the document is damaged. */
async function readDocument(table: StoreTable, key: ItemKey, item: Item): Promise<PackedDocument | undefined> {
  const first = await assemble(table, key, item);
  if (first.ok) {
    return first.document;
  }
  const again = await readManifest(table, key);
  if (again === undefined) {
    return undefined;
  }
  const second = await assemble(table, key, again);
  if (second.ok) {
    return second.document;
  }
  throw new Error(`Cannot read document ${keyText(key)}: ${second.problem}`);
}

type Assembled =
  | { readonly ok: true; readonly document: PackedDocument }
  | { readonly ok: false; readonly problem: string };

async function assemble(table: StoreTable, key: ItemKey, item: Item): Promise<Assembled> {
  const manifest = manifestOf(key, item);
  const stored = manifest.body ?? (await readChunks(table, key, manifest));
  if (stored === undefined) {
    return {
      ok: false,
      problem: `generation "${manifest.generation}" lacks some of its ${manifest.chunkCount} chunks`,
    };
  }
  const bytes = unpack(manifest, stored);
  if (bytes === undefined || !sha256(bytes).equals(manifest.sha256)) {
    return { ok: false, problem: `generation "${manifest.generation}" does not match its SHA-256` };
  }
  const { kind, schemaVersion, generation: version, order } = manifest;
  return { ok: true, document: { key, kind, schemaVersion, version, order, bytes } };
}

async function readManifest(table: StoreTable, key: ItemKey): Promise<Item | undefined> {
  const { Item: item } = await table.client.send(
    new GetItemCommand({ TableName: table.tableName, Key: keyItem(key), ConsistentRead: true }),
  );
  return item === undefined || isExpired(table, item) ? undefined : item;
}

async function readChunks(table: StoreTable, key: ItemKey, manifest: Manifest): Promise<Uint8Array | undefined> {
  const items = await queryAll(table, chunkPrefix(key, manifest.generation));
  const bodies = items.flatMap((item) => item['body']?.B ?? []);
  return bodies.length === manifest.chunkCount ? Buffer.concat(bodies) : undefined;
}

async function queryAll(table: StoreTable, prefix: ItemKey): Promise<Item[]> {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: { ':pk': { S: prefix.pk }, ':sk': { S: prefix.sk } },
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    // The SDK leaves an empty page's items out, so here absent does mean none.
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
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
  const isExpectedVersion = '#generation = :generation AND (attribute_not_exists(#expiresAt) OR #expiresAt > :now)';
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

/** Lets the chunks of a generation that no manifest names any more expire. */
async function retire(
  table: StoreTable,
  key: ItemKey,
  { generation, chunkCount }: Pick<Manifest, 'generation' | 'chunkCount'>,
): Promise<void> {
  for (let index = 0; index < chunkCount; index += 1) {
    await expireChunk(table, chunkKey(key, generation, index), nowSeconds(table) + OLD_GENERATION_SECONDS);
  }
}

async function expireChunk(table: StoreTable, key: ItemKey, expiresAt: number): Promise<void> {
  try {
    // Without it the update would create the chunk again that a sweep has just deleted.
    const stillExists = 'attribute_exists(pk)';
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.tableName,
        Key: keyItem(key),
        UpdateExpression: 'SET expiresAt = :expiresAt',
        ConditionExpression: stillExists,
        ExpressionAttributeValues: { ':expiresAt': { N: String(expiresAt) } },
      }),
    );
  } catch (cause) {
    if (!(cause instanceof ConditionalCheckFailedException)) {
      throw cause;
    }
  }
}

function chunksOf(bytes: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < bytes.byteLength; start += CHUNK_BYTES_MAX) {
    chunks.push(bytes.subarray(start, start + CHUNK_BYTES_MAX));
  }
  return chunks;
}

function keyItem({ pk, sk }: ItemKey): Item {
  return { pk: { S: pk }, sk: { S: sk } };
}

function textOf(attribute: AttributeValue | undefined): string {
  if (attribute?.S === undefined) {
    throw new Error('Cannot read an item: its sort key is no text');
  }
  return attribute.S;
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
