import type { SeriesKind } from './daily.ts';

/** Names what a series is of, in the plural. */
export function seriesText(kind: SeriesKind): 'addresses' | '/28 blocks' {
  return kind === 'addresses' ? 'addresses' : '/28 blocks';
}
