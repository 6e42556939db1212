import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { batchPut } from './batch-put.ts';
import { keyItem, queryItems } from './items.ts';
import { chunkKey, chunkPrefix, type ItemKey } from './keys.ts';
import { nowSeconds, type StoreTable } from './table.ts';

/** An item has at most 400 KB, names and keys included. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const CHUNK_BYTES_MAX = 350 * 1024;
/** For so long a reader that has seen the old manifest still finds its chunks. */
export const OLD_GENERATION_SECONDS = 60 * 60;

/** Where the chunks of one generation of a document are. */
export interface Chunks {
  readonly key: ItemKey;
  readonly generation: string;
  readonly chunkCount: number;
}

/** Cuts bytes into chunks; none where they fit the manifest. */
export function chunksOf(bytes: Uint8Array): Uint8Array[] {
  if (bytes.byteLength <= CHUNK_BYTES_MAX) {
    return [];
  }
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < bytes.byteLength; start += CHUNK_BYTES_MAX) {
    chunks.push(bytes.subarray(start, start + CHUNK_BYTES_MAX));
  }
  return chunks;
}

/** Writes chunks, which expire even where their writer dies before a manifest names them. */
export async function writeChunks(
  table: StoreTable,
  { key, generation }: Chunks,
  chunks: readonly Uint8Array[],
  expiresAt: number,
): Promise<void> {
  await batchPut(
    table,
    chunks.map((chunk, index) => ({
      ...keyItem(chunkKey(key, generation, index)),
      body: { B: chunk },
      expiresAt: { N: String(expiresAt) },
    })),
  );
}

/** Returns the bytes that the chunks make, or `undefined` where some are missing. */
export async function readChunks(
  table: StoreTable,
  { key, generation, chunkCount }: Chunks,
): Promise<Uint8Array | undefined> {
  const items = await queryItems(table, chunkPrefix(key, generation));
  const bodies = items.flatMap((item) => item['body']?.B ?? []);
  return bodies.length === chunkCount ? Buffer.concat(bodies) : undefined;
}

/** Lets the chunks of a generation that no manifest names any more expire. */
export async function retireChunks(table: StoreTable, { key, generation, chunkCount }: Chunks): Promise<void> {
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
