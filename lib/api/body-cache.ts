import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Fleet } from '../audit/fleet.ts';
import { etagOf } from './etag.ts';

/** A body as it is sent, with all that costs time to make. */
export interface MadeBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  /** The same compressed; made when it is asked for first. */
  readonly gzipped: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** Bodies for callers who see everything, as they were made of one fleet, some seconds ago at the most. */
export interface BodyCache {
  read(url: string, fleet: Fleet | undefined): MadeBody | undefined;
  keep(url: string, fleet: Fleet | undefined, text: string): MadeBody;
}

/** As often as the version of the fleet is looked at: what goes with it is as old as it at the most. */
const KEPT_MS = 10_000;
/** Lists that people and dashboards look at again and again are few; 200 of 200 subnets each are about 100 MB. */
const BODIES_MAX = 50;
const compress = promisify(gzip);

/** Returns a cache of bodies by their URL; the oldest leave first. */
export function createBodyCache(now: () => number): BodyCache {
  const bodies = new Map<string, { readonly fleet: Fleet; readonly madeAtMs: number; readonly body: MadeBody }>();
  return {
    read(url, fleet) {
      const known = bodies.get(url);
      return known !== undefined && known.fleet === fleet && now() - known.madeAtMs < KEPT_MS ? known.body : undefined;
    },
    keep(url, fleet, text) {
      const body = madeBody(text);
      if (fleet !== undefined) {
        bodies.delete(url);
        bodies.set(url, { fleet, madeAtMs: now(), body });
        const [oldest] = bodies.keys();
        if (bodies.size > BODIES_MAX && oldest !== undefined) {
          bodies.delete(oldest);
        }
      }
      return body;
    },
  };
}

/** Returns a text as a body. */
export function madeBody(text: string): MadeBody {
  const bytes = new TextEncoder().encode(text);
  let gzipped: Promise<Uint8Array<ArrayBuffer>> | undefined;
  return {
    bytes,
    etag: etagOf(bytes),
    gzipped() {
      gzipped ??= compress(bytes).then((compressed) => new Uint8Array(compressed));
      return gzipped;
    },
  };
}
