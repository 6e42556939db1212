const INDENT = 2;
const LINE_LENGTH_MAX = 120;

/**
 * Returns a value of plain objects, lists, texts, numbers, booleans and null as JSON that people read: indented, and a list of
 * plain values on one line where it fits in 120 columns.
 */
export function jsonText(value: unknown): string {
  return `${textOf(value, 0, 0)}\n`;
}

function textOf(value: unknown, depth: number, columnsBefore: number): string {
  const inner = ' '.repeat(INDENT * (depth + 1));
  const outer = ' '.repeat(INDENT * depth);
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    const line = `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
    const isPlain = items.every((item) => typeof item !== 'object' || item === null);
    if (isPlain && outer.length + columnsBefore + line.length < LINE_LENGTH_MAX) {
      return line;
    }
    return `[\n${items.map((item) => inner + textOf(item, depth + 1, 0)).join(',\n')}\n${outer}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const lines = Object.entries(value).map(([key, item]) => {
      const start = `${JSON.stringify(key)}: `;
      return `${inner}${start}${textOf(item, depth + 1, start.length)}`;
    });
    return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${outer}}`;
  }
  return JSON.stringify(value);
}
