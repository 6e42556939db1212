import { type Slot, slotMs, slotText } from '../audit/slot.ts';
import type { FactsStore, PutFactsOutcome, SlotFacts, SlotPulse, ViewerFacts } from '../audit/store-ports.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { RegionFacts } from '../domain/region-facts.ts';
import { type DocumentKind, decodeDocument } from './document-kind.ts';
import { FACTS_DOCUMENT } from './facts-codec.ts';
import { getItem } from './items.ts';
import { type FactsSeries, type ItemKey, slotFactsKey } from './keys.ts';
import { manifestOf } from './manifest.ts';
import {
  moveNewest,
  type NewestFacts,
  readEveryNewest,
  readNewest,
  type SeriesOfViewer,
  slotOrder,
} from './newest-facts.ts';
import { packDifference, packInFull } from './packed-content.ts';
import { type PackedDocument, readPacked, writeContent } from './packed-document.ts';
import { PULSE_DOCUMENT } from './pulse-codec.ts';
import { differenceBytesMax } from './rebase-rule.ts';
import { nowSeconds, type StoreTable } from './table.ts';

const SECONDS_PER_DAY = 86_400;
const MS_PER_DAY = 86_400_000;
/** How long what was observed at a slot is kept, from its writing. A decision of this project. */
const SLOT_SECONDS = 30 * SECONDS_PER_DAY;
/** A base serves a day, and what is written on that day needs it for as long as it is kept itself; one more for clocks. */
const BASE_SECONDS = SLOT_SECONDS + 2 * SECONDS_PER_DAY;
/** Thirteen months: one full document of each day is kept for so long. */
const DAY_SECONDS = 396 * SECONDS_PER_DAY;

/**
 * Keeps facts of VPCs, one document per viewer and slot. What changes little is kept as the difference to one document in
 * full, mostly the day's first: then an observation costs a WRU or two, and one more for its viewer's place.
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
    async latestSlots(vpc) {
      return (await seenPlaces(table, vpc)).map(({ viewerAccountId, scanSlot, pulseSlot }) => ({
        viewerAccountId,
        scanSlot: textOfSlot(scanSlot),
        pulseSlot: textOfSlot(pulseSlot),
      }));
    },
    async latestScan(vpc, viewerAccountId) {
      const of: SeriesOfViewer = { vpc, viewerAccountId, series: 'scan' };
      const newest = await readNewest(table, of);
      return newest === undefined || newest.isRetired ? undefined : readSlotFacts(table, of, newest.slot);
    },
    async retireViewer(vpc, viewerAccountId, slot) {
      for (const series of ['scan', 'pulse'] as const) {
        await moveNewest(table, { vpc, viewerAccountId, series }, { slot, isRetired: true, baseSlot: undefined });
      }
    },
  };
}

async function putFacts(table: StoreTable, vpc: VpcId, { slot, facts }: SlotFacts): Promise<PutFactsOutcome> {
  const of: SeriesOfViewer = { vpc, viewerAccountId: facts.target.accountId, series: 'scan' };
  const newest = await readNewest(table, of);
  const { content, expiresAt } = await pack(table, of, slot, facts, newest);
  const { outcome } = await writeContent(table, slotKey(of, slot), content, {
    kind: FACTS_DOCUMENT.name,
    schemaVersion: FACTS_DOCUMENT.schemaVersion,
    expect: 'absent',
    expiresAt,
  });
  const isFull = outcome === 'written' ? content.base === undefined : await isKeptInFull(table, slotKey(of, slot));
  // Whoever wrote the slot may have died before the viewer's place moved: a repeat finishes that.
  const hasMoved = await moveNewest(table, of, { slot, isRetired: false, baseSlot: isFull ? slot : undefined });
  return outcome === 'written' ? writtenOrLate(hasMoved) : 'already-written';
}

/** Packs facts as the difference to the viewer's base, or in full where there is none that serves. */
async function pack(
  table: StoreTable,
  of: SeriesOfViewer,
  slot: Slot,
  facts: RegionFacts,
  newest: NewestFacts | undefined,
) {
  const bytes = FACTS_DOCUMENT.encode(facts);
  const now = nowSeconds(table);
  const baseSlot = newest?.baseSlot;
  const isOfBaseDay = baseSlot !== undefined && dayOf(slot) === dayOf(baseSlot);
  // History is filled in backwards: what comes late begins no day, so any base that is near enough serves it.
  const isLate = newest !== undefined && slotOrder(slot) < slotOrder(newest.slot);
  const base =
    baseSlot !== undefined && (isOfBaseDay || isLate) ? await readPacked(table, slotKey(of, baseSlot)) : undefined;
  const difference = base === undefined ? undefined : differenceTo(bytes, base, now + SLOT_SECONDS);
  if (difference !== undefined) {
    return { content: difference, expiresAt: now + SLOT_SECONDS };
  }
  const isFirstOfDay = !isOfBaseDay && !isLate;
  return { content: packInFull(bytes), expiresAt: now + (isFirstOfDay ? DAY_SECONDS : BASE_SECONDS) };
}

function differenceTo(bytes: Uint8Array, base: PackedDocument, expiresAt: number) {
  return base.base !== undefined || base.expiresAt < expiresAt
    ? undefined
    : packDifference(bytes, base, differenceBytesMax(base));
}

async function isKeptInFull(table: StoreTable, key: ItemKey): Promise<boolean> {
  const item = await getItem(table, key);
  return item !== undefined && manifestOf(key, item).base === undefined;
}

async function putPulse(table: StoreTable, vpc: VpcId, { slot, pulse }: SlotPulse): Promise<PutFactsOutcome> {
  const of: SeriesOfViewer = { vpc, viewerAccountId: pulse.target.accountId, series: 'pulse' };
  const { outcome } = await writeContent(table, slotKey(of, slot), packInFull(PULSE_DOCUMENT.encode(pulse)), {
    kind: PULSE_DOCUMENT.name,
    schemaVersion: PULSE_DOCUMENT.schemaVersion,
    expect: 'absent',
    expiresAt: nowSeconds(table) + SLOT_SECONDS,
  });
  const hasMoved = await moveNewest(table, of, { slot, isRetired: false, baseSlot: undefined });
  return outcome === 'written' ? writtenOrLate(hasMoved) : 'already-written';
}

function writtenOrLate(hasMoved: boolean): PutFactsOutcome {
  return hasMoved ? 'written' : 'late';
}

interface ViewerPlaces {
  readonly vpc: VpcId;
  readonly viewerAccountId: string;
  readonly scanSlot: Slot | undefined;
  readonly pulseSlot: Slot | undefined;
}

/** Returns where every viewer is that still sees the VPC. */
async function seenPlaces(table: StoreTable, vpc: VpcId): Promise<ViewerPlaces[]> {
  const seen = (await readEveryNewest(table, vpc)).filter(({ isRetired }) => !isRetired);
  const byViewer = Map.groupBy(seen, ({ viewerAccountId }) => viewerAccountId);
  return [...byViewer].map(([viewerAccountId, places]) => {
    const slotIn = (series: FactsSeries) => places.find((place) => place.series === series)?.slot;
    return { vpc, viewerAccountId, scanSlot: slotIn('scan'), pulseSlot: slotIn('pulse') };
  });
}

function textOfSlot(slot: Slot | undefined): string | undefined {
  return slot === undefined ? undefined : slotText(slot);
}

async function latestFacts(table: StoreTable, vpc: VpcId): Promise<ViewerFacts[]> {
  return Promise.all((await seenPlaces(table, vpc)).map((places) => latestOfViewer(table, places)));
}

async function latestOfViewer(
  table: StoreTable,
  { vpc, viewerAccountId, scanSlot, pulseSlot }: ViewerPlaces,
): Promise<ViewerFacts> {
  const [scan, pulse] = await Promise.all([
    scanSlot === undefined ? undefined : readSlotFacts(table, { vpc, viewerAccountId, series: 'scan' }, scanSlot),
    pulseSlot === undefined ? undefined : readSlotPulse(table, { vpc, viewerAccountId, series: 'pulse' }, pulseSlot),
  ]);
  const hasLostScan = scanSlot !== undefined && scan === undefined;
  const hasLostPulse = pulseSlot !== undefined && pulse === undefined;
  return { viewerAccountId, scan, pulse, hasExpired: hasLostScan || (scan === undefined && hasLostPulse) };
}

async function readSlotFacts(table: StoreTable, of: SeriesOfViewer, slot: Slot): Promise<SlotFacts | undefined> {
  const facts = await readAt(table, of, slot, FACTS_DOCUMENT);
  return facts === undefined ? undefined : { slot, facts };
}

async function readSlotPulse(table: StoreTable, of: SeriesOfViewer, slot: Slot): Promise<SlotPulse | undefined> {
  const pulse = await readAt(table, of, slot, PULSE_DOCUMENT);
  return pulse === undefined ? undefined : { slot, pulse };
}

async function readAt<T>(
  table: StoreTable,
  of: SeriesOfViewer,
  slot: Slot,
  kind: DocumentKind<T>,
): Promise<T | undefined> {
  const document = await readPacked(table, slotKey(of, slot));
  return document === undefined ? undefined : decodeDocument(kind, document);
}

function slotKey({ vpc, viewerAccountId, series }: SeriesOfViewer, slot: Slot): ItemKey {
  return slotFactsKey(vpc, viewerAccountId, series, {
    kind: slot.kind,
    // The same moment is the same text, and texts sort as moments do.
    at: new Date(slotMs(slot)).toISOString(),
    requestId: slot.kind === 'request' ? slot.requestId : '',
  });
}

function dayOf(slot: Slot): number {
  return Math.floor(slotMs(slot) / MS_PER_DAY);
}
