import type { Result } from '../domain/result.ts';
import type { Settings } from '../settings/settings.ts';
import { settingsIn } from '../settings/settings-in.ts';
import type { SettingsProblem } from '../settings/settings-problem.ts';

/** As `parseSettings`, in a function: the reader of YAML is run by the first text there is, and not by what loads the bundle. */
export async function parseSettingsText(text: string): Promise<Result<Settings, readonly SettingsProblem[]>> {
  const { readYaml } = await import('../settings/yaml-file.ts');
  return settingsIn(readYaml(text));
}
