import wrapAnsi from 'wrap-ansi';
import { COLUMNS, wrappedText } from './wrapped-text.ts';

export interface TextColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Where a table is too wide, the column with the lowest number is narrowed first. */
  readonly narrowed: number;
}

export interface TextRow {
  /** One for each column. */
  readonly cells: readonly string[];
  /** Sentences that stand below the row, indented and wrapped. */
  readonly details: readonly string[];
}

const GAP_WIDTH = 2;
const GAP_WIDTH_TIGHT = 1;
/** Eight columns of this width still fit. */
const CELL_WIDTH_MIN = 8;

/**
 * Renders a table no wider than `COLUMNS`: its columns are as wide as their widest cell, and cells are wrapped where that is
 * too much. Details are indented by `indentWidth`, and stand below the second column where the first one is narrow enough.
 */
export function renderTextTable(columns: readonly TextColumn[], rows: readonly TextRow[], indentWidth: number): string {
  const texts = rows.map(({ cells }) => cells.map(cellText));
  const { widths, gap } = fitted(columns, texts, indentWidth - GAP_WIDTH);
  const header = rowLines(
    columns,
    widths,
    gap,
    columns.map(({ title }) => title),
  );
  const body = rows.flatMap(({ details }, index) => [
    ...rowLines(columns, widths, gap, texts[index] ?? []),
    ...details.map((detail) => wrappedText(' '.repeat(indentWidth), detail)),
  ]);
  return [...header, ...body].join('\n');
}

/** Cells hold ids, names of clusters and regions, and numbers, which AWS and we write in ASCII; anything else could be wider than it counts. */
function cellText(text: string): string {
  return text.replace(/[^\u0020-\u007e]/gu, '\uFFFD');
}

interface Fit {
  readonly widths: readonly number[];
  readonly gap: string;
}

function fitted(columns: readonly TextColumn[], texts: readonly (readonly string[])[], firstWidthMin: number): Fit {
  const widths = columns.map(({ title }, index) =>
    texts.reduce(
      (widest, cells) => Math.max(widest, cells[index]?.length ?? 0),
      index === 0 ? Math.max(title.length, firstWidthMin) : title.length,
    ),
  );
  const contentWidth = widths.reduce((total, width) => total + width, 0);
  const gapCount = columns.length - 1;
  const gapWidth = contentWidth + GAP_WIDTH * gapCount <= COLUMNS ? GAP_WIDTH : GAP_WIDTH_TIGHT;
  let excess = contentWidth + gapWidth * gapCount - COLUMNS;
  const order = columns.map((column, index) => ({ ...column, index })).sort((a, b) => a.narrowed - b.narrowed);
  for (const { index } of order) {
    const width = widths[index] ?? 0;
    const taken = Math.max(0, Math.min(excess, width - CELL_WIDTH_MIN));
    widths[index] = width - taken;
    excess -= taken;
  }
  return { widths, gap: ' '.repeat(gapWidth) };
}

function rowLines(
  columns: readonly TextColumn[],
  widths: readonly number[],
  gap: string,
  cells: readonly string[],
): string[] {
  const wrapped = cells.map((cell, index) => cellLines(cell, widths[index] ?? 0));
  const height = Math.max(...wrapped.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map(({ align }, index) => {
        const text = wrapped[index]?.[line] ?? '';
        const width = widths[index] ?? 0;
        return align === 'right' ? text.padStart(width) : text.padEnd(width);
      })
      .join(gap)
      .trimEnd(),
  );
}

/** Most cells fit: to find that out by their length is much faster than to wrap them. */
function cellLines(cell: string, width: number): string[] {
  return cell.length <= width ? [cell] : wrapAnsi(cell, width, { hard: true }).split('\n');
}
