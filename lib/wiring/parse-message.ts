import type * as z from 'zod/mini';
import { err, ok, type Result } from '../domain/result.ts';
import { pathText, valueText } from '../settings/value-text.ts';

/** Nobody reads more of one message at once. */
const PROBLEM_COUNT_MAX = 5;

/**
 * Reads a message by its contract. Where it does not keep to it, returns one line that says of each thing wrong where it is,
 * what stands there and what is expected; no control characters, and nothing of a field that the contract does not name.
 */
export function parseMessage<T>(schema: z.ZodMiniType<T>, input: unknown): Result<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) {
    return ok(parsed.data);
  }
  const problems = parsed.error.issues.flatMap((issue) => problemTexts(issue, input));
  const rest = problems.length - PROBLEM_COUNT_MAX;
  return err([...problems.slice(0, PROBLEM_COUNT_MAX), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; '));
}

function problemTexts(issue: z.core.$ZodIssue, input: unknown): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `"${pathText([...issue.path, key])}" is not known, expected ${issue.message}`);
  }
  const what = issue.path.length === 0 ? 'the message' : `"${pathText(issue.path)}"`;
  return [`${what}: ${valueText(valueAt(input, issue.path))}, expected ${issue.message}`];
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let current = input;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) {
      return undefined;
    }
    current = Object.getOwnPropertyDescriptor(current, step)?.value;
  }
  return current;
}
