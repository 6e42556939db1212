import { decodeColumns, encodeColumns } from './column-codec.ts';
import type { DocumentKind } from './document-kind.ts';
import type { Shape } from './shape.ts';

/** A kind of document that holds plain values of one shape, in columns and without loss. */
export interface ColumnsDocument<T> extends DocumentKind<T> {
  readonly shape: Shape<T>;
  /** Tells the texts of which there are now more, now fewer. */
  readonly comesLast: ((text: string) => boolean) | undefined;
}

/** Returns the kind of document that holds values of a shape. What does not have the shape is not read. */
export function columnsDocument<T>(
  name: string,
  schemaVersion: number,
  shape: Shape<T>,
  comesLast?: (text: string) => boolean,
): ColumnsDocument<T> {
  return {
    name,
    schemaVersion,
    shape,
    comesLast,
    decode: (bytes) => checkedValue({ name, shape }, decodeColumns(bytes)),
  };
}

/** Returns what was decoded as a value of a kind of document; throws where it does not have the shape. */
export function checkedValue<T>({ name, shape }: Pick<ColumnsDocument<T>, 'name' | 'shape'>, value: unknown): T {
  const problem = shape.problemOf(value);
  if (problem !== undefined) {
    throw new Error(`the document holds no ${name}: ${problem}`);
  }
  // What the shape finds nothing wrong with is a T.
  return value as T;
}

/** Returns the bytes of a value. What does not have the shape is not written: nobody could read it again. */
export function encodeDocument<T>({ name, shape, comesLast }: ColumnsDocument<T>, value: T): Uint8Array {
  const problem = shape.problemOf(value);
  if (problem !== undefined) {
    throw new Error(`Cannot write ${name}: ${problem}`);
  }
  return encodeColumns(value, comesLast);
}
