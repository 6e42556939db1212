import zlib from 'node:zlib';

/** How the bytes of a document are kept; named beside them, so that it can change. */
export const CODECS = ['none', 'gzip', 'zstd', 'brotli'] as const;
export type Codec = (typeof CODECS)[number];

/** Zstandard is in Node's zlib from version 22.15. https://nodejs.org/api/zlib.html#zlibzstdcompresssyncbuffer-options */
export const HAS_ZSTD = typeof zlib.zstdCompressSync === 'function';

/** Of what is written once and read for a day: facts of 37 KB take 9.6 KB by this one and 12 ms, 12.4 KB as Zstandard makes them. */
const BROTLI_QUALITY_OF_MIDDLE = 10;
/** Of others: a twentieth of the time for a tenth more. What is small takes a unit anyway, what is large would take too long. */
const BROTLI_QUALITY = 5;
const MIDDLE_BYTES_MIN = 4_000;
const MIDDLE_BYTES_MAX = 100_000;

/** Begins a dictionary that was trained, which Zstandard reads otherwise than any other bytes. https://datatracker.ietf.org/doc/html/rfc8878#section-5 */
const TRAINED_DICTIONARY_MAGIC = [0x37, 0xa4, 0x30, 0xec] as const;
/**
 * Of the levels measured, the first that finds all of a base of 3 MB again, which are facts of a quarter of a million addresses.
 * Of larger ones it misses the head: differences to them are larger than they could be.
 */
const DIFFERENCE_LEVEL = 9;
/** A window has to hold base and document. Readers refuse more than 2^27 bytes unless told otherwise. https://datatracker.ietf.org/doc/html/rfc8878#section-3.1.1.1.2 */
const WINDOW_LOG_MIN = 10;
const WINDOW_LOG_MAX = 27;

/** Zstandard takes dictionaries from Node 24.6 on; before, it passes them over without a word. */
export const HAS_DICTIONARIES = HAS_ZSTD && takesDictionaries();

export interface Compressed {
  readonly codec: Codec;
  readonly bytes: Uint8Array;
}

/** Compresses bytes, or leaves them as they are where that would not make them fewer. */
export function compress(bytes: Uint8Array, codec: Codec = 'brotli'): Compressed {
  const smaller = compressed(bytes, codec);
  return smaller.byteLength < bytes.byteLength ? { codec, bytes: smaller } : { codec: 'none', bytes };
}

function compressed(bytes: Uint8Array, codec: Codec): Uint8Array {
  switch (codec) {
    case 'none':
      return bytes;
    case 'gzip':
      return zlib.gzipSync(bytes);
    case 'zstd':
      return zlib.zstdCompressSync(bytes);
    case 'brotli':
      return brotli(bytes);
  }
}

function brotli(bytes: Uint8Array): Uint8Array {
  const isMiddle = bytes.byteLength >= MIDDLE_BYTES_MIN && bytes.byteLength <= MIDDLE_BYTES_MAX;
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
  return zlib.brotliCompressSync(bytes, {
    params: {
      [BROTLI_PARAM_QUALITY]: isMiddle ? BROTLI_QUALITY_OF_MIDDLE : BROTLI_QUALITY,
      [BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
    },
  });
}

/** Returns the bytes before compression. Throws where they are damaged, or would be more than `byteCountMax`. */
export function decompress({ codec, bytes }: Compressed, byteCountMax: number): Uint8Array {
  const options = optionsOf(byteCountMax);
  switch (codec) {
    case 'none':
      return bytes;
    case 'gzip':
      return zlib.gunzipSync(bytes, options);
    case 'zstd':
      return zlib.zstdDecompressSync(bytes, options);
    case 'brotli':
      return zlib.brotliDecompressSync(bytes, options);
  }
}

/**
 * Returns what bytes have that `base` has not, as Zstandard with the base for its dictionary; `undefined` where that cannot
 * be had: by this Node, from this base, or in fewer bytes than there are.
 */
export function difference(bytes: Uint8Array, base: Uint8Array): Uint8Array | undefined {
  const windowLog = Math.ceil(Math.log2(bytes.byteLength + base.byteLength + 1));
  if (!HAS_DICTIONARIES || windowLog > WINDOW_LOG_MAX || isTrainedDictionary(base)) {
    return undefined;
  }
  const { ZSTD_c_compressionLevel, ZSTD_c_windowLog } = zlib.constants;
  const smaller = zlib.zstdCompressSync(bytes, {
    dictionary: base,
    params: { [ZSTD_c_compressionLevel]: DIFFERENCE_LEVEL, [ZSTD_c_windowLog]: Math.max(WINDOW_LOG_MIN, windowLog) },
  });
  return smaller.byteLength < bytes.byteLength ? smaller : undefined;
}

/** Returns the bytes that `difference` was given. Throws where they are damaged, or would be more than `byteCountMax`. */
export function applyDifference(smaller: Uint8Array, base: Uint8Array, byteCountMax: number): Uint8Array {
  return zlib.zstdDecompressSync(smaller, { ...optionsOf(byteCountMax), dictionary: base });
}

/** Larger bounds say nothing of how long the bytes will be, or are of documents that few keep. */
const ONE_PIECE_BYTES_MAX = 4 * 1024 * 1024;
/** zlib's own. https://nodejs.org/api/zlib.html#class-options */
const PIECE_BYTES_MIN = 64;

/** zlib makes pieces of 16 KB and joins them. In one piece, with a byte of room that shows it to be the last, takes half the time. */
function optionsOf(byteCountMax: number) {
  // zlib refuses a limit of zero; one byte too many is noticed by whoever compares the length.
  const limit = { maxOutputLength: Math.max(1, byteCountMax) };
  return byteCountMax > ONE_PIECE_BYTES_MAX
    ? limit
    : { ...limit, chunkSize: Math.max(PIECE_BYTES_MIN, byteCountMax + 1) };
}

function isTrainedDictionary(base: Uint8Array): boolean {
  return TRAINED_DICTIONARY_MAGIC.every((byte, index) => base[index] === byte);
}

function takesDictionaries(): boolean {
  // Bytes that hold nothing twice get smaller only by a dictionary.
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  return zlib.zstdCompressSync(bytes, { dictionary: bytes }).byteLength < bytes.byteLength / 2;
}
