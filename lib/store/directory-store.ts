import type { Account } from '../audit/ports.ts';
import type { Directory, DirectoryReader, DirectoryStore, KnownRegions } from '../audit/store-ports.ts';
import { accountShape, callerShape, regionListingShape, targetShape } from './audit-shape.ts';
import { decodeColumnField } from './column-codec.ts';
import { type ColumnsDocument, checkedValue, columnsDocument, encodeDocument } from './columns-document.ts';
import { type DocumentKind, decodeDocument } from './document-kind.ts';
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

const ACCOUNTS = { name: 'list of accounts', shape: list(accountShape) };
/** Of the same document only the accounts: regions and targets, of which there are many more, are not made. */
const ACCOUNTS_DOCUMENT: DocumentKind<readonly Account[]> = {
  name: DIRECTORY_DOCUMENT.name,
  schemaVersion: DIRECTORY_DOCUMENT.schemaVersion,
  decode: (bytes) => checkedValue(ACCOUNTS, decodeColumnField(bytes, 'accounts')),
};

/** Reads the accounts of the organisation, by their ids; none before the first scan was planned. */
export function createAccountReader(table: StoreTable): () => Promise<ReadonlyMap<string, Account>> {
  return async () => {
    const document = await readPacked(table, directoryKey());
    const accounts = document === undefined ? [] : decodeDocument(ACCOUNTS_DOCUMENT, document);
    return new Map(accounts.map((account) => [account.accountId, account]));
  };
}
