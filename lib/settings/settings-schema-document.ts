import * as z from 'zod';
import { Settings } from './settings.ts';

const INDENT = 2;
const LINE_LENGTH_MAX = 120;
/** The newest version that the YAML language server knows in full. */
const JSON_SCHEMA_VERSION = 'draft-7';

/**
 * Returns the text of `elbowroom.settings.schema.json`, by which an editor completes and explains the settings file. It is
 * what people may write, so nothing with a default is required.
 */
export function settingsSchemaDocument(): string {
  const schema = z.toJSONSchema(Settings, { io: 'input', target: JSON_SCHEMA_VERSION });
  return `${jsonText(schema, 0, 0)}\n`;
}

/** JSON as the formatter of this project leaves it: a list of plain values stands on one line where it fits. */
function jsonText(value: unknown, depth: number, columnsBefore: number): string {
  const inner = ' '.repeat(INDENT * (depth + 1));
  const outer = ' '.repeat(INDENT * depth);
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    const line = `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
    const isPlain = items.every((item) => typeof item !== 'object' || item === null);
    if (isPlain && outer.length + columnsBefore + line.length < LINE_LENGTH_MAX) {
      return line;
    }
    return `[\n${items.map((item) => inner + jsonText(item, depth + 1, 0)).join(',\n')}\n${outer}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const lines = Object.entries(value).map(([key, item]) => {
      const start = `${JSON.stringify(key)}: `;
      return `${inner}${start}${jsonText(item, depth + 1, start.length)}`;
    });
    return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${outer}}`;
  }
  return JSON.stringify(value);
}
