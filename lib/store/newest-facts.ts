import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { parseSlot, type Slot, slotMs, slotText } from '../audit/slot.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import { getItem, keyItem, queryItems, textOf } from './items.ts';
import { type FactsSeries, newestFactsKey, newestFactsPrefix } from './keys.ts';
import { EXPIRY_ATTRIBUTE, type Item, isExpired, nowSeconds, type StoreTable } from './table.ts';

/** One viewer's place in one series of facts of a VPC: moved forward only, after what it names was written. */
export interface NewestFacts {
  readonly viewerAccountId: string;
  readonly series: FactsSeries;
  readonly slot: Slot;
  /** Whether the viewer no longer saw the VPC, as of the slot: then the slot has no facts. */
  readonly isRetired: boolean;
  /** The slot whose facts newer ones are kept as differences to; `undefined` where none were written in full. */
  readonly baseSlot: Slot | undefined;
}

const SECONDS_PER_DAY = 86_400;
/** Thirteen months: what is gone for longer is forgotten. */
const NEWEST_SECONDS = 396 * SECONDS_PER_DAY;

export interface SeriesOfViewer {
  readonly vpc: VpcId;
  readonly viewerAccountId: string;
  readonly series: FactsSeries;
}

/** Reads a viewer's place, or `undefined` where it has none. */
export async function readNewest(table: StoreTable, of: SeriesOfViewer): Promise<NewestFacts | undefined> {
  const item = await getItem(table, newestFactsKey(of.vpc, of.viewerAccountId, of.series));
  return item === undefined ? undefined : newestOf(item);
}

/** Reads the places of every viewer of a VPC by one Query, in the order of their accounts. */
export async function readEveryNewest(table: StoreTable, vpc: VpcId): Promise<NewestFacts[]> {
  const items = await queryItems(table, newestFactsPrefix(vpc));
  return items.filter((item) => !isExpired(table, item)).map(newestOf);
}

export interface Move {
  readonly slot: Slot;
  readonly isRetired: boolean;
  /** `undefined` leaves the one that is there. */
  readonly baseSlot: Slot | undefined;
}

/**
 * Moves a viewer's place to a slot if that is newer than the one it is at, and returns whether it was. Of facts and a
 * retirement of one slot the retirement counts as newer, whichever is written first: a repeat has seen that the VPC is gone.
 */
export async function moveNewest(
  table: StoreTable,
  { vpc, viewerAccountId, series }: SeriesOfViewer,
  { slot, isRetired, baseSlot }: Move,
): Promise<boolean> {
  const isNewer = 'attribute_not_exists(#pk) OR #expiresAt <= :now OR #order < :order';
  const base: Item = baseSlot === undefined ? {} : { ':baseSlot': { S: slotText(baseSlot) } };
  try {
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.tableName,
        Key: keyItem(newestFactsKey(vpc, viewerAccountId, series)),
        UpdateExpression: `SET #viewer = :viewer, #series = :series, #slot = :slot, #order = :order, #isRetired = :isRetired, #expiresAt = :expiresAt${baseSlot === undefined ? '' : ', #baseSlot = :baseSlot'}`,
        ConditionExpression: isNewer,
        ExpressionAttributeNames: {
          '#pk': 'pk',
          '#viewer': 'viewerAccountId',
          '#series': 'series',
          '#slot': 'slot',
          '#order': 'order',
          '#isRetired': 'isRetired',
          '#expiresAt': EXPIRY_ATTRIBUTE,
          ...(baseSlot === undefined ? {} : { '#baseSlot': 'baseSlot' }),
        },
        ExpressionAttributeValues: {
          ':viewer': { S: viewerAccountId },
          ':series': { S: series },
          ':slot': { S: slotText(slot) },
          ':order': { S: [slotOrder(slot), isRetired ? RETIRED : OBSERVED].join(ORDER_SEPARATOR) },
          ':isRetired': { BOOL: isRetired },
          ':now': { N: String(nowSeconds(table)) },
          ':expiresAt': { N: String(nowSeconds(table) + NEWEST_SECONDS) },
          ...base,
        },
      }),
    );
    return true;
  } catch (cause) {
    if (cause instanceof ConditionalCheckFailedException) {
      return false;
    }
    throw cause;
  }
}

const ORDER_SEPARATOR = ' ';
/** These end an order, so that one sorts after the other. */
const OBSERVED = '0';
const RETIRED = '1';

/** Sorts by time first; of two at one moment, one comes after the other whatever order they are written in. */
export function slotOrder(slot: Slot): string {
  const requestId = slot.kind === 'request' ? slot.requestId : '';
  return [new Date(slotMs(slot)).toISOString(), slot.kind, requestId].join(ORDER_SEPARATOR);
}

function newestOf(item: Item): NewestFacts {
  const series = item['series']?.S;
  const slot = parseSlot(textOf(item['slot'], 'the slot of the newest facts'));
  const baseSlot = item['baseSlot']?.S;
  if (slot === undefined || (series !== 'scan' && series !== 'pulse')) {
    throw new Error(`Cannot read the newest facts of "${item['pk']?.S}": "${item['slot']?.S}" names no slot`);
  }
  return {
    viewerAccountId: textOf(item['viewerAccountId'], 'the viewer of the newest facts'),
    series,
    slot,
    isRetired: item['isRetired']?.BOOL === true,
    baseSlot: baseSlot === undefined ? undefined : parseSlot(baseSlot),
  };
}
