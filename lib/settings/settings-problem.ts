export type SettingsProblemCode =
  | 'too-long'
  | 'not-yaml'
  | 'alias'
  | 'yaml-tag'
  | 'duplicate-key'
  | 'not-json'
  | 'unknown-key'
  | 'missing-key'
  | 'not-allowed';

/** One thing wrong with settings, as data. */
export interface SettingsProblem {
  readonly code: SettingsProblemCode;
  /** Where in the settings, for example `owners[2].match`; empty for the settings as a whole. */
  readonly path: string;
  /** What stands there, as it may be printed: no control characters, shortened. */
  readonly current: string;
  /** What should stand there. */
  readonly expected: string;
}

/** One that stands in a settings file. */
export interface PlacedProblem extends SettingsProblem {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column: number;
}

/** Nobody reads more at once; a hostile file could have a million. */
export const PROBLEM_COUNT_MAX = 100;

/** Returns a problem as one line for people: `where: sentence`. */
export function settingsProblemText(where: string, { path, current, expected }: SettingsProblem): string {
  const what = path === '' ? 'the settings' : `"${path}"`;
  return `${where}: Cannot read ${what}: ${current}, expected ${expected}`;
}

/** Returns the problems of a file as a line each for people: `file:line:column: sentence`. */
export function placedProblemsText(fileName: string, problems: readonly PlacedProblem[]): string {
  return problems
    .map((problem) => settingsProblemText(`${fileName}:${problem.line}:${problem.column}`, problem))
    .join('\n');
}
