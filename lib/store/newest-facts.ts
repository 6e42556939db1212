import { type Slot, slotMs } from '../audit/slot.ts';
import type { ReadOptions } from '../audit/store-ports.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import { utcDayText } from '../domain/utc-day.ts';
import { lastItem, queryItemsBetween, textOf } from './items.ts';
import {
  type FactsSeries,
  type ItemKey,
  slotFactsDayKey,
  slotFactsEndKey,
  slotFactsKey,
  slotFactsPrefix,
} from './keys.ts';
import { type Item, isExpired, type StoreTable } from './table.ts';
import { dayOf, isRetired, readPlaces, type ViewerPlace } from './viewer-place.ts';

/** How long what was observed at a slot is kept at least, and passes for the newest. A decision of this project. */
export const SLOT_DAYS = 30;
const MS_PER_DAY = 86_400_000;

export interface SeriesOfViewer {
  readonly vpc: VpcId;
  readonly viewerAccountId: string;
  readonly series: FactsSeries;
}

/** What an account that still sees a VPC observed last, before it is read. */
export interface NewestFacts {
  readonly slot: Slot;
  readonly key: ItemKey;
  readonly item: Item;
  /** What was read with it and it may rest on, by sort key. */
  readonly items: ReadonlyMap<string, Item>;
}

/** An account that still sees a VPC. */
export interface SeeingViewer {
  readonly viewerAccountId: string;
  readonly scan: NewestFacts | undefined;
  readonly pulse: NewestFacts | undefined;
  /** Whether it saw the VPC so long ago that its facts are no longer kept. */
  readonly hasExpired: boolean;
}

/** The attribute that says whose request a slot was for; of scheduled ones the key says all. */
const REQUEST_ATTRIBUTE = 'requestId';

/** Returns the key of a slot's facts, and what its item says beside them. */
export function slotItemOf({ vpc, viewerAccountId, series }: SeriesOfViewer, slot: Slot) {
  const requestId = slot.kind === 'request' ? slot.requestId : '';
  // The same moment is the same text, and texts sort as moments do.
  const at = new Date(slotMs(slot)).toISOString();
  const attributes: Item = slot.kind === 'request' ? { [REQUEST_ATTRIBUTE]: { S: requestId } } : {};
  return { key: slotFactsKey(vpc, viewerAccountId, series, { kind: slot.kind, at, requestId }), attributes };
}

/** Finds what an account observed last; `undefined` where its place says that it no longer sees the VPC, or has none. */
export async function findNewest(
  table: StoreTable,
  of: SeriesOfViewer,
  place: ViewerPlace | undefined,
  options: ReadOptions,
): Promise<NewestFacts | undefined> {
  const newest = place === undefined ? undefined : await lastOf(table, of, place, options);
  if (place === undefined || newest === undefined) {
    return undefined;
  }
  const slot = slotOf(of, newest);
  // The first of a week outlives what came after it, and is not the newest because that has expired.
  const isOld = slotMs(slot) + SLOT_DAYS * MS_PER_DAY <= table.clock.now();
  return isOld || isRetired(place, slot) ? undefined : { slot, ...newest };
}

/**
 * Scans rest on those before them on their day, and the place says on which day at the earliest the newest is. A pulse rests on
 * nothing, and a place that no scan has moved says nothing of scans.
 */
async function lastOf(
  table: StoreTable,
  { vpc, viewerAccountId, series }: SeriesOfViewer,
  { seenSlot }: ViewerPlace,
  options: ReadOptions,
): Promise<FoundItems | undefined> {
  if (series === 'scan' && seenSlot !== undefined && seenSlot.kind !== 'pulse') {
    const from = slotFactsDayKey(vpc, viewerAccountId, series, utcDayText(dayOf(seenSlot)));
    return readUpTo(table, from, slotFactsEndKey(vpc, viewerAccountId, series), options);
  }
  const prefix = slotFactsPrefix(vpc, viewerAccountId, series);
  const item = await lastItem(table, prefix, options);
  return item === undefined || isExpired(table, item) ? undefined : foundIn(prefix.pk, [item]);
}

/** The last item of a range, and all of them by sort key. */
export type FoundItems = Omit<NewestFacts, 'slot'>;

/** Reads what an account observed on the day of a slot, up to it; `undefined` where there is nothing. */
export function readDayUpTo(
  table: StoreTable,
  of: SeriesOfViewer,
  slot: Slot,
  options: ReadOptions,
): Promise<FoundItems | undefined> {
  const { vpc, viewerAccountId, series } = of;
  const from = slotFactsDayKey(vpc, viewerAccountId, series, utcDayText(dayOf(slot)));
  return readUpTo(table, from, slotItemOf(of, slot).key, options);
}

async function readUpTo(
  table: StoreTable,
  from: ItemKey,
  to: ItemKey,
  options: ReadOptions,
): Promise<FoundItems | undefined> {
  const items = await queryItemsBetween(table, from, to, options);
  return foundIn(
    from.pk,
    items.filter((item) => !isExpired(table, item)),
  );
}

function foundIn(pk: string, items: readonly Item[]): FoundItems | undefined {
  const item = items.at(-1);
  return item === undefined
    ? undefined
    : { key: { pk, sk: sortKeyOf(item) }, item, items: new Map(items.map((one) => [sortKeyOf(one), one])) };
}

function sortKeyOf(item: Item): string {
  return textOf(item['sk'], 'its sort key');
}

/** Finds what every account that still sees a VPC observed last, in the order of the accounts. */
export async function findEveryNewest(table: StoreTable, vpc: VpcId, options: ReadOptions): Promise<SeeingViewer[]> {
  const viewers = await Promise.all(
    (await readPlaces(table, vpc, options)).map(async (place) => {
      const { viewerAccountId, seenSlot } = place;
      const [scan, pulse] = await Promise.all([
        findNewest(table, { vpc, viewerAccountId, series: 'scan' }, place, options),
        findNewest(table, { vpc, viewerAccountId, series: 'pulse' }, place, options),
      ]);
      const isLost = scan === undefined && seenSlot !== undefined && !isRetired(place, seenSlot);
      // Where nothing was ever scanned, the place is that of a pulse.
      return { viewerAccountId, scan, pulse, hasExpired: isLost && (seenSlot.kind !== 'pulse' || pulse === undefined) };
    }),
  );
  return viewers.filter(({ scan, pulse, hasExpired }) => scan !== undefined || pulse !== undefined || hasExpired);
}

function slotOf(of: SeriesOfViewer, { key: { pk, sk }, item }: FoundItems): Slot {
  const prefix = slotFactsPrefix(of.vpc, of.viewerAccountId, of.series);
  const [at = '', kind] = sk.slice(prefix.sk.length).split('#');
  const requestId = item[REQUEST_ATTRIBUTE]?.S;
  if (kind === 'scan' || kind === 'pulse') {
    return { kind, at };
  }
  if (kind === 'request' && requestId !== undefined) {
    return { kind, at, requestId };
  }
  throw new Error(`Cannot read the newest facts "${pk}" / "${sk}": the key and attributes name no slot`);
}
