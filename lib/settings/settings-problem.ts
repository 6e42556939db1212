export type SettingsProblemCode =
  | 'too-long'
  | 'not-yaml'
  | 'alias'
  | 'yaml-tag'
  | 'duplicate-key'
  | 'unknown-key'
  | 'missing-key'
  | 'not-allowed';

/** One thing wrong with a settings file, as data. */
export interface SettingsProblem {
  readonly code: SettingsProblemCode;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column: number;
  /** Where in the settings, for example `owners[2].match`; empty for the file as a whole. */
  readonly path: string;
  /** What stands there, as it may be printed: no control characters, shortened. */
  readonly current: string;
  /** What should stand there. */
  readonly expected: string;
}

/** Returns a problem as one line for people: `file:line:column: sentence`. */
export function settingsProblemText(fileName: string, problem: SettingsProblem): string {
  const { line, column, path, current, expected } = problem;
  const what = path === '' ? 'the settings' : `"${path}"`;
  return `${fileName}:${line}:${column}: Cannot read ${what}: ${current}, expected ${expected}`;
}
