import * as z from 'zod/mini';
import { instantMs } from '../lib/domain/instant.ts';

/** What messages are made of. The message of a rule says what is expected, without a verb. */

/** `2026-11-23T08:00:00.123456789Z` is the longest that anything here writes. */
const INSTANT_LENGTH_MAX = 30;
/** The last moment whose ISO 8601 text has a year of four digits. */
const INSTANT_MS_MAX = 253_402_300_799_999;

export const AccountId = spelled(/^\d{12}$/, 'an account id: 12 digits as text');

/** The longest name today has 14 characters. https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
export const RegionName = spelled(
  /^(?=.{1,32}$)[a-z]{2,5}(-[a-z]+)+-\d{1,2}$/,
  'the name of a region, like eu-central-1',
);

/**
 * AWS writes 8 or 17 hexadecimal digits and asks to take any; no more than what is safe in keys and logs is asked for here.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
 */
export const VpcIdText = spelled(/^vpc-[0-9A-Za-z-]{1,64}$/, 'the id of a VPC, like vpc-0a1b2c3d4e5f67890');

const INSTANT_EXPECTED = 'a moment in UTC since 1970, like 2026-11-23T08:00:00Z';

/** In UTC and with a year of four digits, so that a moment truncated or moved to a slot is still one. */
export const InstantText = z
  .string(INSTANT_EXPECTED)
  .check(
    z.maxLength(INSTANT_LENGTH_MAX, { error: INSTANT_EXPECTED, abort: true }),
    z.refine(isInstantInUtc, INSTANT_EXPECTED),
  );

const RequestId = spelled(/^[!-~]{1,128}$/, 'a request id: 1 to 128 visible ASCII characters without space');

export const Target = map({ accountId: AccountId, region: RegionName });

export const Vpc = map({ ownerId: AccountId, region: RegionName, vpcId: VpcIdText });

export const Slot = z.discriminatedUnion(
  'kind',
  [
    map({ kind: z.literal('scan'), at: InstantText }),
    map({ kind: z.literal('pulse'), at: InstantText }),
    map({ kind: z.literal('request'), at: InstantText, requestId: RequestId }),
  ],
  { error: ({ code, input }) => slotExpected(code, input) },
);

function slotExpected(code: string, input: unknown): string {
  return code === 'invalid_union' && typeof input === 'object' && input !== null
    ? 'one of scan, pulse, request'
    : 'a map with kind, at';
}

/** A map that knows its keys: any other is refused, so that sender and receiver cannot drift apart unnoticed. */
export function map<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? `one of ${keys}` : `a map with ${keys}`),
  });
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, `one of ${words.join(', ')}`);
}

/** Text of which every wrong one, and everything that is no text, is answered with the same words. */
export function spelled(pattern: RegExp, expected: string) {
  return z.string(expected).check(z.regex(pattern, expected));
}

function isInstantInUtc(text: string): boolean {
  const ms = text.endsWith('Z') ? instantMs(text) : undefined;
  return ms !== undefined && ms >= 0 && ms <= INSTANT_MS_MAX;
}
