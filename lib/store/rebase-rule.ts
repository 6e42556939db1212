/** A decision of this project: with it, differences that grow evenly cost about as much in a day as the base did. */
const SHARE_OF_BASE_MAX = 1 / 4;
/** Below this a new base saves nothing: every write costs a WRU, which is a kilobyte, and the manifest's names take half of one. */
const FLOOR_BYTES = 2_048;

/** Returns how large a difference may get before the document is written in full, from what that takes. */
export function differenceBytesMax(fullByteCount: number): number {
  return Math.max(FLOOR_BYTES, fullByteCount * SHARE_OF_BASE_MAX);
}
