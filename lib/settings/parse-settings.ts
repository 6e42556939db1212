import { err, ok, type Result } from '../domain/result.ts';
import { checkValue, type ValueProblem } from './check-value.ts';
import { Settings } from './settings.ts';
import { type PlacedProblem, PROBLEM_COUNT_MAX } from './settings-problem.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

/** What a settings file says. */
export interface SettingsFile {
  /** With every default filled in. */
  readonly settings: Settings;
  /** As plain values and without defaults: what JSON holds as well. */
  readonly written: unknown;
}

/** Reads the text of a settings file as `parseSettingsFile` does, and returns the settings alone. */
export function parseSettings(text: string): Result<Settings, readonly PlacedProblem[]> {
  const file = parseSettingsFile(text);
  return file.ok ? ok(file.value.settings) : file;
}

/**
 * Reads the text of a settings file: YAML 1.2, in which everything may be left out. Returns what it says, or what is wrong in the
 * order of the file, each with its place, at most 100.
 */
export function parseSettingsFile(text: string): Result<SettingsFile, readonly PlacedProblem[]> {
  const file = readYaml(text);
  if (!file.ok) {
    return err(inOrder(file.error));
  }
  const { value, problems } = file.value;
  // Nothing but comments is an empty file: every setting has its default.
  const written = value === undefined || value === null ? {} : value;
  const settings = checkValue(Settings, written);
  const found = settings.ok ? problems : [...problems, ...newProblems(problems, settings.error, file.value)];
  return settings.ok && found.length === 0 ? ok({ settings: settings.value, written }) : err(inOrder(found));
}

/** What YAML itself could not give has no value: that this value is not the expected one is no second problem. */
function newProblems(
  known: readonly PlacedProblem[],
  found: readonly ValueProblem[],
  file: YamlFile,
): readonly PlacedProblem[] {
  const knownPaths = new Set(known.filter(({ code }) => code !== 'duplicate-key').map(({ path }) => path));
  return found
    .filter(({ path }) => !knownPaths.has(path))
    .map(({ steps, ...problem }) => ({
      ...problem,
      ...(problem.code === 'unknown-key' ? file.keyPositionOf(steps) : file.positionOf(steps)),
    }));
}

function inOrder(problems: readonly PlacedProblem[]): readonly PlacedProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, PROBLEM_COUNT_MAX);
}
