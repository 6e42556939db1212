import { type IdColumn, idAt } from '../../lib/audit/id-column.ts';

/** All ids of a column, in the order of its rows. */
export function idTexts(column: IdColumn): string[] {
  return Array.from({ length: column.length }, (_, row) => idAt(column, row));
}
