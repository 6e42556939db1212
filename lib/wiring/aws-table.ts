import { createStoreTable, type StoreTable } from '../store/table.ts';
import { createTableClient } from './table-client.ts';

/** Returns the deployment's table, with the function's own role in its own region. */
export function createAwsTable(tableName: string): StoreTable {
  return createStoreTable({ client: createTableClient(), tableName });
}
