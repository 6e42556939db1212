import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { StoreTable } from '../../lib/store/table.ts';

/** Request units of DynamoDB as it reported them itself. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
export interface ConsumedUnits {
  readonly requestCount: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

interface CapacityMeter {
  /** What each operation (`GetItem`, `Query`, …) consumed since the meter was made or reset. */
  byOperation(): ReadonlyMap<string, ConsumedUnits>;
  total(): ConsumedUnits;
  reset(): void;
}

/** A table whose calls are counted. */
export interface MeteredTable extends StoreTable {
  readonly meter: CapacityMeter;
}

/** Only these operations report what they consume; others refuse to be asked. */
const READ_OPERATIONS: ReadonlySet<string> = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan']);
const WRITE_OPERATIONS: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);
const NOTHING: ConsumedUnits = { requestCount: 0, readUnits: 0, writeUnits: 0 };
const COMMAND_SUFFIX = /Command$/;

/**
 * Makes the client of a table ask DynamoDB with every call what it consumed, and returns the table with the meter that sums the
 * answers up. A call that fails is not counted: DynamoDB reports nothing with an error, though it bills a condition that did not
 * hold as a write.
 */
export function meteredTable(table: StoreTable): MeteredTable {
  return { ...table, meter: meterCapacity(table.client) };
}

function meterCapacity(client: DynamoDBClient): CapacityMeter {
  const units = new Map<string, ConsumedUnits>();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const operation = (context.commandName ?? '').replace(COMMAND_SUFFIX, '');
      if (!READ_OPERATIONS.has(operation) && !WRITE_OPERATIONS.has(operation)) {
        return next(args);
      }
      const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
      units.set(operation, sum(units.get(operation) ?? NOTHING, consumed(operation, result.output)));
      return result;
    },
    { step: 'initialize', name: 'meterCapacity' },
  );
  return {
    byOperation: () => new Map(units),
    total: () => [...units.values()].reduce(sum, NOTHING),
    reset: () => units.clear(),
  };
}

function consumed(operation: string, output: object): ConsumedUnits {
  const reported = capacitiesOf(output).reduce((total, { CapacityUnits }) => total + (CapacityUnits ?? Number.NaN), 0);
  return READ_OPERATIONS.has(operation)
    ? { requestCount: 1, readUnits: reported, writeUnits: 0 }
    : { requestCount: 1, readUnits: 0, writeUnits: reported };
}

function capacitiesOf(output: object): readonly ConsumedCapacity[] {
  if (!('ConsumedCapacity' in output) || typeof output.ConsumedCapacity !== 'object') {
    return [];
  }
  const { ConsumedCapacity: capacity } = output;
  if (Array.isArray(capacity)) {
    return capacity;
  }
  return capacity === null ? [] : [capacity];
}

function sum(a: ConsumedUnits, b: ConsumedUnits): ConsumedUnits {
  return {
    requestCount: a.requestCount + b.requestCount,
    readUnits: a.readUnits + b.readUnits,
    writeUnits: a.writeUnits + b.writeUnits,
  };
}
