import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { parseSlot, type Slot, slotMs, slotOrder, slotText } from '../audit/slot.ts';
import type { ReadOptions } from '../audit/store-ports.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import { getItem, keyItem, queryItems, textOf } from './items.ts';
import { viewerPlaceKey, viewerPlacePrefix } from './keys.ts';
import { EXPIRY_ATTRIBUTE, type Item, isExpired, nowSeconds, type StoreTable } from './table.ts';

/**
 * That one account sees a VPC. It says so for longer than facts are kept, and need not say what the newest of them is: that is
 * the last by its key.
 */
export interface ViewerPlace {
  readonly viewerAccountId: string;
  /** An observation, mostly the first scan of the day that was the last one; `undefined` where there was none. */
  readonly seenSlot: Slot | undefined;
  /** As of when the account no longer saw the VPC; what it observed for a later slot stands. */
  readonly retiredSlot: Slot | undefined;
}

const SECONDS_PER_DAY = 86_400;
const MS_PER_DAY = 86_400_000;
/** Thirteen months: what is gone for longer is forgotten. */
const PLACE_SECONDS = 396 * SECONDS_PER_DAY;

/** Reads an account's place, or `undefined` where it has none. */
export async function readPlace(
  table: StoreTable,
  vpc: VpcId,
  viewerAccountId: string,
  options: ReadOptions,
): Promise<ViewerPlace | undefined> {
  const item = await getItem(table, viewerPlaceKey(vpc, viewerAccountId), options);
  return item === undefined ? undefined : placeOf(item);
}

/** Reads the places of every viewer of a VPC by one Query, in the order of their accounts. */
export async function readPlaces(table: StoreTable, vpc: VpcId, options: ReadOptions): Promise<ViewerPlace[]> {
  const items = await queryItems(table, viewerPlacePrefix(vpc), options);
  return items.filter((item) => !isExpired(table, item)).map(placeOf);
}

/** Notes as of which slot an account saw a VPC, or no longer did, if that is newer than what is noted. */
export async function movePlace(
  table: StoreTable,
  vpc: VpcId,
  viewerAccountId: string,
  moved: { readonly seenSlot: Slot } | { readonly retiredSlot: Slot },
): Promise<void> {
  const [name, slot] = 'seenSlot' in moved ? ['seen', moved.seenSlot] : ['retired', moved.retiredSlot];
  const isNewer = 'attribute_not_exists(#order) OR #expiresAt <= :now OR #order < :order';
  try {
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.tableName,
        Key: keyItem(viewerPlaceKey(vpc, viewerAccountId)),
        UpdateExpression: 'SET #viewer = :viewer, #slot = :slot, #order = :order, #expiresAt = :expiresAt',
        ConditionExpression: isNewer,
        ExpressionAttributeNames: {
          '#viewer': 'viewerAccountId',
          '#slot': `${name}Slot`,
          '#order': `${name}Order`,
          '#expiresAt': EXPIRY_ATTRIBUTE,
        },
        ExpressionAttributeValues: {
          ':viewer': { S: viewerAccountId },
          ':slot': { S: slotText(slot) },
          ':order': { S: slotOrder(slot) },
          ':now': { N: String(nowSeconds(table)) },
          ':expiresAt': { N: String(nowSeconds(table) + PLACE_SECONDS) },
        },
      }),
    );
  } catch (cause) {
    if (!(cause instanceof ConditionalCheckFailedException)) {
      throw cause;
    }
  }
}

/**
 * Returns whether a place has to be moved for an observation: for the first, after a retirement, and for a scan each day, so that
 * the place outlives what it stands for.
 */
export function isNewsTo(place: ViewerPlace | undefined, slot: Slot): boolean {
  if (place?.seenSlot === undefined) {
    return true;
  }
  const isDaily = slot.kind !== 'pulse' && dayOf(place.seenSlot) !== dayOf(slot);
  return slotOrder(place.seenSlot) < slotOrder(slot) && (isDaily || isRetired(place, place.seenSlot));
}

/**
 * Returns whether an account was retired as of a slot or later. Of facts and a retirement of one slot the retirement counts as
 * newer, whichever is written first: a repeat has seen that the VPC is gone.
 */
export function isRetired({ retiredSlot }: ViewerPlace, slot: Slot): boolean {
  return retiredSlot !== undefined && slotOrder(slot) <= slotOrder(retiredSlot);
}

/** Returns the UTC day of a slot, counted from 1970. */
export function dayOf(slot: Slot): number {
  return Math.floor(slotMs(slot) / MS_PER_DAY);
}

const DAYS_PER_WEEK = 7;
/** 1970 began on a Thursday, and a week begins on Monday. */
const DAYS_BEFORE_1970 = 3;

/** Returns the week of a slot, counted from the one in which 1970 began. */
export function weekOf(slot: Slot): number {
  return Math.floor((dayOf(slot) + DAYS_BEFORE_1970) / DAYS_PER_WEEK);
}

function placeOf(item: Item): ViewerPlace {
  return {
    viewerAccountId: textOf(item['viewerAccountId'], 'the viewer of a place'),
    seenSlot: slotIn(item, 'seenSlot'),
    retiredSlot: slotIn(item, 'retiredSlot'),
  };
}

function slotIn(item: Item, name: string): Slot | undefined {
  const text = item[name]?.S;
  const slot = text === undefined ? undefined : parseSlot(text);
  if (text !== undefined && slot === undefined) {
    throw new Error(`Cannot read a place in "${item['pk']?.S}": its ${name} "${text}" names no slot`);
  }
  return slot;
}
