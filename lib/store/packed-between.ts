import { type BoundedMap, boundedMap } from '../domain/bounded-map.ts';
import { CONSISTENT, queryItemsBetween, textOf } from './items.ts';
import type { ItemKey } from './keys.ts';
import { manifestOf, unpack } from './manifest.ts';
import { isChecked } from './packed-content.ts';
import { type PackedDocument, readPacked } from './packed-document.ts';
import { type Item, isExpired, type StoreTable } from './table.ts';

/** Documents that were read of some partitions: of these only what is new has to be read again. */
export interface KeptDocuments {
  /** By what no two documents share: their versions. */
  readonly byVersion: BoundedMap<PackedDocument>;
  /** The partitions that something was read of. */
  readonly partitions: BoundedMap<true>;
}

/** Returns what keeps so many documents. */
export function keptDocuments(documentsMax: number): KeptDocuments {
  return { byVersion: boundedMap(documentsMax), partitions: boundedMap(documentsMax) };
}

/**
 * Reads every document of a partition from one key to another, both included, in their order: by one Query as a rule. Where some
 * are kept, that asks for their versions only, and another one for what is new.
 */
export async function readPackedBetween(
  table: StoreTable,
  first: ItemKey,
  last: ItemKey,
  kept?: KeptDocuments,
): Promise<PackedDocument[]> {
  // DynamoDB refuses a range that ends before it starts.
  if (first.sk > last.sk) {
    return [];
  }
  const items = kept?.partitions.get(first.pk)
    ? await newItemsBetween(table, first, last, kept)
    : await queryItemsBetween(table, first, last);
  const documents: PackedDocument[] = [];
  for (const item of items) {
    const document = isExpired(table, item) ? undefined : (keptOf(item, kept) ?? (await documentOf(table, item)));
    if (document !== undefined) {
      documents.push(document);
      kept?.byVersion.set(document.version, document);
    }
  }
  kept?.partitions.set(first.pk, true);
  return documents;
}

/** All that tells whether an item is of a document that is kept. */
const VERSION_ATTRIBUTES = ['pk', 'sk', 'generation', 'expiresAt'];

/** Returns the items of a range, without what they hold where that is kept. */
async function newItemsBetween(
  table: StoreTable,
  first: ItemKey,
  last: ItemKey,
  kept: KeptDocuments,
): Promise<readonly Item[]> {
  const versions = await queryItemsBetween(table, first, last, { ...CONSISTENT, attributes: VERSION_ATTRIBUTES });
  const isNew = (item: Item) => !isExpired(table, item) && keptOf(item, kept) === undefined;
  const start = versions.findIndex(isNew);
  if (start < 0) {
    return versions;
  }
  const end = versions.findLastIndex(isNew) + 1;
  const keys = versions.slice(start, end).map(keyOf);
  const read = await queryItemsBetween(table, keys[0] ?? first, keys.at(-1) ?? last);
  return [...versions.slice(0, start), ...read, ...versions.slice(end)];
}

function keptOf(item: Item, kept: KeptDocuments | undefined): PackedDocument | undefined {
  const version = item['generation']?.S;
  return version === undefined ? undefined : kept?.byVersion.get(version);
}

function keyOf(item: Item): ItemKey {
  return { pk: textOf(item['pk'], 'its partition key'), sk: textOf(item['sk'], 'its sort key') };
}

/** One that does not lie in the item alone, or is damaged, is asked for once more by its key. */
async function documentOf(table: StoreTable, item: Item): Promise<PackedDocument | undefined> {
  const key = keyOf(item);
  return documentIn(key, item) ?? (await readPacked(table, key));
}

function documentIn(key: ItemKey, item: Item): PackedDocument | undefined {
  const manifest = manifestOf(key, item);
  const { body, sha256, kind, schemaVersion, generation: version, order, expiresAt } = manifest;
  const bytes = body === undefined ? undefined : unpack(manifest, body, undefined);
  if (body === undefined || bytes === undefined || !isChecked(bytes, sha256)) {
    return undefined;
  }
  const storedByteCount = body.byteLength;
  const own = { key, kind, schemaVersion, version, order, expiresAt, bytes, storedByteCount };
  return { ...own, base: undefined, baseCount: 0, fullByteCount: storedByteCount };
}
