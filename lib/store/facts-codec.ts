import type { RegionFacts } from '../domain/region-facts.ts';
import { decodeColumns, encodeColumns } from './column-codec.ts';
import type { DocumentKind } from './document-kind.ts';
import { regionFactsShape } from './facts-shape.ts';

/**
 * Facts as bytes, without loss: what is `undefined`, which keys a map has and the order of lists all stay. Reading checks that
 * facts come out, so damaged bytes are an error and nothing else.
 */
export const FACTS_DOCUMENT: DocumentKind<RegionFacts> = {
  name: 'facts',
  schemaVersion: 1,
  encode: encodeColumns,
  decode: (bytes) => {
    const value = decodeColumns(bytes);
    const problem = regionFactsShape.problemOf(value);
    if (problem !== undefined) {
      throw new Error(`the document holds no facts: ${problem}`);
    }
    // What the shape finds nothing wrong with are facts.
    return value as RegionFacts;
  },
};
