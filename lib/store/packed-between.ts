import type { BoundedMap } from '../domain/bounded-map.ts';
import { queryItemsBetween, textOf } from './items.ts';
import type { ItemKey } from './keys.ts';
import { manifestOf, unpack } from './manifest.ts';
import { isChecked } from './packed-content.ts';
import { type PackedDocument, readPacked } from './packed-document.ts';
import { type Item, isExpired, type StoreTable } from './table.ts';

/**
 * Reads every document of a partition from one key to another, both included, in their order: by one Query as a rule. What is
 * among those that are kept, by their version, is not unpacked again.
 */
export async function readPackedBetween(
  table: StoreTable,
  first: ItemKey,
  last: ItemKey,
  kept?: BoundedMap<PackedDocument>,
): Promise<PackedDocument[]> {
  // DynamoDB refuses a range that ends before it starts.
  if (first.sk > last.sk) {
    return [];
  }
  const documents: PackedDocument[] = [];
  for (const item of await queryItemsBetween(table, first, last)) {
    const document = isExpired(table, item) ? undefined : await documentOf(table, item, kept);
    if (document !== undefined) {
      documents.push(document);
    }
  }
  return documents;
}

/** One that does not lie in the item alone, or is damaged, is asked for once more by its key. */
async function documentOf(
  table: StoreTable,
  item: Item,
  kept: BoundedMap<PackedDocument> | undefined,
): Promise<PackedDocument | undefined> {
  const key = { pk: textOf(item['pk'], 'its partition key'), sk: textOf(item['sk'], 'its sort key') };
  return documentIn(key, item, kept) ?? (await readPacked(table, key));
}

function documentIn(
  key: ItemKey,
  item: Item,
  kept: BoundedMap<PackedDocument> | undefined,
): PackedDocument | undefined {
  const manifest = manifestOf(key, item);
  const known = kept?.get(manifest.generation);
  if (known !== undefined) {
    return known;
  }
  const { body, sha256, kind, schemaVersion, generation: version, order, expiresAt } = manifest;
  const bytes = body === undefined ? undefined : unpack(manifest, body, undefined);
  if (body === undefined || bytes === undefined || !isChecked(bytes, sha256)) {
    return undefined;
  }
  const storedByteCount = body.byteLength;
  const own = { key, kind, schemaVersion, version, order, expiresAt, bytes, storedByteCount };
  const document = { ...own, base: undefined, baseCount: 0, fullByteCount: storedByteCount };
  kept?.set(version, document);
  return document;
}
