/** JSON of a value in UTF-8. */
export interface JsonBytes<T> extends Uint8Array<ArrayBuffer> {
  /** Never there. It keeps JSON of one thing from passing for that of another. */
  readonly of?: T;
}

const encoder = new TextEncoder();
const COMMA = encoder.encode(',');
const CLOSING = ']}';

/** Returns a value as JSON. */
export function jsonBytes<T>(value: T): JsonBytes<T> {
  return encoder.encode(JSON.stringify(value));
}

/** Returns a record without `items` as JSON that has them as its last field; they are JSON already. */
export function jsonBytesWithItems<R extends object, T>(
  record: R,
  items: readonly JsonBytes<T>[],
): JsonBytes<R & { readonly items: T[] }> {
  const opening = JSON.stringify({ ...record, items: [] }).slice(0, -CLOSING.length);
  const separated = items.flatMap((item, index) => (index === 0 ? [item] : [COMMA, item]));
  return Buffer.concat([encoder.encode(opening), ...separated, encoder.encode(CLOSING)]);
}

/** Whether a value is bytes in memory of their own, as JSON here is. */
export function isBytes(value: unknown): value is Uint8Array<ArrayBuffer> {
  return value instanceof Uint8Array && value.buffer instanceof ArrayBuffer;
}
