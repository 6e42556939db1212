import type { SeriesStore } from '../audit/store-ports.ts';
import type { VpcId } from '../domain/capacity/vpc-state.ts';
import type { SeriesSample } from '../domain/trend/series.ts';
import { decodeDocument } from './document-kind.ts';
import { queryItemsBetween, textOf } from './items.ts';
import { canonicalInstant, keptMs } from './kept-instant.ts';
import { type ItemKey, keyText, seriesDayKey } from './keys.ts';
import { manifestOf, unpack } from './manifest.ts';
import { sha256Of } from './packed-content.ts';
import { type PackedDocument, readPacked, writePacked } from './packed-document.ts';
import { SERIES_DOCUMENT } from './series-codec.ts';
import { type Item, isExpired, nowSeconds, type StoreTable } from './table.ts';

const MS_PER_DAY = 86_400_000;
const SECONDS_PER_DAY = 86_400;
/** What the design keeps of hourly points, counted from the end of their day. */
const DAY_SECONDS = 90 * SECONDS_PER_DAY;
/** A VPC has one writer as a rule, and each attempt that fails means that another writer's succeeded. */
const ATTEMPTS_MAX = 8;
const FIRST_WAIT_MS = 20;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_LENGTH = '2026-11-23'.length;

/** Keeps what was observed of VPCs over time, a document a day. */
export function createSeriesStore(table: StoreTable): SeriesStore {
  return {
    addSample: (vpc, sample) => addSample(table, vpc, sample),
    samples: (vpc, days) => samples(table, vpc, days),
  };
}

async function addSample(table: StoreTable, vpc: VpcId, sample: SeriesSample): Promise<void> {
  const key = seriesDayKey(vpc, canonicalInstant(sample.observedAt).slice(0, DAY_LENGTH));
  const dayCount = Math.floor(keptMs(sample.observedAt) / MS_PER_DAY) + 1;
  const expiresAt = dayCount * SECONDS_PER_DAY + DAY_SECONDS;
  if (expiresAt <= nowSeconds(table)) {
    return;
  }
  const { name: kind, schemaVersion } = SERIES_DOCUMENT;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (attempt > 0) {
      await table.clock.sleep(table.randomFraction() * FIRST_WAIT_MS * 2 ** attempt);
    }
    const document = await readPacked(table, key);
    const known = document === undefined ? [] : decodeDocument(SERIES_DOCUMENT, document);
    if (known.some((other) => compareSamples(other, sample) === 0)) {
      return;
    }
    const bytes = SERIES_DOCUMENT.encode([...known, sample].sort(compareSamples));
    const expect = document === undefined ? 'absent' : { version: document.version };
    if ((await writePacked(table, key, bytes, { kind, schemaVersion, expect, expiresAt })).outcome === 'written') {
      return;
    }
  }
  throw new Error(`Cannot add a sample to series ${keyText(key)}: others wrote it ${ATTEMPTS_MAX} times meanwhile`);
}

/** By the time of observation. Samples that compare as equal are the same. */
function compareSamples(a: SeriesSample, b: SeriesSample): number {
  return (
    keptMs(a.observedAt) - keptMs(b.observedAt) ||
    compareTexts(a.viewerAccountId, b.viewerAccountId) ||
    compareTexts(a.kind, b.kind)
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

async function samples(
  table: StoreTable,
  vpc: VpcId,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<SeriesSample[]> {
  if (!(DAY.test(from) && DAY.test(to))) {
    throw new RangeError(`Cannot read series from "${from}" to "${to}": a day is of the form 2026-11-23`);
  }
  // DynamoDB refuses a range that ends before it starts.
  if (from > to) {
    return [];
  }
  const found: SeriesSample[] = [];
  for (const item of await queryItemsBetween(table, seriesDayKey(vpc, from), seriesDayKey(vpc, to))) {
    found.push(...(isExpired(table, item) ? [] : await samplesOf(table, item)));
  }
  return found;
}

/** Reads a day from its item. One that does not lie in the item alone, or is damaged, is asked for once more by its key. */
async function samplesOf(table: StoreTable, item: Item): Promise<readonly SeriesSample[]> {
  const key = { pk: textOf(item['pk'], 'its partition key'), sk: textOf(item['sk'], 'its sort key') };
  const document = documentIn(key, item) ?? (await readPacked(table, key));
  return document === undefined ? [] : decodeDocument(SERIES_DOCUMENT, document);
}

function documentIn(key: ItemKey, item: Item): PackedDocument | undefined {
  const manifest = manifestOf(key, item);
  const { body, sha256, kind, schemaVersion, generation: version, order, expiresAt } = manifest;
  const bytes = body === undefined ? undefined : unpack(manifest, body, undefined);
  if (body === undefined || bytes === undefined || !sha256Of(bytes).equals(sha256)) {
    return undefined;
  }
  const storedByteCount = body.byteLength;
  return { key, kind, schemaVersion, version, order, expiresAt, bytes, base: undefined, storedByteCount };
}
