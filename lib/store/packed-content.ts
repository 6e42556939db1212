import { createHash } from 'node:crypto';
import { type Codec, compress, difference } from './compression.ts';
import type { ItemKey } from './keys.ts';

/** A document that others of its partition are kept as differences to. */
export interface DocumentBase {
  readonly key: ItemKey;
  readonly version: string;
  readonly bytes: Uint8Array;
  /** Seconds since 1970-01-01 UTC; what needs the base must not outlive it. */
  readonly expiresAt: number;
  /** What it takes in the table, beside its names. */
  readonly storedByteCount: number;
  /** How many others it rests on itself, one on the other; none where it is kept in full. */
  readonly baseCount: number;
  /** What the last of them, which is kept in full, takes in the table. */
  readonly fullByteCount: number;
}

/** The bytes of a document as they will be stored. */
export interface PackedContent {
  readonly codec: Codec;
  readonly stored: Uint8Array;
  /** Of the document before compression. */
  readonly byteCount: number;
  readonly sha256: Uint8Array;
  /** `undefined` where the document is stored in full. */
  readonly base: DocumentBase | undefined;
}

export interface PackedDifference extends PackedContent {
  readonly base: DocumentBase;
}

/** Packs a document in full. */
export function packInFull(bytes: Uint8Array): PackedContent {
  const { codec, bytes: stored } = compress(bytes);
  return { codec, stored, ...checksOf(bytes), base: undefined };
}

/** Packs a document as its difference to a base, or returns `undefined` where this cannot be had or takes more than `byteCountMax`. */
export function packDifference(
  bytes: Uint8Array,
  base: DocumentBase,
  byteCountMax = Number.POSITIVE_INFINITY,
): PackedDifference | undefined {
  const stored = difference(bytes, base.bytes);
  return stored === undefined || stored.byteLength > byteCountMax
    ? undefined
    : { codec: 'zstd', stored, ...checksOf(bytes), base };
}

/** Half of a SHA-256: enough against damage, and each byte counts in an item of a kilobyte. */
const CHECK_BYTES = 16;

function sha256Of(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, CHECK_BYTES);
}

/** Returns whether bytes are those that were checked by `sha256`; earlier versions kept all of it. */
export function isChecked(bytes: Uint8Array, sha256: Uint8Array): boolean {
  return sha256Of(bytes).equals(sha256.subarray(0, CHECK_BYTES));
}

function checksOf(bytes: Uint8Array) {
  return { byteCount: bytes.byteLength, sha256: sha256Of(bytes) };
}
