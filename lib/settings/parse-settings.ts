import type { Result } from '../domain/result.ts';
import type { Settings } from './settings.ts';
import { settingsIn } from './settings-in.ts';
import type { SettingsProblem } from './settings-problem.ts';
import { readYaml } from './yaml-file.ts';

/**
 * Reads the text of a settings file: YAML 1.2, in which everything may be left out. Returns the settings with every default
 * filled in, or what is wrong in the order of the file, each with its place, at most 100.
 */
export function parseSettings(text: string): Result<Settings, readonly SettingsProblem[]> {
  return settingsIn(readYaml(text));
}
