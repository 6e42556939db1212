import { readFile } from 'node:fs/promises';
import { defaultSettings, type Settings } from '../settings/settings.ts';
import { settingsProblemText } from '../settings/settings-problem.ts';
import { parseSettingsText } from './parse-settings-text.ts';

/** Reads the settings file of a bundle; without a path the defaults hold. Throws where a file that is named is absent or wrong. */
export async function readSettings(path: string | undefined): Promise<Settings> {
  if (path === undefined) {
    return defaultSettings();
  }
  const settings = await parseSettingsText(await readFile(path, 'utf8'));
  if (!settings.ok) {
    throw new Error(settings.error.map((problem) => settingsProblemText(path, problem)).join('\n'));
  }
  return settings.value;
}
