import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { convertSettings } from '../lib/settings/convert-settings.ts';
import { placedProblemsText } from '../lib/settings/settings-problem.ts';

const SETTINGS_SOURCE = 'elbowroom.settings.yaml';
/** In SST's own folder, which is not kept in git. */
export const SETTINGS_DOCUMENT = '.sst/elbowroom.settings.json';

/**
 * Makes the settings file of a folder into what functions read, where `lambdaFunction` takes it from. Throws where the file is
 * absent or wrong, with each line and reason: nothing is deployed under settings that are not right.
 */
export function writeSettingsDocument(root: string): void {
  const settings = convertSettings(readFileSync(join(root, SETTINGS_SOURCE), 'utf8'));
  if (!settings.ok) {
    throw new Error(`Cannot deploy:\n${placedProblemsText(SETTINGS_SOURCE, settings.error)}`);
  }
  const path = join(root, SETTINGS_DOCUMENT);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, settings.value.document);
}
