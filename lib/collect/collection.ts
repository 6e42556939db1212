import type { Clock } from '../aws/clock.ts';
import { toCollectError, UnexpectedResponseError } from '../aws/errors.ts';
import { type Fact, type Instant, observed, unavailable } from '../domain/fact.ts';
import type { Result } from '../domain/result.ts';

/** What every collector needs besides its client. */
export interface Collection {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A guard against an endpoint that never ends a listing: a million items at EC2's page size. */
const PAGES_MAX = 1_000;

export interface Listing<Page, Raw, T> {
  /** The IAM action, for the coverage ledger. */
  readonly action: string;
  readonly fetch: (nextToken: string | undefined) => Promise<Page>;
  readonly nextToken: (page: Page) => string | undefined;
  readonly items: (page: Page) => readonly Raw[];
  readonly parse: (raw: Raw) => Result<T>;
}

/**
 * Reads a listing to its end, page by page; nothing of a page is kept but what `parse` returns.
 * A page may be empty and still name a next one, so only the absence of a token ends the listing.
 */
export function collectListing<Page, Raw, T>(
  { clock, signal }: Collection,
  listing: Listing<Page, Raw, T>,
): Promise<Fact<readonly T[]>> {
  return collectFact(listing.action, { clock, signal }, async () => {
    const values: T[] = [];
    const tokens = new Set<string>();
    let nextToken: string | undefined;
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const page: Page = await listing.fetch(nextToken);
      for (const raw of listing.items(page)) {
        values.push(accepted(listing.parse(raw)));
      }
      const following = listing.nextToken(page);
      if (following === undefined || following === '') {
        return values;
      }
      if (tokens.has(following)) {
        throw new UnexpectedResponseError('Cannot read the next page: the same page token came twice');
      }
      tokens.add(following);
      nextToken = following;
    }
    throw new UnexpectedResponseError(`Cannot read the whole listing: it has more than ${PAGES_MAX} pages`);
  });
}

/** Runs one observation. A foreseen failure of AWS becomes an unavailable fact; a bug is thrown on. */
export async function collectFact<T>(
  action: string,
  { clock, signal }: Collection,
  read: () => Promise<T>,
): Promise<Fact<T>> {
  try {
    const value = await read();
    return observed(value, instantOf(clock));
  } catch (cause) {
    const error = toCollectError(action, cause, signal);
    if (error === undefined) {
      throw cause;
    }
    return unavailable(error);
  }
}

/** Returns the parsed value, or throws what `collectFact` turns into an unavailable fact. */
export function accepted<T>(result: Result<T>): T {
  if (!result.ok) {
    throw new UnexpectedResponseError(result.error);
  }
  return result.value;
}

export function instantOf(clock: Clock): Instant {
  return new Date(clock.now()).toISOString();
}
