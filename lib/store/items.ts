import { type AttributeValue, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { ReadOptions } from '../audit/store-ports.ts';
import type { ItemKey } from './keys.ts';
import { type Item, isExpired, type StoreTable } from './table.ts';

export const CONSISTENT: ReadOptions = { isConsistent: true };
export const EVENTUAL: ReadOptions = { isConsistent: false };

/** Returns a key as the attributes that DynamoDB knows it by. */
export function keyItem({ pk, sk }: ItemKey): Item {
  return { pk: { S: pk }, sk: { S: sk } };
}

/**
 * Reads one item, or `undefined` where none is or it has expired: as it is now, or, for half the read units, as it was at most
 * a moment ago. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
 */
export async function getItem(
  table: StoreTable,
  key: ItemKey,
  { isConsistent }: ReadOptions = CONSISTENT,
): Promise<Item | undefined> {
  const { Item: item } = await table.client.send(
    new GetItemCommand({ TableName: table.tableName, Key: keyItem(key), ConsistentRead: isConsistent }),
  );
  return item === undefined || isExpired(table, item) ? undefined : item;
}

/** Reads every item of a partition whose sort key begins with the prefix's, in the order of their sort keys, expired ones too. */
export function queryItems(table: StoreTable, { pk, sk }: ItemKey, options: ReadOptions = CONSISTENT): Promise<Item[]> {
  return queryAll(table, 'begins_with(sk, :sk)', { ':pk': { S: pk }, ':sk': { S: sk } }, options);
}

/** Reads the item with the last sort key that begins with the prefix's, or `undefined` where none does; an expired one too. */
export async function lastItem(
  table: StoreTable,
  { pk, sk }: ItemKey,
  { isConsistent }: ReadOptions = CONSISTENT,
): Promise<Item | undefined> {
  const { Items: items } = await table.client.send(
    new QueryCommand({
      TableName: table.tableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': { S: pk }, ':sk': { S: sk } },
      ScanIndexForward: false,
      Limit: 1,
      ConsistentRead: isConsistent,
    }),
  );
  return items?.[0];
}

/**
 * Reads every item of a partition from one sort key to another, both included, in their order, expired ones too. Of some attributes
 * only, where these are named: that takes as many read units, and a fraction of the time.
 */
export function queryItemsBetween(
  table: StoreTable,
  first: ItemKey,
  last: ItemKey,
  options: ReadOptions & { readonly attributes?: readonly string[] } = CONSISTENT,
): Promise<Item[]> {
  const values = { ':pk': { S: first.pk }, ':first': { S: first.sk }, ':last': { S: last.sk } };
  return queryAll(table, 'sk BETWEEN :first AND :last', values, options);
}

async function queryAll(
  table: StoreTable,
  sortKeyCondition: string,
  values: Item,
  { isConsistent, attributes }: ReadOptions & { readonly attributes?: readonly string[] },
): Promise<Item[]> {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        KeyConditionExpression: `pk = :pk AND ${sortKeyCondition}`,
        ExpressionAttributeValues: values,
        ConsistentRead: isConsistent,
        ...(attributes === undefined ? {} : { ProjectionExpression: attributes.join() }),
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    // The SDK leaves an empty page's items out, so here absent does mean none.
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}

/** Returns the text of an attribute; throws, naming what it is of, where there is none. */
export function textOf(attribute: AttributeValue | undefined, what: string): string {
  if (attribute?.S === undefined) {
    throw new Error(`Cannot read an item: ${what} is no text`);
  }
  return attribute.S;
}
