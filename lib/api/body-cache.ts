import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { boundedMap } from '../domain/bounded-map.ts';
import { type AnswerBasis, isSameBasis } from './answer-basis.ts';
import type { Caller } from './caller.ts';
import { etagOf } from './etag.ts';

/** A body as it is sent, with all that costs time to make. */
export interface MadeBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  /** The same compressed; made when it is asked for first. `undefined` for a body that fits a packet as it is. */
  readonly gzipped: (() => Promise<Uint8Array<ArrayBuffer>>) | undefined;
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
/** Within a quarter of the best, for half of its time: 0.7 ms for a page of 250 kB. */
const GZIP_LEVEL = 3;
const compress = promisify(gzip);

/** Returns a cache of bodies; those that nobody asked for lately leave first. */
export function createBodyCache(): BodyCache {
  const bodies = boundedMap<{ readonly basis: AnswerBasis; readonly body: MadeBody }>(
    BODY_BYTES_MAX,
    ({ body }) => body.bytes.byteLength,
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

/** Returns bytes as a body. */
export function madeBody(bytes: Uint8Array<ArrayBuffer>): MadeBody {
  let gzipped: Promise<Uint8Array<ArrayBuffer>> | undefined;
  return {
    bytes,
    etag: etagOf(bytes),
    gzipped:
      bytes.byteLength <= PACKET_BYTES
        ? undefined
        : () => {
            gzipped ??= compress(bytes, { level: GZIP_LEVEL }).then((compressed) => new Uint8Array(compressed));
            return gzipped;
          },
  };
}
