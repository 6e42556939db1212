import { type DynamoDBClient, GetItemCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../lib/store/table.ts';

/** Makes reads that need not be consistent answer what `late` makes of each item, which is the same item where it is not late. */
export function changeAnswers(
  client: DynamoDBClient,
  late: (item: Item, requestName: string) => Item | undefined,
): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const { output, ...rest } = await next(args);
        if (!('ConsistentRead' in args.input && args.input.ConsistentRead === false)) {
          return { ...rest, output };
        }
        const requestName = `${commandName} ${JSON.stringify(args.input)}`;
        return { ...rest, output: changed(output, (item) => late(item, requestName)) };
      },
    { step: 'initialize', name: 'changeAnswers' },
  );
}

function changed<O extends object>(output: O, late: (item: Item) => Item | undefined): O {
  if ('Item' in output && output.Item !== undefined) {
    // Only GetItem answers with one item.
    return { ...output, Item: late(output.Item as Item) };
  }
  if ('Items' in output) {
    // Of what the stores send, only Query answers with several.
    const { Items: items = [] } = output as unknown as QueryCommandOutput;
    return { ...output, Items: items.map(late).filter((item) => item !== undefined) };
  }
  return output;
}

/** What each item was before it was written last, and when that was, by name; shared by the clients of a table. */
export type WriteHistory = Map<string, { readonly before: Item | undefined; readonly writtenAtMs: number }>;

export interface LateAnswers {
  readonly history: WriteHistory;
  readonly now: () => number;
  /** Whether a request is answered late. */
  readonly isLate?: (requestName: string) => boolean;
}

/**
 * Makes reads that need not be consistent answer as of a moment before: without what was written at this very moment. No engine
 * on one machine ever does. Returns how many items were late.
 */
export function answerLate(client: DynamoDBClient, { history, now, isLate = () => true }: LateAnswers): () => number {
  let lateCount = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const written = writtenItem(args.input);
      if (written === undefined) {
        return next(args);
      }
      const name = nameOf(written.key);
      const known = history.get(name);
      const before = known?.writtenAtMs === now() ? known.before : await readNow(client, written);
      const result = await next(args);
      history.set(name, { before, writtenAtMs: now() });
      return result;
    },
    { step: 'initialize', name: 'noteWrites' },
  );
  changeAnswers(client, (item, requestName) => {
    const known = history.get(nameOf(item));
    if (known?.writtenAtMs !== now() || !isLate(requestName)) {
      return item;
    }
    lateCount += 1;
    return known.before;
  });
  return () => lateCount;
}

interface WrittenItem {
  readonly tableName: string;
  readonly key: Item;
}

/** What is written in batches is written once, and read consistently. */
function writtenItem(input: object): WrittenItem | undefined {
  const tableName = 'TableName' in input && typeof input.TableName === 'string' ? input.TableName : undefined;
  const isUpdate = 'UpdateExpression' in input && 'Key' in input;
  // The stores send plain attribute values.
  const item = ('Item' in input ? input.Item : isUpdate ? input.Key : undefined) as Item | undefined;
  const { pk, sk } = item ?? {};
  return tableName === undefined || pk === undefined || sk === undefined ? undefined : { tableName, key: { pk, sk } };
}

async function readNow(client: DynamoDBClient, { tableName, key }: WrittenItem): Promise<Item | undefined> {
  const asked = { TableName: tableName, Key: key, ConsistentRead: true };
  return (await client.send(new GetItemCommand(asked))).Item;
}

function nameOf({ pk, sk }: Item): string {
  return JSON.stringify([pk?.S, sk?.S]);
}
