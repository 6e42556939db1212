import { type Slot, slotMs } from '../audit/slot.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import { lastItem, textOf } from './items.ts';
import { type FactsSeries, type ItemKey, slotFactsKey, slotFactsPrefix } from './keys.ts';
import { type Item, isExpired, type StoreTable } from './table.ts';
import { isRetired, readPlaces, type ViewerPlace } from './viewer-place.ts';

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
  { vpc, viewerAccountId, series }: SeriesOfViewer,
  place: ViewerPlace | undefined,
): Promise<NewestFacts | undefined> {
  const prefix = slotFactsPrefix(vpc, viewerAccountId, series);
  const item = place === undefined ? undefined : await lastItem(table, prefix);
  if (place === undefined || item === undefined || isExpired(table, item)) {
    return undefined;
  }
  const key = { pk: prefix.pk, sk: textOf(item['sk'], 'its sort key') };
  const slot = slotOf(prefix, key, item);
  // The first of a day outlives what came after it, and is not the newest because that has expired.
  const isOld = slotMs(slot) + SLOT_DAYS * MS_PER_DAY <= table.clock.now();
  return isOld || isRetired(place, slot) ? undefined : { slot, key, item };
}

/** Finds what every account that still sees a VPC observed last, in the order of the accounts. */
export async function findEveryNewest(table: StoreTable, vpc: VpcId): Promise<SeeingViewer[]> {
  const viewers = await Promise.all(
    (await readPlaces(table, vpc)).map(async (place) => {
      const { viewerAccountId, seenSlot } = place;
      const [scan, pulse] = await Promise.all([
        findNewest(table, { vpc, viewerAccountId, series: 'scan' }, place),
        findNewest(table, { vpc, viewerAccountId, series: 'pulse' }, place),
      ]);
      const isLost = scan === undefined && seenSlot !== undefined && !isRetired(place, seenSlot);
      // Where nothing was ever scanned, the place is that of a pulse.
      return { viewerAccountId, scan, pulse, hasExpired: isLost && (seenSlot.kind !== 'pulse' || pulse === undefined) };
    }),
  );
  return viewers.filter(({ scan, pulse, hasExpired }) => scan !== undefined || pulse !== undefined || hasExpired);
}

function slotOf(prefix: ItemKey, { pk, sk }: ItemKey, item: Item): Slot {
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
