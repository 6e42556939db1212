import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import type { SilenceReader, SilenceStore } from '../audit/alert-ports.ts';
import { silenceKey, silencesPrefix } from './alert-keys.ts';
import { SILENCE_DOCUMENT } from './alert-shape.ts';
import { encodeDocument } from './columns-document.ts';
import { decodeDocument } from './document-kind.ts';
import { keyItem } from './items.ts';
import { keptMs } from './kept-instant.ts';
import { readPacked, readPackedRange, writePacked } from './packed-document.ts';
import type { StoreTable } from './table.ts';

const MS_PER_SECOND = 1_000;
/** A digest says what was silenced the day before; a week serves whoever comes late. */
const KEPT_AFTER_SECONDS = 7 * 86_400;
/** Each attempt that fails means that another writer's succeeded. */
const ATTEMPTS_MAX = 5;

/** Keeps who asked for silence, about what and until when. */
export function createSilenceStore(table: StoreTable): SilenceStore {
  return {
    ...createSilenceReader(table),
    async writeSilence(silence) {
      const key = silenceKey(silence.silenceId);
      const { name: kind, schemaVersion } = SILENCE_DOCUMENT;
      const expiresAt = Math.ceil(keptMs(silence.until) / MS_PER_SECOND) + KEPT_AFTER_SECONDS;
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
        const stored = await readPacked(table, key);
        const expect = stored === undefined ? 'absent' : { version: stored.version };
        const bytes = encodeDocument(SILENCE_DOCUMENT, silence);
        const { outcome } = await writePacked(table, key, bytes, { kind, schemaVersion, expect, expiresAt });
        if (outcome === 'written') {
          return;
        }
      }
      throw new Error(`Cannot write the silence "${silence.silenceId}": others did ${ATTEMPTS_MAX} times`);
    },
    async deleteSilence(silenceId) {
      await table.client.send(
        new DeleteItemCommand({ TableName: table.tableName, Key: keyItem(silenceKey(silenceId)) }),
      );
    },
  };
}

/** Reads who asked for silence, about what and until when. */
export function createSilenceReader(table: StoreTable): SilenceReader {
  return {
    async readSilences() {
      const documents = await readPackedRange(table, silencesPrefix());
      return documents.map((document) => decodeDocument(SILENCE_DOCUMENT, document));
    },
  };
}
