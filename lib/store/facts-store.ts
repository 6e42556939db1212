import { type Slot, slotText } from '../audit/slot.ts';
import type { FactsStore, PutFactsOutcome, SlotFacts, SlotPulse, ViewerFacts } from '../audit/store-ports.ts';
import type { JudgedViewer, VpcId } from '../domain/capacity/vpc-state.ts';
import type { RegionFacts } from '../domain/region-facts.ts';
import { type DocumentKind, decodeDocument } from './document-kind.ts';
import { FACTS_DOCUMENT } from './facts-codec.ts';
import {
  findEveryNewest,
  findNewest,
  type NewestFacts,
  type SeeingViewer,
  type SeriesOfViewer,
  SLOT_DAYS,
  slotItemOf,
} from './newest-facts.ts';
import {
  type DocumentBase,
  type PackedContent,
  type PackedDifference,
  packDifference,
  packInFull,
} from './packed-content.ts';
import { hasRoomForMore, type PackedDocument, readDocument, readPacked, writeContent } from './packed-document.ts';
import { PULSE_DOCUMENT } from './pulse-codec.ts';
import { differenceBytesMax } from './rebase-rule.ts';
import { nowSeconds, type StoreTable } from './table.ts';
import { dayOf, isNewsTo, movePlace, readPlace, slotOrder, type ViewerPlace } from './viewer-place.ts';

const SECONDS_PER_DAY = 86_400;
const SLOT_SECONDS = SLOT_DAYS * SECONDS_PER_DAY;
/** What is written on a day may need each other, and the last of it is kept as long as the first; one day more for clocks. */
const BASE_SECONDS = SLOT_SECONDS + 2 * SECONDS_PER_DAY;
/** Thirteen months: one full document of each day is kept for so long. */
const DAY_SECONDS = 396 * SECONDS_PER_DAY;

/**
 * Keeps facts of VPCs, one document per viewer and slot. The first of a day is in full, the others are differences to each
 * other: then an observation costs a WRU or two. The newest is the last by its key; what is there is there, and no pointer to it
 * has to be moved.
 */
export function createFactsStore(table: StoreTable): FactsStore {
  return {
    putFacts: (vpc, observed) => putFacts(table, vpc, observed),
    putPulse: (vpc, observed) => putPulse(table, vpc, observed),
    factsAt: (vpc, viewerAccountId, slot) =>
      readAt(table, { vpc, viewerAccountId, series: 'scan' }, slot, FACTS_DOCUMENT),
    pulseAt: (vpc, viewerAccountId, slot) =>
      readAt(table, { vpc, viewerAccountId, series: 'pulse' }, slot, PULSE_DOCUMENT),
    latestFacts: (vpc) => latestFacts(table, vpc),
    latestSlots: async (vpc) => (await findEveryNewest(table, vpc)).map(judgedViewer),
    async latestScan(vpc, viewerAccountId) {
      const place = await readPlace(table, vpc, viewerAccountId);
      const newest = await findNewest(table, { vpc, viewerAccountId, series: 'scan' }, place);
      return newest === undefined ? undefined : readSlotFacts(table, newest);
    },
    retireViewer: (vpc, viewerAccountId, slot) => movePlace(table, vpc, viewerAccountId, { retiredSlot: slot }),
  };
}

async function putFacts(table: StoreTable, vpc: VpcId, { slot, facts }: SlotFacts): Promise<PutFactsOutcome> {
  const of: SeriesOfViewer = { vpc, viewerAccountId: facts.target.accountId, series: 'scan' };
  const place = await readPlace(table, vpc, of.viewerAccountId);
  const packed = await pack(table, slot, facts, await findNewest(table, of, place));
  return put(table, of, { slot, place, kind: FACTS_DOCUMENT, ...packed });
}

async function putPulse(table: StoreTable, vpc: VpcId, { slot, pulse }: SlotPulse): Promise<PutFactsOutcome> {
  const of: SeriesOfViewer = { vpc, viewerAccountId: pulse.target.accountId, series: 'pulse' };
  const place = await readPlace(table, vpc, of.viewerAccountId);
  const content = packInFull(PULSE_DOCUMENT.encode(pulse));
  const expiresAt = nowSeconds(table) + SLOT_SECONDS;
  return put(table, of, { slot, place, kind: PULSE_DOCUMENT, content, expiresAt });
}

interface Packed {
  readonly content: PackedContent;
  readonly expiresAt: number;
}

interface Put extends Packed {
  readonly slot: Slot;
  readonly place: ViewerPlace | undefined;
  readonly kind: Pick<DocumentKind<unknown>, 'name' | 'schemaVersion'>;
}

async function put(table: StoreTable, of: SeriesOfViewer, observed: Put): Promise<PutFactsOutcome> {
  const { slot, place, kind, content, expiresAt } = observed;
  const { key, attributes } = slotItemOf(of, slot);
  const { outcome } = await writeContent(table, key, content, {
    kind: kind.name,
    schemaVersion: kind.schemaVersion,
    expect: 'absent',
    expiresAt,
    attributes,
  });
  // Whoever wrote the slot may have died before the viewer had a place: a repeat finishes that, or the next slot does.
  if (isNewsTo(place, slot)) {
    await movePlace(table, of.vpc, of.viewerAccountId, { seenSlot: slot });
  }
  return outcome === 'written' ? 'written' : 'already-written';
}

/** Packs facts as the difference to others of the viewer, or in full where none serves. */
async function pack(
  table: StoreTable,
  slot: Slot,
  facts: RegionFacts,
  newest: NewestFacts | undefined,
): Promise<Packed> {
  const bytes = FACTS_DOCUMENT.encode(facts);
  const now = nowSeconds(table);
  const isOfDay = newest !== undefined && dayOf(slot) === dayOf(newest.slot);
  const isLate = newest !== undefined && slotOrder(slot) <= slotOrder(newest.slot);
  const document = isOfDay || isLate ? await readDocument(table, newest.key, newest.item) : undefined;
  if (document !== undefined) {
    const bases = basesFor(document, isLate).filter(({ expiresAt }) => expiresAt >= now + SLOT_SECONDS);
    const content = smallestDifference(bytes, bases);
    if (content !== undefined) {
      return { content, expiresAt: Math.min(content.base.expiresAt, now + BASE_SECONDS) };
    }
  }
  return { content: packInFull(bytes), expiresAt: now + (isOfDay || isLate ? BASE_SECONDS : DAY_SECONDS) };
}

/**
 * Returns what newer facts may be kept as a difference to, the newest document of their viewer being given. What comes late, as
 * history that is filled in backwards does, rests on the one in full; so does what would rest on too many.
 */
function basesFor(document: PackedDocument, isLate: boolean): DocumentBase[] {
  if (isLate || !hasRoomForMore(document)) {
    return [fullBaseOf(document)];
  }
  return document.base === undefined ? [document] : [document.base, document];
}

function fullBaseOf(document: DocumentBase): DocumentBase {
  return document.base === undefined ? document : fullBaseOf(document.base);
}

const BYTES_PER_UNIT = 1024;
/** What an item of facts takes beside its bytes: keys, names and checks. As measured. */
const ITEM_BYTES = 370;

/** Of several that cost the same the first: the fewer bases a document has, the sooner it is read. */
function smallestDifference(bytes: Uint8Array, bases: readonly DocumentBase[]): PackedDifference | undefined {
  let smallest: PackedDifference | undefined;
  for (const base of bases) {
    const content = packDifference(bytes, base, differenceBytesMax(fullBaseOf(base)));
    if (content !== undefined && (smallest === undefined || unitsOf(content) < unitsOf(smallest))) {
      smallest = content;
    }
    if (smallest !== undefined && unitsOf(smallest) === 1) {
      return smallest;
    }
  }
  return smallest;
}

function unitsOf({ stored }: PackedContent): number {
  return Math.ceil((ITEM_BYTES + stored.byteLength) / BYTES_PER_UNIT);
}

function judgedViewer({ viewerAccountId, scan, pulse }: SeeingViewer): JudgedViewer {
  return {
    viewerAccountId,
    scanSlot: scan === undefined ? undefined : slotText(scan.slot),
    pulseSlot: pulse === undefined ? undefined : slotText(pulse.slot),
  };
}

async function latestFacts(table: StoreTable, vpc: VpcId): Promise<ViewerFacts[]> {
  return Promise.all(
    (await findEveryNewest(table, vpc)).map(async ({ viewerAccountId, scan, pulse, hasExpired }) => {
      const [facts, counters] = await Promise.all([
        scan === undefined ? undefined : readSlotFacts(table, scan),
        pulse === undefined ? undefined : readSlotPulse(table, pulse),
      ]);
      return { viewerAccountId, scan: facts, pulse: counters, hasExpired };
    }),
  );
}

async function readSlotFacts(table: StoreTable, { slot, key, item }: NewestFacts): Promise<SlotFacts | undefined> {
  const document = await readDocument(table, key, item);
  return document === undefined ? undefined : { slot, facts: decodeDocument(FACTS_DOCUMENT, document) };
}

async function readSlotPulse(table: StoreTable, { slot, key, item }: NewestFacts): Promise<SlotPulse | undefined> {
  const document = await readDocument(table, key, item);
  return document === undefined ? undefined : { slot, pulse: decodeDocument(PULSE_DOCUMENT, document) };
}

async function readAt<T>(
  table: StoreTable,
  of: SeriesOfViewer,
  slot: Slot,
  kind: DocumentKind<T>,
): Promise<T | undefined> {
  const document = await readPacked(table, slotItemOf(of, slot).key);
  return document === undefined ? undefined : decodeDocument(kind, document);
}
