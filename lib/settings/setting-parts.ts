import * as z from 'zod/mini';

/** What the sections of the settings are made of. The message of a rule says what is expected, without a verb. */

/** What a file may hold at most: far above any organisation, far below what would stall a reader. */
const LIST_LENGTH_MAX = 5000;
const TEXT_LENGTH_MAX = 256;
const ONE_LINE = /^(?=.{1,256}$)\S(.*\S)?$/;

export const AccountId = spelled(/^\d{12}$/, 'an account id: 12 digits, in quotes');

export const RegionPattern = spelled(
  /^([a-z]{2,5}(-[a-z]+)+-\d{1,2}|[a-z][a-z0-9-]*\*|\*)$/,
  'the name of a region (eu-central-1), or its start and a "*" (eu-*)',
);

export const Pattern = text('text of 1 to 256 characters, in which "*" stands for any text');

export const TeamName = oneLine('the name of a team: 1 to 256 characters without space around');

/** https://docs.slack.dev/reference/objects/conversation-object and https://slack.com/help/articles/201402297 */
export const Channel = spelled(
  /^(#[^\s#.,A-Z]{1,80}|[CG][A-Z0-9]{8,20})$/,
  'a Slack channel: its name with "#" ("#payments", in quotes) or its id (C0123456789)',
);

/** A map that knows its keys: any other is a problem, so that a typo never passes and keys can be added later. */
export function map<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? `one of ${Object.keys(shape).join(', ')}` : undefined),
  });
}

export function list<Item extends z.ZodMiniType>(item: Item) {
  return z.array(item).check(z.maxLength(LIST_LENGTH_MAX, `at most ${LIST_LENGTH_MAX} entries`));
}

export function text(expected: string) {
  return z.string().check(z.minLength(1, expected), z.maxLength(TEXT_LENGTH_MAX, expected));
}

/** Text of which every wrong one, and everything that is no text, is answered with the same words. */
export function spelled(pattern: RegExp, expected: string) {
  return z.string(expected).check(z.regex(pattern, expected));
}

/** Text that stands on one line, without space around it. */
export function oneLine(expected: string) {
  return spelled(ONE_LINE, expected);
}

export function wholeNumber(least: number, most: number) {
  const expected = `a whole number from ${least} to ${most}`;
  return z.int(expected).check(z.gte(least, expected), z.lte(most, expected));
}

/** A choice between maps of one key each. */
export function exactlyOneOf(...keys: readonly string[]) {
  return <const Options extends readonly z.ZodMiniObject[]>(options: Options) =>
    z.union(options, { error: `a map with exactly one of ${keys.join(', ')}` });
}
