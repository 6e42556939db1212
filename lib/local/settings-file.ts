import { readFile } from 'node:fs/promises';
import { err, type Result } from '../domain/result.ts';
import { parseSettings } from '../settings/parse-settings.ts';
import type { Settings } from '../settings/settings.ts';
import { placedProblemsText } from '../settings/settings-problem.ts';

export const SETTINGS_FILE = 'elbowroom.settings.yaml';

/** Reads the settings file of the working directory. Without one the defaults hold; a wrong one is refused with each line and reason. */
export async function readSettingsFile(path: string): Promise<Result<Settings, string>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      text = '';
    } else {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return err(`Cannot read the settings "${path}": ${reason}`);
    }
  }
  const settings = parseSettings(text);
  return settings.ok ? settings : err(placedProblemsText(path, settings.error));
}
