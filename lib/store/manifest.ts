import { applyDifference, CODECS, type Codec, decompress } from './compression.ts';
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
  /** Seconds since 1970-01-01 UTC. */
  readonly expiresAt: number;
  /** What the stored bytes are the difference to; `undefined` where they are the document in full. */
  readonly base: ManifestBase | undefined;
  readonly body: Uint8Array | undefined;
}

/** A document of the same partition, in the generation that the difference was made to. */
export interface ManifestBase {
  readonly sk: string;
  readonly generation: string;
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
    ...(manifest.body === undefined ? { chunkCount: { N: String(manifest.chunkCount) } } : {}),
    byteCount: { N: String(manifest.byteCount) },
    sha256: { B: manifest.sha256 },
    expiresAt: { N: String(manifest.expiresAt) },
    ...(manifest.order === undefined ? {} : { order: { S: manifest.order } }),
    ...(manifest.base === undefined ? {} : { baseSk: { S: manifest.base.sk }, ...generationOf(manifest.base) }),
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
  const body = item['body']?.B;
  const chunkCount = body === undefined ? countOf(item['chunkCount']?.N, CHUNK_COUNT_MAX) : 0;
  const byteCount = countOf(item['byteCount']?.N, BYTE_COUNT_MAX);
  const expiresAt = countOf(item['expiresAt']?.N, Number.MAX_SAFE_INTEGER);
  if (
    kind === undefined ||
    generation === undefined ||
    codec === undefined ||
    sha256 === undefined ||
    schemaVersion === undefined ||
    chunkCount === undefined ||
    byteCount === undefined ||
    expiresAt === undefined ||
    (chunkCount === 0) !== (body !== undefined)
  ) {
    throw new Error(`Cannot read document ${keyText(key)}: its item is no manifest that this version knows`);
  }
  const order = item['order']?.S;
  const base = baseOf(item);
  return { kind, schemaVersion, generation, codec, chunkCount, byteCount, sha256, order, expiresAt, base, body };
}

const SEPARATOR = '#';

/** Where a base is named by its generation, its key says it. */
function generationOf({ sk, generation }: ManifestBase): Item {
  return sk.endsWith(SEPARATOR + generation) ? {} : { baseGeneration: { S: generation } };
}

function baseOf(item: Item): ManifestBase | undefined {
  const sk = item['baseSk']?.S;
  const generation = item['baseGeneration']?.S ?? sk?.split(SEPARATOR).at(-1);
  return sk === undefined || generation === undefined ? undefined : { sk, generation };
}

/** Returns the bytes of a document, `base` being those of its base, or `undefined` where what is stored is damaged. */
export function unpack(
  { codec, byteCount }: Manifest,
  stored: Uint8Array,
  base: Uint8Array | undefined,
): Uint8Array | undefined {
  try {
    const bytes =
      base === undefined ? decompress({ codec, bytes: stored }, byteCount) : applyDifference(stored, base, byteCount);
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
