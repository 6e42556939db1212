import { ConditionalCheckFailedException, DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type Item, nowSeconds, type StoreTable } from './table.ts';

export interface SweepOptions {
  /** Most items that one sweep deletes. */
  readonly itemsMax: number;
}

export interface Sweep {
  readonly deletedCount: number;
  /** False where the bound ended the sweep: expired items may be left. */
  readonly isComplete: boolean;
}

/** Read by one request of the scan. It bounds how long the embedded engine answers nothing else. */
const ITEMS_PER_PAGE = 100;

/**
 * Deletes expired items where DynamoDB's time to live does not: in local mode. It reads the whole table, so it is not for AWS.
 * An item that is written again meanwhile stays.
 */
export async function sweepExpired(table: StoreTable, { itemsMax }: SweepOptions): Promise<Sweep> {
  let deletedCount = 0;
  let from: Item | undefined;
  do {
    const page = await table.client.send(
      new ScanCommand({
        TableName: table.tableName,
        Limit: ITEMS_PER_PAGE,
        FilterExpression: 'expiresAt <= :now',
        ProjectionExpression: 'pk, sk',
        ExpressionAttributeValues: { ':now': { N: String(nowSeconds(table)) } },
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    // The SDK leaves an empty page's items out, so here absent does mean none.
    for (const key of page.Items ?? []) {
      if (deletedCount === itemsMax) {
        return { deletedCount, isComplete: false };
      }
      deletedCount += (await deleteExpired(table, key)) ? 1 : 0;
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return { deletedCount, isComplete: true };
}

async function deleteExpired(table: StoreTable, key: Item): Promise<boolean> {
  try {
    const stillExpired = 'expiresAt <= :now';
    await table.client.send(
      new DeleteItemCommand({
        TableName: table.tableName,
        Key: key,
        ConditionExpression: stillExpired,
        ExpressionAttributeValues: { ':now': { N: String(nowSeconds(table)) } },
      }),
    );
    return true;
  } catch (cause) {
    if (cause instanceof ConditionalCheckFailedException) {
      return false;
    }
    throw cause;
  }
}
