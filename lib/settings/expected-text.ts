import type * as z from 'zod/mini';

const TYPE_TEXTS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map',
};

/** Returns what a rule without words of its own expects; `undefined` leaves the words to zod. */
export function expectedText(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return typeText(issue.expected, issue.input);
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    default:
      return undefined;
  }
}

function typeText(expected: string, input: unknown): string {
  const text = TYPE_TEXTS[expected] ?? expected;
  if (expected === 'string' && input === null) {
    return `${text} (after a space "#" starts a comment: put it in quotes)`;
  }
  return expected === 'string' && (typeof input === 'number' || typeof input === 'boolean')
    ? `${text} (put it in quotes)`
    : text;
}
