/** As much of one text as a log line holds: the reason of a failure fits, a page that an endpoint sent instead does not. */
const TEXT_LENGTH_MAX = 2_000;
const DEPTH_MAX = 4;
const ITEM_COUNT_MAX = 50;
const HEXADECIMAL = 16;
const REDACTED = '[redacted]';

/** What JSON leaves as it is, though it moves a cursor, hides text or turns its direction. */
const UNSEEN_CHARACTERS = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;
/**
 * Ids of access keys, and what follows the name of a secret: signature errors repeat the headers and the query of a request.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
const ACCESS_KEY_ID = /\b(?:AKIA|ASIA)[A-Z0-9]{12,124}\b/g;
const NAMED_SECRET =
  /((?:security|session)[-_ ]?token|secret[-_ ]?access[-_ ]?key|authorization|x-amz-signature|x-amz-credential)(["'\\\s]{0,6}[:=]["'\\\s]{0,6})(?:(?:Bearer|Basic|AWS4-HMAC-SHA256)\s+)?[^\s"'\\&,;}<]+/gi;
const SECRET_KEY = /token|secret|password|credential|authorization|accesskey/i;

/** Returns text as a log line may hold it: bounded, without credentials, without characters that do not show as themselves. */
export function safeText(text: string): string {
  const bounded = text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text;
  return bounded
    .replace(ACCESS_KEY_ID, REDACTED)
    .replace(NAMED_SECRET, `$1$2${REDACTED}`)
    .replace(UNSEEN_CHARACTERS, (unseen) => `\\u{${unseen.codePointAt(0)?.toString(HEXADECIMAL)}}`);
}

/** Returns a value as a log line may hold it, all the way down: bounded, and whatever stands under the name of a secret left out. */
export function safeValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') {
    return safeText(value);
  }
  if (value instanceof Error) {
    return safeError(value, depth);
  }
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'bigint' ? String(value) : value;
  }
  if (depth >= DEPTH_MAX) {
    return '…';
  }
  if (Array.isArray(value)) {
    return value.slice(0, ITEM_COUNT_MAX).map((item) => safeValue(item, depth + 1));
  }
  const entries = Object.entries(value).slice(0, ITEM_COUNT_MAX);
  return Object.fromEntries(
    entries.map(([key, inner]) => [safeText(key), SECRET_KEY.test(key) ? REDACTED : safeValue(inner, depth + 1)]),
  );
}

/** Names its parts: errors of the SDK carry the whole answer, and others what they were made with. */
function safeError(error: Error, depth: number): object {
  return {
    name: safeText(error.name),
    message: safeText(error.message),
    ...(error.stack === undefined ? {} : { stack: safeText(error.stack) }),
    ...(error instanceof AggregateError ? { errors: safeValue(error.errors, depth + 1) } : {}),
    ...(error.cause === undefined || depth >= DEPTH_MAX ? {} : { cause: safeValue(error.cause, depth + 1) }),
  };
}
