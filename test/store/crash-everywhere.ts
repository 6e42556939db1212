import type { StoreTable } from '../../lib/store/table.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { crashAt, type FaultPlace, InjectedFault } from './faulty-dynamodb.ts';
import { aTable, openTable, type TableUnderTest } from './table-under-test.ts';

export const FAULT_PLACES: readonly FaultPlace[] = ['before', 'after'];

export interface CrashCase {
  /** What is there before. */
  readonly prepare?: (table: StoreTable) => Promise<unknown>;
  readonly act: (table: StoreTable) => Promise<unknown>;
  /** What has to hold after each crash, and when nothing crashed; it finishes what was left. */
  readonly check: (table: TableUnderTest) => Promise<unknown>;
}

/** Lets an action die at each of its requests in turn, each time in a table of its own. Returns how many requests it sends. */
export async function crashEverywhere(
  engine: Engine,
  place: FaultPlace,
  { prepare, act, check }: CrashCase,
): Promise<number> {
  for (let requestNumber = 1; ; requestNumber += 1) {
    const table = await aTable(engine);
    await prepare?.(table);
    const dying = openTable(engine, table.tableName, (client) => crashAt(client, { requestNumber, place }));
    const isCrashed = await act(dying).then(
      () => false,
      (cause: unknown) => {
        if (cause instanceof InjectedFault) {
          return true;
        }
        throw cause;
      },
    );
    await check(table);
    if (!isCrashed) {
      return requestNumber - 1;
    }
  }
}
