import { etagOf } from './etag.ts';

/** What is sent, as parts that follow each other: answers share what they have in common. */
export interface BodyBytes {
  readonly [IS_BYTES]: true;
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
  readonly byteLength: number;
  /** Its strong validator; of several parts it is made of theirs. */
  readonly etag: string;
}

/** JSON of a value in UTF-8. */
export interface JsonBytes<T> extends BodyBytes {
  /** Never there. It keeps JSON of one thing from passing for that of another. */
  readonly of?: T;
}

const IS_BYTES = Symbol('bytes');

const encoder = new TextEncoder();
const COMMA = textBytes(',');
const CLOSING = textBytes(']}');

/** Returns a text in UTF-8. */
export function textBytes(text: string): BodyBytes {
  const bytes = encoder.encode(text);
  return { [IS_BYTES]: true, parts: [bytes], byteLength: bytes.byteLength, etag: etagOf(bytes) };
}

/** Returns a value as JSON. */
export function jsonBytes<T>(value: T): JsonBytes<T> {
  return textBytes(JSON.stringify(value));
}

/** Returns a record without `items` as JSON that has them as its last field; they are JSON already. */
export function jsonBytesWithItems<R extends object, T>(
  record: R,
  items: readonly JsonBytes<T>[],
): JsonBytes<R & { readonly items: T[] }> {
  const opening = textBytes(JSON.stringify({ ...record, items: [] }).slice(0, -CLOSING.byteLength));
  const separated = items.flatMap((item, index) => (index === 0 ? [item] : [COMMA, item]));
  return inSequence([opening, ...separated, CLOSING]);
}

function inSequence(all: readonly BodyBytes[]): BodyBytes {
  return {
    [IS_BYTES]: true,
    parts: all.flatMap(({ parts }) => parts),
    byteLength: all.reduce((sum, { byteLength }) => sum + byteLength, 0),
    // All are of one length, so no other sequence of them is the same text.
    etag: etagOf(all.map(({ etag }) => etag).join('')),
  };
}

/** Whether a value is what is sent already, and not what that is made of. */
export function isBytes(value: unknown): value is BodyBytes {
  return typeof value === 'object' && value !== null && IS_BYTES in value;
}
