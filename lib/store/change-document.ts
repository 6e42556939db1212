import { type DocumentKind, decodeDocument } from './document-kind.ts';
import { CONSISTENT, EVENTUAL } from './items.ts';
import { type ItemKey, keyText } from './keys.ts';
import { readPacked, writePacked } from './packed-document.ts';
import type { StoreTable } from './table.ts';

/** A document has one writer as a rule, and each attempt that fails means that another writer's succeeded. */
const ATTEMPTS_MAX = 8;
const FIRST_WAIT_MS = 20;

export interface DocumentChange<T> {
  readonly kind: DocumentKind<T>;
  readonly encode: (value: T) => Uint8Array;
  /** Seconds since 1970-01-01 UTC. */
  readonly expiresAt: number;
  /** Returns what is to be kept, from what is; `undefined` where that is as it should be. May be asked several times. */
  readonly change: (known: T | undefined) => T | undefined;
  /** Whether nothing that is kept is ever taken out of it: then it may first be read as of a moment before. */
  readonly onlyGrows?: boolean;
}

/** Changes a document, whoever else changes it at the same time. Throws where others wrote it before each attempt. */
export async function changeDocument<T>(
  table: StoreTable,
  key: ItemKey,
  { kind, encode, expiresAt, change, onlyGrows = false }: DocumentChange<T>,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (attempt > 0) {
      await table.clock.sleep(table.randomFraction() * FIRST_WAIT_MS * 2 ** attempt);
    }
    const document = await readPacked(table, key, onlyGrows && attempt === 0 ? EVENTUAL : CONSISTENT);
    const changed = change(document === undefined ? undefined : decodeDocument(kind, document));
    if (changed === undefined) {
      return;
    }
    const { outcome } = await writePacked(table, key, encode(changed), {
      kind: kind.name,
      schemaVersion: kind.schemaVersion,
      expect: document === undefined ? 'absent' : { version: document.version },
      expiresAt,
    });
    if (outcome === 'written') {
      return;
    }
  }
  throw new Error(`Cannot change ${kind.name} ${keyText(key)}: others wrote it ${ATTEMPTS_MAX} times meanwhile`);
}
