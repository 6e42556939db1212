import type { Directory, DirectoryReader, DirectoryStore, KnownRegions } from '../audit/store-ports.ts';
import { accountShape, callerShape, regionListingShape, targetShape } from './audit-shape.ts';
import { type ColumnsDocument, columnsDocument, encodeDocument } from './columns-document.ts';
import { decodeDocument } from './document-kind.ts';
import { directoryKey } from './keys.ts';
import { readPacked, writePacked } from './packed-document.ts';
import { list, mapOf, optional, record, text } from './shape.ts';
import { nowSeconds, type StoreTable } from './table.ts';

/** Thirteen months, as what is gone is kept: nobody has planned a run for so long. */
const DIRECTORY_SECONDS = 396 * 86_400;

export const DIRECTORY_DOCUMENT: ColumnsDocument<Directory> = columnsDocument(
  'directory',
  1,
  record<Directory>({
    caller: optional(callerShape),
    accounts: list(accountShape),
    accountsObservedAt: optional(text),
    regions: mapOf(record<KnownRegions>({ regions: list(regionListingShape), observedAt: text })),
    targets: list(targetShape),
  }),
);

/** Keeps what is known of the organisation between two runs, as one document. */
export function createDirectoryStore(table: StoreTable): DirectoryStore {
  return {
    ...createDirectoryReader(table),
    async writeDirectory(directory, expectedVersion) {
      const { outcome } = await writePacked(table, directoryKey(), encodeDocument(DIRECTORY_DOCUMENT, directory), {
        kind: DIRECTORY_DOCUMENT.name,
        schemaVersion: DIRECTORY_DOCUMENT.schemaVersion,
        expect: expectedVersion === undefined ? 'absent' : { version: expectedVersion },
        expiresAt: nowSeconds(table) + DIRECTORY_SECONDS,
      });
      return outcome;
    },
  };
}

/** Reads what is known of the organisation. */
export function createDirectoryReader(table: StoreTable): DirectoryReader {
  return {
    async readDirectory() {
      const document = await readPacked(table, directoryKey());
      return document === undefined
        ? undefined
        : { version: document.version, directory: decodeDocument(DIRECTORY_DOCUMENT, document) };
    },
  };
}
