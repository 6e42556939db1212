import type { FactsStore, PutFactsOutcome, Slot, SlotFacts, VpcId } from '../audit/store-ports.ts';
import { instantMs } from '../domain/instant.ts';
import { decodeDocument } from './document-kind.ts';
import { FACTS_DOCUMENT } from './facts-codec.ts';
import { type ItemKey, latestFactsKey, latestFactsPrefix, slotFactsKey } from './keys.ts';
import { type PackedDocument, readPacked, readPackedRange, writePacked } from './packed-document.ts';
import { nowSeconds, type StoreTable } from './table.ts';

const SECONDS_PER_DAY = 86_400;
/** What the design keeps of 6-hourly facts. */
const SLOT_SECONDS = 30 * SECONDS_PER_DAY;
/** Thirteen months: what is gone for longer is forgotten. */
const LATEST_SECONDS = 396 * SECONDS_PER_DAY;

/**
 * Keeps facts of VPCs. Writing costs a WRU per packed kilobyte, twice where the facts are the viewer's newest: once under
 * the slot, once as the latest.
 */
export function createFactsStore(table: StoreTable): FactsStore {
  return {
    putFacts: (vpc, observed) => putFacts(table, vpc, observed),
    async factsAt(vpc, viewerAccountId, slot) {
      const document = await readPacked(table, slotKey(vpc, viewerAccountId, slot));
      return document === undefined ? undefined : decodeDocument(FACTS_DOCUMENT, document);
    },
    async latestFacts(vpc) {
      const documents = await readPackedRange(table, latestFactsPrefix(vpc));
      return documents.map((document) => ({
        slot: slotOf(document),
        facts: decodeDocument(FACTS_DOCUMENT, document),
      }));
    },
  };
}

async function putFacts(table: StoreTable, vpc: VpcId, { slot, facts }: SlotFacts): Promise<PutFactsOutcome> {
  const { accountId } = facts.target;
  const key = slotKey(vpc, accountId, slot);
  const bytes = FACTS_DOCUMENT.encode(facts);
  const { outcome } = await writePacked(table, key, bytes, {
    ...kindAndOrder(slot),
    expect: 'absent',
    expiresAt: nowSeconds(table) + SLOT_SECONDS,
  });
  if (outcome === 'written') {
    return (await advanceLatest(table, vpc, accountId, slot, bytes)) ? 'written' : 'late';
  }
  // Whoever wrote the slot may have died before the latest moved: a repeat finishes that, with what was written then.
  const first = await readPacked(table, key);
  if (first !== undefined) {
    await advanceLatest(table, vpc, accountId, slot, first.bytes);
  }
  return 'already-written';
}

/** Returns whether the slot is newer than what was the latest. */
async function advanceLatest(
  table: StoreTable,
  vpc: VpcId,
  viewerAccountId: string,
  slot: Slot,
  bytes: Uint8Array,
): Promise<boolean> {
  const series = slot.kind === 'pulse' ? 'pulse' : 'scan';
  const { outcome } = await writePacked(table, latestFactsKey(vpc, viewerAccountId, series), bytes, {
    ...kindAndOrder(slot),
    expect: 'newer-order',
    expiresAt: nowSeconds(table) + LATEST_SECONDS,
  });
  return outcome === 'written';
}

function kindAndOrder(slot: Slot) {
  return { kind: FACTS_DOCUMENT.name, schemaVersion: FACTS_DOCUMENT.schemaVersion, order: orderOf(slot) };
}

function slotKey(vpc: VpcId, viewerAccountId: string, slot: Slot): ItemKey {
  return slotFactsKey(vpc, viewerAccountId, {
    kind: slot.kind,
    at: sortableInstant(slot),
    requestId: requestIdOf(slot),
  });
}

function requestIdOf(slot: Slot): string {
  return slot.kind === 'request' ? slot.requestId : '';
}

const ORDER_SEPARATOR = ' ';

/** Sorts by time first; of two at one moment, one comes after the other whatever order they are written in. */
function orderOf(slot: Slot): string {
  return [sortableInstant(slot), slot.kind, requestIdOf(slot)].join(ORDER_SEPARATOR);
}

function slotOf({ order, key }: PackedDocument): Slot {
  const [at = '', kind, ...requestId] = (order ?? '').split(ORDER_SEPARATOR);
  if (kind === 'scan' || kind === 'pulse') {
    return { kind, at };
  }
  if (kind === 'request') {
    return { kind, at, requestId: requestId.join(ORDER_SEPARATOR) };
  }
  throw new Error(`Cannot read facts "${key.pk}" / "${key.sk}": "${order}" names no slot`);
}

/** The same moment is the same text, and texts sort as moments do. */
function sortableInstant({ kind, at }: Slot): string {
  const ms = instantMs(at);
  if (ms === undefined || ms < 0) {
    throw new Error(`Cannot keep facts of a ${kind}: "${at}" is no instant since 1970`);
  }
  return new Date(ms).toISOString();
}
