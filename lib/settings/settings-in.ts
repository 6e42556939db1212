import type * as z from 'zod/mini';
import { err, ok, type Result } from '../domain/result.ts';
import { expectedText } from './expected-text.ts';
import { Settings } from './settings.ts';
import type { SettingsProblem } from './settings-problem.ts';
import { pathText, valueText } from './value-text.ts';
import type { YamlFile } from './yaml-file.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Nobody reads more at once; a hostile file could have a million. */
const PROBLEM_COUNT_MAX = 100;

/**
 * Returns the settings of a file with every default filled in, or what is wrong in the order of the file, each with its place, at
 * most 100.
 */
export function settingsIn(
  file: Result<YamlFile, readonly SettingsProblem[]>,
): Result<Settings, readonly SettingsProblem[]> {
  if (!file.ok) {
    return err(inOrder(file.error));
  }
  const { value, problems } = file.value;
  // Nothing but comments is an empty file: every setting has its default.
  const parsed = Settings.safeParse(value === undefined || value === null ? {} : value, { error: expectedText });
  const found = parsed.success
    ? problems
    : [...problems, ...newProblems(problems, toProblems(file.value, parsed.error.issues, []))];
  if (found.length > 0 || !parsed.success) {
    return err(inOrder(found));
  }
  return ok(parsed.data);
}

function inOrder(problems: readonly SettingsProblem[]): readonly SettingsProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, PROBLEM_COUNT_MAX);
}

/** What YAML itself could not give has no value: that this value is not the expected one is no second problem. */
function newProblems(known: readonly SettingsProblem[], found: readonly SettingsProblem[]): SettingsProblem[] {
  const knownPaths = new Set(known.filter(({ code }) => code !== 'duplicate-key').map(({ path }) => path));
  return found.filter(({ path }) => !knownPaths.has(path));
}

function toProblems(file: YamlFile, issues: readonly Issue[], base: Path): SettingsProblem[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    const value = valueAt(file.value, path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key): SettingsProblem => {
        const keyPath = [...path, key];
        // The value is not shown: a key in the wrong place is where secrets turn up.
        const current = 'there is no such key';
        return {
          code: 'unknown-key',
          ...file.keyPositionOf(keyPath),
          path: pathText(keyPath),
          current,
          expected: issue.message,
        };
      });
    }
    const chosen = issue.code === 'invalid_union' ? chosenOption(issue.errors) : undefined;
    if (chosen !== undefined) {
      return toProblems(file, chosen, path);
    }
    const problem: SettingsProblem = {
      code: value === undefined ? 'missing-key' : 'not-allowed',
      ...file.positionOf(path),
      path: pathText(path),
      current: valueText(value),
      expected: issue.message,
    };
    return [problem];
  });
}

/**
 * Returns the issues of the option of a choice that was meant, or `undefined` where that cannot be told. Options are maps of one
 * key each: with several keys, or another one, each of them meets an unknown key; without any, none of them does.
 */
function chosenOption(options: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const meant = options.filter(
    (issues) => !issues.some(({ code, path }) => code === 'unrecognized_keys' && path.length === 0),
  );
  return meant.length === 1 ? meant[0] : undefined;
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) {
      return undefined;
    }
    current = Object.getOwnPropertyDescriptor(current, step)?.value;
  }
  return current;
}
