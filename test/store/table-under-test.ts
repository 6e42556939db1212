import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createStoreTable } from '../../lib/store/table.ts';
import { createTable, type Engine, engineClient } from '../helpers/dynamodb-engines.ts';
import { type MeteredTable, meteredTable } from '../helpers/metered-table.ts';

export const START_MS = Date.parse('2026-11-23T08:00:00.000Z');

export interface TableUnderTest extends MeteredTable {
  /** Every wait so far, in milliseconds; each has moved the clock. */
  readonly waits: readonly number[];
  passTime(durationMs: number): void;
}

let tableCount = 0;

/** Creates a table of its own in an engine. */
export async function aTable(engine: Engine): Promise<TableUnderTest> {
  tableCount += 1;
  const tableName = `elbowroom-${tableCount}`;
  await createTable(engine.endpoint, tableName);
  return openTable(engine, tableName);
}

/** Opens a table as another process would: with a client and a clock of its own. `prepare` comes before the table's own use. */
export function openTable(
  engine: Engine,
  tableName: string,
  prepare: (client: DynamoDBClient) => void = () => undefined,
  startMs = START_MS,
): TableUnderTest {
  const client = engineClient(engine.endpoint);
  prepare(client);
  let nowMs = startMs;
  const waits: number[] = [];
  const clock = {
    now: () => nowMs,
    sleep: (durationMs: number) => {
      waits.push(durationMs);
      nowMs += durationMs;
      return Promise.resolve();
    },
  };
  const table = meteredTable(createStoreTable({ client, tableName, clock, randomFraction: () => 1 / 2 }));
  return { ...table, waits, passTime: (durationMs) => (nowMs += durationMs) };
}
