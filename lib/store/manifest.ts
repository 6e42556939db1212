import { CODECS, type Codec, decompress } from './compression.ts';
import { type ItemKey, keyText } from './keys.ts';
import type { Item } from './table.ts';

/** The one item that makes a packed document visible: what it is, and how its bytes are found and checked. */
export interface Manifest {
  readonly kind: string;
  readonly schemaVersion: number;
  readonly generation: string;
  readonly codec: Codec;
  /** None where the document lies in the manifest itself. */
  readonly chunkCount: number;
  /** Of the document before compression. */
  readonly byteCount: number;
  /** Of the document before compression. */
  readonly sha256: Uint8Array;
  readonly order: string | undefined;
  readonly body: Uint8Array | undefined;
}

/** No document comes near; a manifest that says more is damaged, and nothing is allocated for it. */
const BYTE_COUNT_MAX = 512 * 1024 * 1024;
const CHUNK_COUNT_MAX = 10_000;

/** Returns the attributes of a manifest, without its key. */
export function itemOf(manifest: Manifest): Item {
  return {
    kind: { S: manifest.kind },
    schemaVersion: { N: String(manifest.schemaVersion) },
    generation: { S: manifest.generation },
    codec: { S: manifest.codec },
    chunkCount: { N: String(manifest.chunkCount) },
    byteCount: { N: String(manifest.byteCount) },
    sha256: { B: manifest.sha256 },
    ...(manifest.order === undefined ? {} : { order: { S: manifest.order } }),
    ...(manifest.body === undefined ? {} : { body: { B: manifest.body } }),
  };
}

/** Reads a manifest; throws where the item is none, naming its key. */
export function manifestOf(key: ItemKey, item: Item): Manifest {
  const kind = item['kind']?.S;
  const generation = item['generation']?.S;
  const codec = CODECS.find((name) => name === item['codec']?.S);
  const sha256 = item['sha256']?.B;
  const schemaVersion = countOf(item['schemaVersion']?.N, Number.MAX_SAFE_INTEGER);
  const chunkCount = countOf(item['chunkCount']?.N, CHUNK_COUNT_MAX);
  const byteCount = countOf(item['byteCount']?.N, BYTE_COUNT_MAX);
  const body = item['body']?.B;
  if (
    kind === undefined ||
    generation === undefined ||
    codec === undefined ||
    sha256 === undefined ||
    schemaVersion === undefined ||
    chunkCount === undefined ||
    byteCount === undefined ||
    (chunkCount === 0) !== (body !== undefined)
  ) {
    throw new Error(`Cannot read document ${keyText(key)}: its item is no manifest that this version knows`);
  }
  return { kind, schemaVersion, generation, codec, chunkCount, byteCount, sha256, order: item['order']?.S, body };
}

/** Returns the bytes of a document, or `undefined` where what is stored is damaged. */
export function unpack({ codec, byteCount }: Manifest, stored: Uint8Array): Uint8Array | undefined {
  try {
    const bytes = decompress({ codec, bytes: stored }, byteCount);
    return bytes.byteLength === byteCount ? bytes : undefined;
  } catch {
    // zlib has many ways to say that its input is damaged; the caller names the document.
    return undefined;
  }
}

function countOf(text: string | undefined, max: number): number | undefined {
  const count = text === undefined ? Number.NaN : Number(text);
  return Number.isSafeInteger(count) && count >= 0 && count <= max ? count : undefined;
}
