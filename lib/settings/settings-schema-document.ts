import * as z from 'zod/mini';
import { jsonText } from '../domain/text/json-text.ts';
import { Settings } from './settings.ts';

/** The newest version that the YAML language server knows in full. */
const JSON_SCHEMA_VERSION = 'draft-7';

/**
 * Returns the text of `elbowroom.settings.schema.json`, by which an editor completes and explains the settings file. It is
 * what people may write, so nothing with a default is required.
 */
export function settingsSchemaDocument(): string {
  const schema = z.toJSONSchema(Settings, { io: 'input', target: JSON_SCHEMA_VERSION });
  return jsonText(schema);
}
