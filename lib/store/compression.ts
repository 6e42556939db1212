import zlib from 'node:zlib';

/** How the bytes of a document are kept; named beside them, so that it can change. */
export const CODECS = ['none', 'gzip', 'zstd'] as const;
export type Codec = (typeof CODECS)[number];

/** Zstandard is in Node's zlib from version 22.15. https://nodejs.org/api/zlib.html#zlibzstdcompresssyncbuffer-options */
const hasZstd = typeof zlib.zstdCompressSync === 'function';
export const BEST_CODEC: Codec = hasZstd ? 'zstd' : 'gzip';

export interface Compressed {
  readonly codec: Codec;
  readonly bytes: Uint8Array;
}

/** Compresses bytes, or leaves them as they are where that would not make them fewer. */
export function compress(bytes: Uint8Array, codec: Codec = BEST_CODEC): Compressed {
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
  }
}

/** Returns the bytes before compression. Throws where they are damaged, or would be more than `byteCountMax`. */
export function decompress({ codec, bytes }: Compressed, byteCountMax: number): Uint8Array {
  // zlib refuses a limit of zero; one byte too many is noticed by whoever compares the length.
  const options = { maxOutputLength: Math.max(1, byteCountMax) };
  switch (codec) {
    case 'none':
      return bytes;
    case 'gzip':
      return zlib.gunzipSync(bytes, options);
    case 'zstd':
      return zlib.zstdDecompressSync(bytes, options);
  }
}
