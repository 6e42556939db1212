import { ok, type Result } from '../domain/result.ts';
import { parseSettingsFile } from './parse-settings.ts';
import type { Settings } from './settings.ts';
import { printSettingsDocument } from './settings-document.ts';
import type { PlacedProblem } from './settings-problem.ts';

export interface ConvertedSettings {
  readonly settings: Settings;
  /** The text that functions read. */
  readonly document: string;
}

/** Makes the text of a settings file into what functions read, or returns what is wrong with it as `parseSettingsFile` does. */
export function convertSettings(source: string): Result<ConvertedSettings, readonly PlacedProblem[]> {
  const file = parseSettingsFile(source);
  return file.ok
    ? ok({ settings: file.value.settings, document: printSettingsDocument(source, file.value.written) })
    : file;
}
