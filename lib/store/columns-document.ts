import { decodeColumns, encodeColumns } from './column-codec.ts';
import type { DocumentKind } from './document-kind.ts';
import type { Shape } from './shape.ts';

/**
 * Returns a kind of document that holds plain values of one shape, in columns and without loss. What does not have the shape
 * is neither read nor written: nobody could read it again. Texts that come last are those of which there are now more, now fewer.
 */
export function columnsDocument<T>(
  name: string,
  schemaVersion: number,
  shape: Shape<T>,
  comesLast?: (text: string) => boolean,
): DocumentKind<T> {
  return {
    name,
    schemaVersion,
    encode(value) {
      const problem = shape.problemOf(value);
      if (problem !== undefined) {
        throw new Error(`Cannot write ${name}: ${problem}`);
      }
      return encodeColumns(value, comesLast);
    },
    decode(bytes) {
      const value = decodeColumns(bytes);
      const problem = shape.problemOf(value);
      if (problem !== undefined) {
        throw new Error(`the document holds no ${name}: ${problem}`);
      }
      // What the shape finds nothing wrong with is a T.
      return value as T;
    },
  };
}
