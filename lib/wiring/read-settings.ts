import { readFile } from 'node:fs/promises';
import { defaultSettings, type Settings } from '../settings/settings.ts';
import { parseSettingsDocument } from '../settings/settings-document.ts';
import { settingsProblemText } from '../settings/settings-problem.ts';

/** Reads the settings beside a bundle; without a path the defaults hold. Throws where a file that is named is absent or wrong. */
export async function readSettings(path: string | undefined): Promise<Settings> {
  if (path === undefined) {
    return defaultSettings();
  }
  const document = parseSettingsDocument(await readFile(path, 'utf8'));
  if (!document.ok) {
    throw new Error(document.error.map((problem) => settingsProblemText(path, problem)).join('\n'));
  }
  return document.value.settings;
}
