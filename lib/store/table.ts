import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { AttributeValue, CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The one table. Everything is found by these two attributes; DynamoDB deletes an item some time after `expiresAt`. */
export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';
/** Seconds since 1970-01-01 UTC, as DynamoDB's time to live wants it. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html */
export const EXPIRY_ATTRIBUTE = 'expiresAt';

const MS_PER_SECOND = 1000;
/** More random bits than the 122 of a UUID, in fewer characters: an item names its own generation and that of what it rests on. */
const GENERATION_BYTES = 16;

export type Item = Record<string, AttributeValue>;

export interface StoreClock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  sleep(durationMs: number): Promise<void>;
}

/** The table with all that its users need of the world, so that tests can replay time, chance and names. */
export interface StoreTable {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: StoreClock;
  /** At least 0, less than 1. */
  randomFraction(): number;
  /** A name that no other call, here or elsewhere, ever returns. */
  newGeneration(): string;
}

export interface StoreTableOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock?: StoreClock;
  readonly randomFraction?: () => number;
  readonly newGeneration?: () => string;
}

/** Returns the table behind a client. */
export function createStoreTable(options: StoreTableOptions): StoreTable {
  return {
    client: options.client,
    tableName: options.tableName,
    clock: options.clock ?? { now: () => Date.now(), sleep: (durationMs) => delay(durationMs) },
    randomFraction: options.randomFraction ?? Math.random,
    newGeneration: options.newGeneration ?? (() => randomBytes(GENERATION_BYTES).toString('base64url')),
  };
}

/** What creates the table in an embedded engine; in AWS the infrastructure does, with time to live and backups. */
export function createTableInput(tableName: string): CreateTableCommandInput {
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: PARTITION_KEY, AttributeType: 'S' },
      { AttributeName: SORT_KEY, AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: PARTITION_KEY, KeyType: 'HASH' },
      { AttributeName: SORT_KEY, KeyType: 'RANGE' },
    ],
  };
}

/** The clock's time in the unit of `expiresAt`, rounded down: an item expires at the start of its second. */
export function nowSeconds(table: StoreTable): number {
  return Math.floor(table.clock.now() / MS_PER_SECOND);
}

/** DynamoDB deletes expired items days late, and the embedded engine never does: what reads an item asks this. */
export function isExpired(table: StoreTable, item: Item): boolean {
  const expiresAt = item[EXPIRY_ATTRIBUTE]?.N;
  return expiresAt !== undefined && Number(expiresAt) <= nowSeconds(table);
}
