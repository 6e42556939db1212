import { ConditionalCheckFailedException, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { LeaseStore } from '../audit/store-ports.ts';
import { leaseKey } from './keys.ts';
import type { StoreTable } from './table.ts';

const MS_PER_SECOND = 1_000;

/** Keeps who holds what for how long, by the table's clock. A holder that stops lets its lease lapse. */
export function createLeaseStore(table: StoreTable): LeaseStore {
  return {
    acquireLease: (name, durationMs) => acquireLease(table, name, durationMs),
    releaseLease: (name, token) => releaseLease(table, name, token),
  };
}

async function acquireLease(table: StoreTable, name: string, durationMs: number): Promise<string | undefined> {
  const { pk, sk } = leaseKey(name);
  const token = table.newGeneration();
  const nowMs = table.clock.now();
  const heldUntilMs = nowMs + durationMs;
  const isFree = 'attribute_not_exists(pk) OR heldUntilMs <= :now';
  const isWritten = await ifConditionHolds(
    table.client.send(
      new PutItemCommand({
        TableName: table.tableName,
        Item: {
          pk: { S: pk },
          sk: { S: sk },
          holder: { S: token },
          heldUntilMs: { N: String(heldUntilMs) },
          // Rounded up: nothing may delete a lease that is still held.
          expiresAt: { N: String(Math.ceil(heldUntilMs / MS_PER_SECOND)) },
        },
        ConditionExpression: isFree,
        ExpressionAttributeValues: { ':now': { N: String(nowMs) } },
      }),
    ),
  );
  return isWritten ? token : undefined;
}

/** Releases what the token holds. What has lapsed and is somebody else's by now stays theirs. */
async function releaseLease(table: StoreTable, name: string, token: string): Promise<void> {
  const { pk, sk } = leaseKey(name);
  const isHolder = 'holder = :token';
  await ifConditionHolds(
    table.client.send(
      new DeleteItemCommand({
        TableName: table.tableName,
        Key: { pk: { S: pk }, sk: { S: sk } },
        ConditionExpression: isHolder,
        ExpressionAttributeValues: { ':token': { S: token } },
      }),
    ),
  );
}

async function ifConditionHolds(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (cause) {
    if (cause instanceof ConditionalCheckFailedException) {
      return false;
    }
    throw cause;
  }
}
