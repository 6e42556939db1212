import { columnsDocument } from './columns-document.ts';
import { regionFactsShape } from './facts-shape.ts';

/**
 * Facts as bytes, without loss: what is `undefined`, which keys a map has and the order of lists all stay. Reading checks that
 * facts come out, so damaged bytes are an error and nothing else.
 */
export const FACTS_DOCUMENT = columnsDocument('facts', 1, regionFactsShape);
