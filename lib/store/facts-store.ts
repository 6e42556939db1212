import { type Slot, slotOrder, slotText } from '../audit/slot.ts';
import type {
  FactsReader,
  FactsStore,
  PutFactsOutcome,
  SlotFacts,
  SlotPulse,
  ViewerFacts,
} from '../audit/store-ports.ts';
import { type BoundedMap, boundedMap } from '../domain/bounded-map.ts';
import type { JudgedViewer, VpcId } from '../domain/capacity/vpc-state.ts';
import type { RegionFacts } from '../domain/region-facts.ts';
import { encodeColumns } from './column-codec.ts';
import { encodeDocument } from './columns-document.ts';
import { type DocumentKind, decodeDocument } from './document-kind.ts';
import { FACTS_DOCUMENT } from './facts-codec.ts';
import { CONSISTENT, EVENTUAL, textOf } from './items.ts';
import {
  findEveryNewest,
  findNewest,
  type NewestFacts,
  readDayUpTo,
  type SeeingViewer,
  type SeriesOfViewer,
  SLOT_DAYS,
  slotItemOf,
} from './newest-facts.ts';
import { type DocumentBase, type PackedContent, packDifference, packInFull } from './packed-content.ts';
import { hasRoomForMore, type PackedDocument, readDocument, readPacked, writeContent } from './packed-document.ts';
import { PULSE_DOCUMENT } from './pulse-codec.ts';
import { differenceBytesMax } from './rebase-rule.ts';
import { nowSeconds, type StoreTable } from './table.ts';
import { dayOf, isNewsTo, movePlace, readPlace, type ViewerPlace, weekOf } from './viewer-place.ts';

const SECONDS_PER_DAY = 86_400;
const SLOT_SECONDS = SLOT_DAYS * SECONDS_PER_DAY;
/** What is written on a day may need each other, and the last of it is kept as long as the first; one day more for clocks. */
const BASE_SECONDS = SLOT_SECONDS + 2 * SECONDS_PER_DAY;
/** Thirteen months: the first document of each week is kept for so long. */
const WEEK_SECONDS = 396 * SECONDS_PER_DAY;

/**
 * Keeps facts of VPCs, one document per viewer and slot. The first of a day is in full, each other one the difference to the one
 * before: then an observation costs a WRU, and one Query reads whatever of the day the newest rests on. What is there is there,
 * and no pointer to it has to be moved.
 */
export function createFactsStore(table: StoreTable): FactsStore {
  const documents: KnownDocuments = new WeakMap();
  return {
    ...createFactsReader(table),
    putFacts: (vpc, observed, known) => putFacts(table, vpc, observed, known && documents.get(known)),
    putPulse: (vpc, observed) => putPulse(table, vpc, observed),
    async latestScan(vpc, viewerAccountId, options = CONSISTENT) {
      const place = await readPlace(table, vpc, viewerAccountId, options);
      const newest = await findNewest(table, { vpc, viewerAccountId, series: 'scan' }, place, options);
      const document = newest === undefined ? undefined : await readNewest(table, newest);
      if (newest === undefined || document === undefined) {
        return undefined;
      }
      const scan = { slot: newest.slot, facts: decodeDocument(FACTS_DOCUMENT, document) };
      documents.set(scan, { slot: newest.slot, document });
      return scan;
    },
    retireViewer: (vpc, viewerAccountId, slot) => movePlace(table, vpc, viewerAccountId, { retiredSlot: slot }),
  };
}

/** Some hundred VPCs of 40 KB; as objects they take about six times as much. */
const KEPT_BYTES_MAX = 4 * 1024 * 1024;

/** What a scan observed, as it was read last. */
interface KeptFacts {
  readonly facts: RegionFacts;
  readonly byteCount: number;
}

/** Reads facts of VPCs. The newest scans are read for each message of a VPC, and decoded once for as long as they are kept. */
export function createFactsReader(table: StoreTable): FactsReader {
  const kept = boundedMap<KeptFacts>(KEPT_BYTES_MAX, ({ byteCount }) => byteCount);
  return {
    factsAt: (vpc, viewerAccountId, slot) => factsAt(table, { vpc, viewerAccountId, series: 'scan' }, slot),
    async pulseAt(vpc, viewerAccountId, slot) {
      const { key } = slotItemOf({ vpc, viewerAccountId, series: 'pulse' }, slot);
      const document = await readPacked(table, key);
      return document === undefined ? undefined : decodeDocument(PULSE_DOCUMENT, document);
    },
    latestFacts: async (vpc, options = CONSISTENT) =>
      Promise.all((await findEveryNewest(table, vpc, options)).map((viewer) => readViewer(table, viewer, kept))),
    latestSlots: async (vpc) => (await findEveryNewest(table, vpc, CONSISTENT)).map(judgedViewer),
  };
}

/** Facts that were read, as they are kept. */
interface KnownDocument {
  readonly slot: Slot;
  readonly document: PackedDocument;
}

type KnownDocuments = WeakMap<SlotFacts, KnownDocument>;

async function putFacts(
  table: StoreTable,
  vpc: VpcId,
  { slot, facts }: SlotFacts,
  known: KnownDocument | undefined,
): Promise<PutFactsOutcome> {
  const of: SeriesOfViewer = { vpc, viewerAccountId: facts.target.accountId, series: 'scan' };
  const [place, before] = await Promise.all([
    // A place that is moved in vain, or by the next slot, is no harm.
    readPlace(table, vpc, of.viewerAccountId, EVENTUAL),
    documentBefore(table, of, slot, known),
  ]);
  // What was collected is of its type; of what was read alone that has to be found out.
  const packed = pack(encodeColumns(facts), before, nowSeconds(table), isFirstOfWeek(place, slot));
  return put(table, of, { slot, place, kind: FACTS_DOCUMENT, ...packed });
}

async function putPulse(table: StoreTable, vpc: VpcId, { slot, pulse }: SlotPulse): Promise<PutFactsOutcome> {
  const of: SeriesOfViewer = { vpc, viewerAccountId: pulse.target.accountId, series: 'pulse' };
  const place = await readPlace(table, vpc, of.viewerAccountId, EVENTUAL);
  const content = packInFull(encodeDocument(PULSE_DOCUMENT, pulse));
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

/** Packs facts as the difference to those before them on their day, or in full where these do not serve. */
function pack(bytes: Uint8Array, before: PackedDocument | undefined, now: number, isKeptLonger: boolean): Packed {
  const base = before !== undefined && mayCarryMore(before, now) ? before : undefined;
  const content = base && packDifference(bytes, base, differenceBytesMax(base.fullByteCount));
  if (content !== undefined) {
    return { content, expiresAt: Math.min(content.base.expiresAt, now + BASE_SECONDS) };
  }
  return { content: packInFull(bytes), expiresAt: now + (isKeptLonger ? WEEK_SECONDS : BASE_SECONDS) };
}

function mayCarryMore(document: DocumentBase, now: number): boolean {
  return hasRoomForMore(document) && document.expiresAt >= now + SLOT_SECONDS;
}

/** What comes late is of no week's first. */
function isFirstOfWeek(place: ViewerPlace | undefined, slot: Slot): boolean {
  const seen = place?.seenSlot;
  return seen === undefined || seen.kind === 'pulse' || weekOf(seen) < weekOf(slot);
}

/**
 * Reads what was observed before a slot on its day; any of it serves, so it may be as of a moment before. What is known as the
 * newest is not read again.
 */
async function documentBefore(
  table: StoreTable,
  of: SeriesOfViewer,
  slot: Slot,
  known: KnownDocument | undefined,
): Promise<PackedDocument | undefined> {
  if (known !== undefined && slotOrder(known.slot) < slotOrder(slot)) {
    return dayOf(known.slot) === dayOf(slot) ? known.document : undefined;
  }
  const { key } = slotItemOf(of, slot);
  const found = await readDayUpTo(table, of, slot, EVENTUAL);
  const items = [...(found?.items ?? [])].filter(([sk]) => sk !== key.sk);
  const last = items.at(-1);
  return last === undefined
    ? undefined
    : readDocument(table, { pk: key.pk, sk: last[0] }, last[1], { items: new Map(items) });
}

async function factsAt(table: StoreTable, of: SeriesOfViewer, slot: Slot): Promise<RegionFacts | undefined> {
  const { key } = slotItemOf(of, slot);
  const found = await readDayUpTo(table, of, slot, CONSISTENT);
  const document =
    found?.key.sk === key.sk ? await readDocument(table, key, found.item, { items: found.items }) : undefined;
  return document === undefined ? undefined : decodeDocument(FACTS_DOCUMENT, document);
}

function judgedViewer({ viewerAccountId, scan, pulse }: SeeingViewer): JudgedViewer {
  return {
    viewerAccountId,
    scanSlot: scan === undefined ? undefined : slotText(scan.slot),
    pulseSlot: pulse === undefined ? undefined : slotText(pulse.slot),
  };
}

async function readViewer(
  table: StoreTable,
  { viewerAccountId, scan, pulse, hasExpired }: SeeingViewer,
  kept: BoundedMap<KeptFacts>,
): Promise<ViewerFacts> {
  const [facts, counters] = await Promise.all([scan && readScan(table, scan, kept), pulse && readNewest(table, pulse)]);
  return {
    viewerAccountId,
    scan: scan && facts && { slot: scan.slot, facts },
    pulse: pulse && counters && { slot: pulse.slot, pulse: decodeDocument(PULSE_DOCUMENT, counters) },
    hasExpired,
  };
}

async function readScan(
  table: StoreTable,
  newest: NewestFacts,
  kept: BoundedMap<KeptFacts>,
): Promise<RegionFacts | undefined> {
  const known = kept.get(textOf(newest.item['generation'], 'its generation'));
  if (known !== undefined) {
    return known.facts;
  }
  const document = await readNewest(table, newest);
  if (document === undefined) {
    return undefined;
  }
  const facts = decodeDocument(FACTS_DOCUMENT, document);
  kept.set(document.version, { facts, byteCount: document.bytes.byteLength });
  return facts;
}

function readNewest(table: StoreTable, { key, item, items }: NewestFacts): Promise<PackedDocument | undefined> {
  return readDocument(table, key, item, { items });
}
