import type { Call } from './call.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

interface Position {
  readonly listing: string;
  readonly offset: number;
  /** Whether the empty page before this offset was already served. */
  readonly emptyServed: boolean;
}

/**
 * Cuts one page out of a listing.
 * `size` is the number of items on it, or `undefined` for all of them. Returns `undefined` for a token that this listing
 * of this account and region never gave.
 */
export function pageOf<Item>(
  call: Call,
  items: readonly Item[],
  size: number | undefined,
  token: string | undefined,
): Page<Item> | undefined {
  const listing = `${call.account.id}/${call.regionName}/${call.action}`;
  const position = token === undefined ? { listing, offset: 0, emptyServed: false } : parseToken(token);
  if (position === undefined || position.listing !== listing || position.offset > items.length) {
    return undefined;
  }
  if (size !== undefined && (call.aws.emptyPages || call.isEmptyPageFirst) && !position.emptyServed) {
    return { items: [], nextToken: formatToken({ ...position, emptyServed: true }) };
  }
  const end = size === undefined ? items.length : Math.min(items.length, position.offset + size);
  return {
    items: items.slice(position.offset, end),
    nextToken: end < items.length ? formatToken({ listing, offset: end, emptyServed: false }) : undefined,
  };
}

function formatToken(position: Position): string {
  return Buffer.from(JSON.stringify([position.listing, position.offset, position.emptyServed])).toString('base64url');
}

function parseToken(token: string): Position | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
  if (!Array.isArray(parsed)) {
    return undefined;
  }
  const [listing, offset, emptyServed]: unknown[] = parsed;
  return typeof listing === 'string' &&
    typeof offset === 'number' &&
    Number.isSafeInteger(offset) &&
    offset >= 0 &&
    typeof emptyServed === 'boolean'
    ? { listing, offset, emptyServed }
    : undefined;
}
