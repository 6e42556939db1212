import type { DocumentBase } from './packed-content.ts';

/** A decision of this project: with it, differences that grow evenly cost about as much in a day as the base did. */
const SHARE_OF_BASE_MAX = 1 / 4;
/** Below this a new base saves nothing: every write costs a WRU, which is a kilobyte, and the manifest's names take half of one. */
const FLOOR_BYTES = 2_048;

/** Returns how large a difference to a base may get before the document is written in full, as a new base. */
export function differenceBytesMax({ storedByteCount }: Pick<DocumentBase, 'storedByteCount'>): number {
  return Math.max(FLOOR_BYTES, storedByteCount * SHARE_OF_BASE_MAX);
}
