import { BatchWriteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import type { Item, StoreTable } from './table.ts';

/**
 * One request takes 25 items and 16 MB; fewer of large items keep a retry small.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
const ITEMS_PER_REQUEST = 10;
/** With the waits below about half a minute, which a throttled partition needs to be split. */
const ATTEMPTS_MAX = 10;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

/**
 * Puts items without a condition, in any order; what DynamoDB leaves unprocessed is sent again after a random wait that grows.
 * Returns when all are written; throws where some are still unprocessed after the last attempt.
 */
export async function batchPut(table: StoreTable, items: readonly Item[]): Promise<void> {
  for (let start = 0; start < items.length; start += ITEMS_PER_REQUEST) {
    await putAll(
      table,
      items.slice(start, start + ITEMS_PER_REQUEST).map((item) => ({ PutRequest: { Item: item } })),
    );
  }
}

async function putAll(table: StoreTable, requests: WriteRequest[]): Promise<void> {
  let rest = requests;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (attempt > 0) {
      await table.clock.sleep(table.randomFraction() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt));
    }
    const answer = await table.client.send(new BatchWriteItemCommand({ RequestItems: { [table.tableName]: rest } }));
    // DynamoDB leaves an empty list out, so here absent does mean none.
    rest = answer.UnprocessedItems?.[table.tableName] ?? [];
    if (rest.length === 0) {
      return;
    }
  }
  throw new Error(`Cannot write ${rest.length} items: DynamoDB left them unprocessed ${ATTEMPTS_MAX} times`);
}
