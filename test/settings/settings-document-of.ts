import { convertSettings } from '../../lib/settings/convert-settings.ts';
import { placedProblemsText } from '../../lib/settings/settings-problem.ts';

/** Returns what functions read of a settings file. */
export function settingsDocument(source: string): string {
  const converted = convertSettings(source);
  if (!converted.ok) {
    throw new Error(placedProblemsText('settings', converted.error));
  }
  return converted.value.document;
}
