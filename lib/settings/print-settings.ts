import { stringify } from 'yaml';
import type { Settings } from './settings.ts';

/** Returns settings as the YAML of a settings file, every default spelled out. */
export function printSettings(settings: Settings): string {
  // Two equal lists would become an alias, which a settings file may not have; long lines must not be folded.
  return stringify(settings, { aliasDuplicateObjects: false, lineWidth: 0, schema: 'core' });
}
