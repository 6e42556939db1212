import type * as z from 'zod/mini';
import { err, ok, type Result } from '../domain/result.ts';
import { expectedText } from './expected-text.ts';
import type { SettingsProblem } from './settings-problem.ts';
import { pathText, valueText } from './value-text.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One thing wrong with a value, and the steps to where it stands. */
export interface ValueProblem extends SettingsProblem {
  readonly steps: Path;
}

/** Returns what a schema makes of a value, with every default filled in, or everything that is wrong with it. */
export function checkValue<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
): Result<z.output<Schema>, readonly ValueProblem[]> {
  const parsed = schema.safeParse(value, { error: expectedText });
  return parsed.success ? ok(parsed.data) : err(toProblems(value, parsed.error.issues, []));
}

function toProblems(whole: unknown, issues: readonly Issue[], base: Path): ValueProblem[] {
  return issues.flatMap((issue) => {
    const steps = [...base, ...issue.path];
    const value = valueAt(whole, steps);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key): ValueProblem => {
        const keySteps = [...steps, key];
        // The value is not shown: a key in the wrong place is where secrets turn up.
        const current = 'there is no such key';
        return {
          code: 'unknown-key',
          steps: keySteps,
          path: pathText(keySteps),
          current,
          expected: issue.message,
        };
      });
    }
    const chosen = issue.code === 'invalid_union' ? chosenOption(issue.errors) : undefined;
    if (chosen !== undefined) {
      return toProblems(whole, chosen, steps);
    }
    const problem: ValueProblem = {
      code: value === undefined ? 'missing-key' : 'not-allowed',
      steps,
      path: pathText(steps),
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
