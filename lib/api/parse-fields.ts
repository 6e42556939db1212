import * as z from 'zod/mini';
import { err, ok, type Result } from '../domain/result.ts';
import type { FieldError, Problem } from './problem.ts';

type Place = FieldError['in'];

/** As much of a value as an answer repeats. */
const SHOWN_LENGTH_MAX = 100;

/**
 * Reads the parameters of a request. One that is not known, given twice or unreadable is refused, never passed over. What is
 * expected of a parameter is its description.
 */
export function parseFields<T extends z.ZodMiniObject>(
  schema: T,
  place: Extract<Place, 'path' | 'query'>,
  given: Iterable<readonly [string, string]>,
): Result<z.output<T>, Problem> {
  const names = Object.keys(schema.shape);
  const texts = new Map<string, string>();
  for (const [name, text] of given) {
    if (!names.includes(name)) {
      return refused('invalid-parameter', [notKnown(place, name, text, names)]);
    }
    if (texts.has(name)) {
      return refused('invalid-parameter', [
        { in: place, field: name, value: shown(text), expected: 'it once, not twice', allowedValues: null },
      ]);
    }
    texts.set(name, text);
  }
  const parsed = schema.safeParse(Object.fromEntries(texts));
  return parsed.success
    ? ok(parsed.data)
    : refused(
        'invalid-parameter',
        parsed.error.issues.map((issue) => parameterError(schema, place, texts, issue)),
      );
}

/** Reads the body of a request, which is JSON. */
export function parseBody<T extends z.ZodMiniType>(schema: T, text: string): Result<z.output<T>, Problem> {
  const json = jsonOf(text);
  if (!json.ok) {
    return refused('invalid-body', [
      { in: 'body', field: '', value: shown(text), expected: 'a document of JSON', allowedValues: null },
    ]);
  }
  const parsed = schema.safeParse(json.value);
  return parsed.success
    ? ok(parsed.data)
    : refused(
        'invalid-body',
        parsed.error.issues.flatMap((issue) => bodyErrors(json.value, issue)),
      );
}

function notKnown(place: Place, name: string, text: string, names: readonly string[]): FieldError {
  const expected = names.length === 0 ? 'no parameter' : `one of ${names.join(', ')}`;
  return { in: place, field: shown(name), value: shown(text), expected, allowedValues: [...names] };
}

function parameterError(
  schema: z.ZodMiniObject,
  place: Place,
  texts: ReadonlyMap<string, string>,
  issue: z.core.$ZodIssue,
): FieldError {
  const { path, message } = issue;
  const field = String(path[0] ?? '');
  const text = texts.get(field);
  const index = path[1];
  const value = typeof index === 'number' ? text?.split(',')[index]?.trim() : text;
  return {
    in: place,
    field,
    value: value === undefined ? null : shown(value),
    expected: descriptionOf(schema.shape[field]) ?? message,
    allowedValues: allowedValues(issue),
  };
}

/** What a schema says that it expects. */
function descriptionOf(schema: z.core.$ZodType | undefined): string | undefined {
  return schema === undefined ? undefined : z.globalRegistry.get(schema)?.description;
}

/** What of a body is wrong though its form is not. */
export function invalidBody(
  wrong: readonly { readonly field: string; readonly value: string; readonly expected: string }[],
): Problem {
  return problemOf(
    'invalid-body',
    wrong.map(({ field, value, expected }) => ({
      in: 'body',
      field,
      value: shown(JSON.stringify(value)),
      expected,
      allowedValues: null,
    })),
  );
}

function bodyErrors(body: unknown, issue: z.core.$ZodIssue): FieldError[] {
  const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  return paths.map((path) => {
    const value = valueAt(body, path);
    return {
      in: 'body',
      field: shown(path.map(String).join('.')),
      value: value === undefined ? null : shown(JSON.stringify(value)),
      expected: bodyExpected(issue),
      allowedValues: allowedValues(issue),
    };
  });
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? Object.entries(inner).find(([name]) => name === String(key))?.[1]
        : undefined,
    body,
  );
}

function bodyExpected(issue: z.core.$ZodIssue): string {
  const allowed = allowedValues(issue);
  if (allowed !== null) {
    return `one of ${allowed.join(', ')}`;
  }
  switch (issue.code) {
    case 'invalid_type':
      return `a value of type ${issue.expected}`;
    case 'unrecognized_keys':
      return 'no such field';
    default:
      return issue.message;
  }
}

function allowedValues(issue: z.core.$ZodIssue): string[] | null {
  if (issue.code === 'invalid_value') {
    return issue.values.map(String);
  }
  // Of a union that is told apart by one field; zod says them, and its types do not.
  return 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : null;
}

function refused(code: Problem['code'], errors: readonly FieldError[]): Result<never, Problem> {
  return err(problemOf(code, errors));
}

function problemOf(code: Problem['code'], errors: readonly FieldError[]): Problem {
  const [first] = errors;
  const value = first?.value === null ? 'it is missing' : JSON.stringify(first?.value);
  const what = first?.field === '' ? 'the body' : JSON.stringify(first?.field);
  return { code, detail: `Cannot read ${what}: current value ${value}, expected ${first?.expected}`, errors };
}

function shown(text: string): string {
  return text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text;
}

function jsonOf(text: string): Result<unknown, undefined> {
  try {
    return ok(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      return err(undefined);
    }
    throw cause;
  }
}
