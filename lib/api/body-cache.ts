import zlib from 'node:zlib';
import { parseAccept } from 'hono/utils/accept';
import { boundedMap } from '../domain/bounded-map.ts';
import { madeOnce } from '../domain/made-once.ts';
import { type AnswerBasis, isSameBasis } from './answer-basis.ts';
import type { Caller } from './caller.ts';
import { etagInEncoding } from './etag.ts';
import type { BodyBytes } from './json-bytes.ts';

/** A body as it is sent, with all that costs time to make. */
export interface MadeBody {
  readonly byteLength: number;
  /** Returns it as a caller takes it, by its `Accept-Encoding`. */
  readonly encodedFor: (acceptEncoding: string) => EncodedBody;
}

export interface EncodedBody {
  /** `undefined` for bytes that are not compressed. */
  readonly encoding: string | undefined;
  /** The validator of these bytes. */
  readonly etag: string;
  /** Returns the bytes, which are made when they are asked for first. */
  readonly bytes: () => Uint8Array<ArrayBuffer>;
}

/** What was answered to whom: callers who may see the same are given the same. */
export interface BodyKey {
  readonly caller: Caller;
  /** With its query. */
  readonly path: string;
}

/** Bodies by what was asked and by whom it may be seen, as long as what they were made from is the same. */
export interface BodyCache {
  read(key: BodyKey, basis: AnswerBasis): MadeBody | undefined;
  keep(key: BodyKey, basis: AnswerBasis, body: MadeBody): void;
}

/** Eighty pages of 200 subnets, or thousands of smaller answers; compressed ones are a tenth of it besides. */
const BODY_BYTES_MAX = 40 * 1_024 * 1_024;
/** What an Ethernet frame takes of a TCP stream. */
const PACKET_BYTES = 1_460;

type Encode = (bytes: Uint8Array) => Uint8Array<ArrayBuffer>;

/**
 * The better ones first: of a page of 250 kB Brotli makes 18.5 kB in 0.2 ms, gzip 20.7 kB in 0.6. They keep the thread: to hand the
 * page to another and wait takes half as long again. https://www.iana.org/assignments/http-parameters#content-coding
 */
const ENCODINGS: readonly (readonly [name: string, encode: Encode])[] = [
  ['br', (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })],
  // Within a quarter of the best, for half of its time.
  ['gzip', (bytes) => zlib.gzipSync(bytes, { level: 3 })],
];

/** Returns a cache of bodies; those that nobody asked for lately leave first. */
export function createBodyCache(): BodyCache {
  const bodies = boundedMap<{ readonly basis: AnswerBasis; readonly body: MadeBody }>(
    BODY_BYTES_MAX,
    ({ body }) => body.byteLength,
  );
  return {
    read(key, basis) {
      const known = bodies.get(nameOf(key));
      return known !== undefined && isSameBasis(known.basis, basis) ? known.body : undefined;
    },
    keep(key, basis, body) {
      bodies.set(nameOf(key), { basis, body });
    },
  };
}

function nameOf({ caller: { accountIds }, path }: BodyKey): string {
  return JSON.stringify([accountIds?.toSorted() ?? null, path]);
}

/** Returns bytes as a body; what fits a packet as it is is not compressed. */
export function madeBody({ parts, byteLength, etag }: BodyBytes): MadeBody {
  let pieces = parts;
  const plain: EncodedBody = {
    encoding: undefined,
    etag,
    bytes: madeOnce(() => {
      const bytes = joined(pieces, () => new Uint8Array(byteLength));
      pieces = [bytes];
      return bytes;
    }),
  };
  const compressed = new Map<string, EncodedBody>();
  return {
    byteLength,
    encodedFor(acceptEncoding) {
      const [encoding, encode] = byteLength <= PACKET_BYTES ? [] : (takenEncoding(acceptEncoding) ?? []);
      if (encoding === undefined || encode === undefined) {
        return plain;
      }
      const encoded = compressed.get(encoding) ?? {
        encoding,
        etag: etagInEncoding(etag, encoding),
        bytes: madeOnce(() => encode(joined(pieces, () => scratchOf(byteLength)))),
      };
      compressed.set(encoding, encoded);
      return encoded;
    },
  };
}

/** Returns the only part, or else all of them one after the other, at the start of what `allot` returns. */
function joined(
  parts: readonly Uint8Array<ArrayBuffer>[],
  allot: () => Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const [first, ...others] = parts;
  if (first !== undefined && others.length === 0) {
    return first;
  }
  const target = allot();
  let length = 0;
  for (const part of parts) {
    target.set(part, length);
    length += part.byteLength;
  }
  return target.subarray(0, length);
}

/** Of the longest body so far: to come by new memory for each takes longer than to compress it. */
let scratch = new Uint8Array();

/** Returns bytes that hold until the next call. */
function scratchOf(byteLength: number): Uint8Array<ArrayBuffer> {
  if (scratch.byteLength < byteLength) {
    scratch = new Uint8Array(byteLength);
  }
  return scratch;
}

/** The best that a caller takes; what it does not name it may take too, but need not. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3 */
function takenEncoding(acceptEncoding: string) {
  const taken = new Set(parseAccept(acceptEncoding).flatMap(({ type, q }) => (q > 0 ? [type.toLowerCase()] : [])));
  return ENCODINGS.find(([name]) => taken.has(name));
}
