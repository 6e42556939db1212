/** How many hashes there are. */
export const HASHES = 2 ** 32;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Returns a hash of a text from 0 to below `HASHES`, the same everywhere and always: what is spread by it keeps its place.
 *
 * FNV-1a, and the finish of MurmurHash3, which makes every bit depend on every character: ids of one organisation differ in few.
 * https://en.wikipedia.org/wiki/Fowler%E2%80%93Noll%E2%80%93Vo_hash_function
 * https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 */
export function hashText(text: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
