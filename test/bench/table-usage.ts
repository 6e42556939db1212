import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';

/** What one kind of item took of DynamoDB. */
export interface ItemUsage {
  readonly requests: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Writes whose condition did not hold: DynamoDB bills them, a unit at least, which is what is counted here. */
  readonly refusedWrites: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
}

export type TableUsage = ReadonlyMap<ItemKind, ItemUsage>;

/** By the keys of `lib/store/keys.ts`. */
const KINDS = [
  ['facts.slot', /^vpc#.*\n(chunk#)?facts(#|%0023)slot/],
  ['facts.viewer', /^vpc#.*\nfacts#viewer/],
  ['state.newest', /^states#\d+\n(chunk#)?state/],
  ['state.base', /^states#\d+\n(chunk#)?base/],
  ['forecasts', /^vpc#.*\n(chunk#)?series(#|%0023)forecasts/],
  ['alerts', /\n(alert|transition|silence)#/],
  ['state.locations', /^(subnet|cluster)#/],
  ['series', /^vpc#.*\n(chunk#)?series/],
  ['series.daily', /^vpc#.*\n(chunk#)?daily-room/],
  ['runs.plan', /^run#.*\n(chunk#)?run(#|%0023)plan/],
  ['runs.outcomes', /^run#.*\n(chunk#)?run(#|%0023)outcomes/],
  ['runs.read', /^run#/],
  ['runs.list', /^runs\n/],
  ['directory', /^directory\n/],
  ['targets', /^target#/],
  ['fleet.version', /^fleet\n/],
  ['fleet.history', /^fleet-history#/],
  ['fleet.core', /^fleet#.*\nshard#\d+#core/],
  ['fleet.rest', /^fleet#.*\nshard#\d+#rest/],
  ['fleet.scan', /^fleet#.*\nshard#\d+#scan/],
  ['fleet.outline', /^fleet#.*\nshard#\d+#outline/],
  ['fleet.urgent', /^fleet#.*\nshard#\d+#urgent/],
] as const;

export type ItemKind = (typeof KINDS)[number][0];

export interface TableMeter {
  /** What was used since this was asked last. */
  take(): TableUsage;
}

/** Meters a client by kind of item, beside that of `meteredTable`, which makes DynamoDB say what it consumed. */
export function meterTable(client: DynamoDBClient): TableMeter {
  let usage = new Map<ItemKind, ItemUsage>();
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const kind = kindOf(args.input);
        const isWrite = /^(Put|Update|Delete|BatchWrite)/.test(commandName);
        const used = { requests: 1, readUnits: 0, writeUnits: 0, refusedWrites: 0, readBytes: 0, writtenBytes: 0 };
        try {
          const result = await next(args);
          const units = unitsOf(result.output);
          const own = isWrite
            ? { writeUnits: units, writtenBytes: bytesOf(args.input) }
            : { readUnits: units, readBytes: bytesOf(result.output) };
          usage = added(usage, kind, { ...used, ...own });
          return result;
        } catch (cause) {
          if (cause instanceof ConditionalCheckFailedException) {
            usage = added(usage, kind, { ...used, writeUnits: 1, refusedWrites: 1 });
          }
          throw cause;
        }
      },
    { step: 'initialize', name: 'meterTable' },
  );
  return {
    take() {
      const taken = usage;
      usage = new Map();
      return taken;
    },
  };
}

/** Sums up what was used, by kind of item. */
export function sumUsage(usages: readonly TableUsage[]): TableUsage {
  return usages.reduce<TableUsage>(
    (total, usage) => [...usage].reduce((sum, [kind, used]) => added(sum, kind, used), new Map(total)),
    new Map(),
  );
}

function added(usage: TableUsage, kind: ItemKind, used: ItemUsage): Map<ItemKind, ItemUsage> {
  const known = usage.get(kind);
  const sum: ItemUsage =
    known === undefined
      ? used
      : {
          requests: known.requests + used.requests,
          readUnits: known.readUnits + used.readUnits,
          writeUnits: known.writeUnits + used.writeUnits,
          refusedWrites: known.refusedWrites + used.refusedWrites,
          readBytes: known.readBytes + used.readBytes,
          writtenBytes: known.writtenBytes + used.writtenBytes,
        };
  return new Map(usage).set(kind, sum);
}

/** What DynamoDB bills the storage of each item for beside its names and values. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
const INDEX_BYTES = 100;

/** What is kept of a kind of item. */
export interface KeptItems {
  readonly items: number;
  readonly bytes: number;
}

/** Adds up what a table keeps, by kind of item; documents that rest on others apart. */
export async function keptItems(client: DynamoDBClient, tableName: string): Promise<ReadonlyMap<string, KeptItems>> {
  const kept = new Map<string, KeptItems>();
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: tableName, ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
    );
    for (const item of page.Items ?? []) {
      const kind = kindOfKey(`${item['pk']?.S}\n${item['sk']?.S}`);
      const name = item['baseSk'] === undefined ? kind : `${kind}, on others`;
      const { items, bytes } = kept.get(name) ?? { items: 0, bytes: 0 };
      kept.set(name, { items: items + 1, bytes: bytes + INDEX_BYTES + itemBytes(item) });
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return kept;
}

function itemBytes(item: Record<string, AttributeValue>): number {
  return Object.keys(item).reduce((sum, name) => sum + Buffer.byteLength(name), bytesOf(item));
}

function kindOf(input: object): ItemKind {
  return kindOfKey(firstKey(input));
}

function kindOfKey(keyText: string): ItemKind {
  const kind = KINDS.find(([, pattern]) => pattern.test(keyText));
  if (kind === undefined) {
    throw new Error(`Cannot meter a request: its key is of no known kind: ${JSON.stringify(keyText)}`);
  }
  return kind[0];
}

/** Items of one request are of one kind: the first key says which. */
function firstKey(input: object): string {
  const found = new Map<string, string>();
  walk(input, (name, value) => {
    if (!found.has(name)) {
      found.set(name, value);
    }
  });
  const pk = found.get('pk') ?? found.get(':pk') ?? '';
  const sk = found.get('sk') ?? found.get(':sk') ?? found.get(':first') ?? '';
  return `${pk}\n${sk}`;
}

function walk(value: unknown, visit: (name: string, text: string) => void): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    return;
  }
  for (const [name, child] of Object.entries(value)) {
    if (isTextAttribute(child)) {
      visit(name, child.S);
    } else {
      walk(child, visit);
    }
  }
}

function isTextAttribute(value: unknown): value is AttributeValue.SMember {
  return typeof value === 'object' && value !== null && 'S' in value && typeof value.S === 'string';
}

/** The values of items in bytes: texts, numbers and what is packed, without the names of attributes. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') {
    return Buffer.byteLength(value);
  }
  if (value instanceof Uint8Array) {
    return value.byteLength;
  }
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  return Object.entries(value).reduce(
    (sum, [name, child]) => (OUTSIDE_ITEMS.has(name) ? sum : sum + bytesOf(child)),
    0,
  );
}

const OUTSIDE_ITEMS: ReadonlySet<string> = new Set([
  '$metadata',
  'ConsumedCapacity',
  'TableName',
  'ConditionExpression',
  'UpdateExpression',
  'ExpressionAttributeNames',
]);

function unitsOf(output: object): number {
  const capacity = 'ConsumedCapacity' in output ? output.ConsumedCapacity : undefined;
  const all: readonly unknown[] = Array.isArray(capacity) ? capacity : [capacity];
  return all.reduce<number>((sum, one) => sum + unitsIn(one), 0);
}

function unitsIn(capacity: unknown): number {
  return typeof capacity === 'object' &&
    capacity !== null &&
    'CapacityUnits' in capacity &&
    typeof capacity.CapacityUnits === 'number'
    ? capacity.CapacityUnits
    : Number.NaN;
}
