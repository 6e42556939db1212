import { keyText } from './keys.ts';
import type { PackedDocument } from './packed-document.ts';

/**
 * What one kind of document holds and how it is read. Code reads its own schema version and the one before, and writes its own;
 * how is a function beside the kind, so that who only reads does without it.
 */
export interface DocumentKind<T> {
  readonly name: string;
  readonly schemaVersion: number;
  decode(bytes: Uint8Array): T;
  /** Reads the previous version as a value of this one; absent where there is none. */
  readonly upcast?: (bytes: Uint8Array) => T;
}

/** Reads the value of a document; throws, naming its key, where it is of another kind or version, or damaged. */
export function decodeDocument<T>(kind: DocumentKind<T>, document: PackedDocument): T {
  const { key, schemaVersion, bytes } = document;
  if (document.kind !== kind.name) {
    throw new Error(`Cannot read ${kind.name} ${keyText(key)}: it is a document of kind "${document.kind}"`);
  }
  const read = readerOf(kind, schemaVersion);
  if (read === undefined) {
    throw new Error(
      `Cannot read ${kind.name} ${keyText(key)}: its schema version is ${schemaVersion}, this code reads ${readableVersions(kind)}`,
    );
  }
  try {
    return read(bytes);
  } catch (cause) {
    throw new Error(
      `Cannot read ${kind.name} ${keyText(key)}: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}

function readerOf<T>(kind: DocumentKind<T>, schemaVersion: number): ((bytes: Uint8Array) => T) | undefined {
  if (schemaVersion === kind.schemaVersion) {
    return kind.decode;
  }
  return schemaVersion === kind.schemaVersion - 1 ? kind.upcast : undefined;
}

function readableVersions<T>({ schemaVersion, upcast }: DocumentKind<T>): string {
  return upcast === undefined ? String(schemaVersion) : `${schemaVersion - 1} and ${schemaVersion}`;
}
