import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createStoreTable, type StoreTable } from '../store/table.ts';
import { createOwnRequestHandler } from './own-request-handler.ts';

/** Returns the deployment's table, with the function's own role in its own region. */
export function createAwsTable(tableName: string): StoreTable {
  const client = new DynamoDBClient({ requestHandler: createOwnRequestHandler() });
  // It deep-copies every answer for a logger that is not there.
  client.middlewareStack.remove('loggerMiddleware');
  return createStoreTable({ client, tableName });
}
