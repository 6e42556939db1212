import { type AttributeValue, ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../lib/store/table.ts';

/**
 * A table in this process for suites that need many thousand requests: as much of DynamoDB as the stores ask for. It throws at
 * any expression that it does not know. `memory-dynamodb.test.ts` compares it with dynalite.
 */
export interface MemoryDynamodb {
  /** Returns a client of a process of its own; what it sends goes through `around`. */
  client(around?: <T>(commandName: string, act: () => Promise<T>) => Promise<T>): DynamoDBClient;
}

interface Request {
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ConditionExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  readonly ReturnValues?: string;
}

export function createMemoryDynamodb(): MemoryDynamodb {
  const items = new Map<string, Item>();
  return {
    client(around = (_, act) => act()) {
      const client = {
        middlewareStack: { add: () => undefined },
        send: (command: { readonly constructor: { readonly name: string }; readonly input: Request }) =>
          around(command.constructor.name, async () => ({
            $metadata: {},
            ...answer(items, command.constructor.name, command.input),
          })),
      };
      // The stores add middleware to a client, which nothing passes here, and send it commands; they ask nothing else of it.
      return client as unknown as DynamoDBClient;
    },
  };
}

function answer(items: Map<string, Item>, commandName: string, request: Request): object {
  switch (commandName) {
    case 'GetItemCommand': {
      const item = items.get(nameOf(request.Key));
      return item === undefined ? {} : { Item: structuredClone(item) };
    }
    case 'PutItemCommand': {
      const name = nameOf(request.Item);
      const before = checked(items.get(name), request);
      items.set(name, structuredClone(request.Item ?? {}));
      return request.ReturnValues === 'ALL_OLD' && before !== undefined ? { Attributes: before } : {};
    }
    case 'DeleteItemCommand':
      checked(items.get(nameOf(request.Key)), request);
      items.delete(nameOf(request.Key));
      return {};
    case 'UpdateItemCommand': {
      const before = checked(items.get(nameOf(request.Key)), request);
      const [, attribute, value] = /^SET (\w+) = (:\w+)$/.exec(request.UpdateExpression ?? '') ?? unknown(request);
      const after = {
        ...request.Key,
        ...before,
        [attribute ?? '']: operand(value ?? '', {}, request) ?? unknown(request),
      };
      items.set(nameOf(request.Key), after);
      return { Attributes: structuredClone(after) };
    }
    case 'QueryCommand': {
      const condition = request.KeyConditionExpression ?? unknown(request);
      const found = [...items.values()].filter((item) => holds(condition, item, request));
      return { Items: structuredClone(found.toSorted((a, b) => (textOf(a['sk']) < textOf(b['sk']) ? -1 : 1))) };
    }
    default:
      throw new Error(`The table in memory does not know ${commandName}`);
  }
}

function checked(before: Item | undefined, request: Request): Item | undefined {
  const { ConditionExpression: condition } = request;
  if (condition !== undefined && !holds(condition, before ?? {}, request)) {
    throw new ConditionalCheckFailedException({ $metadata: {}, message: 'The conditional request failed' });
  }
  return before;
}

/** `OR` binds less than `AND`; a `BETWEEN` has an `AND` of its own. */
function holds(expression: string, item: Item, request: Request): boolean {
  return expression
    .split(' OR ')
    .some((part) => part.split(/ AND (?!:last)/).every((term) => holdsTerm(term, item, request)));
}

function holdsTerm(term: string, item: Item, request: Request): boolean {
  const [, absent] = /^attribute_not_exists\((#?\w+)\)$/.exec(term) ?? [];
  if (absent !== undefined) {
    return operand(absent, item, request) === undefined;
  }
  const [, begun, start] = /^begins_with\((\w+), (:\w+)\)$/.exec(term) ?? [];
  if (begun !== undefined && start !== undefined) {
    return textOf(operand(begun, item, request)).startsWith(textOf(operand(start, item, request)));
  }
  const [, within, first, last] = /^(\w+) BETWEEN (:\w+) AND (:\w+)$/.exec(term) ?? [];
  if (within !== undefined && first !== undefined && last !== undefined) {
    return (
      compared(operand(within, item, request), operand(first, item, request)) >= 0 &&
      compared(operand(within, item, request), operand(last, item, request)) <= 0
    );
  }
  const [, left = '', operator, right = ''] = /^([#:]?\w+) (=|<|<=|>) ([#:]?\w+)$/.exec(term) ?? unknown(request);
  const order = compared(operand(left, item, request), operand(right, item, request));
  // What is absent compares with nothing.
  return { '=': order === 0, '<': order < 0, '<=': order <= 0, '>': order > 0 }[operator ?? ''] ?? false;
}

function operand(text: string, item: Item, request: Request): AttributeValue | undefined {
  if (text.startsWith(':')) {
    return request.ExpressionAttributeValues?.[text] ?? unknown(request);
  }
  return item[text.startsWith('#') ? (request.ExpressionAttributeNames?.[text] ?? unknown(request)) : text];
}

function compared(a: AttributeValue | undefined, b: AttributeValue | undefined): number {
  if (a?.N !== undefined && b?.N !== undefined) {
    return Number(a.N) - Number(b.N);
  }
  if (a?.S !== undefined && b?.S !== undefined) {
    return a.S === b.S ? 0 : a.S < b.S ? -1 : 1;
  }
  return Number.NaN;
}

function textOf(value: AttributeValue | undefined): string {
  return value?.S ?? '';
}

function nameOf(key: Item | undefined): string {
  return JSON.stringify([key?.['pk']?.S, key?.['sk']?.S]);
}

function unknown(request: Request): never {
  throw new Error(`The table in memory does not know this: ${JSON.stringify(request)}`);
}
