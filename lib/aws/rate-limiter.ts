import type { Clock } from './clock.ts';
import { ScanStoppedError } from './errors.ts';

/** A token bucket: `burst` requests at once, then `perSecond` of them a second. */
export interface RateLimit {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * EC2's published bucket for paged or filtered Describe calls is 100 requests, refilled by 20 a second, for each account,
 * region and action. The customer's own controllers draw on the same bucket, so Elbowroom takes a quarter of it.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 */
export const EC2_RATE_LIMIT: RateLimit = { burst: 25, perSecond: 5 };

/** EKS, Organizations and STS publish no rates. */
export const UNPUBLISHED_RATE_LIMIT: RateLimit = { burst: 2, perSecond: 2 };

export interface RateLimiter {
  /** Resolves when one request may be sent under `key`. Callers of one key are served in order. */
  take(key: string, limit: RateLimit, signal?: AbortSignal): Promise<void>;
}

interface Bucket {
  readonly limit: RateLimit;
  tokens: number;
  refilledAtMs: number;
  /** Settles when everyone who came before has a token or has gone. */
  lastTurn: Promise<unknown>;
}

/**
 * Returns a limiter with one token bucket per key (account, region and action), timed by `clock`.
 * A caller who is aborted ends at once and takes no token, so those behind move up.
 */
export function createRateLimiter(clock: Clock): RateLimiter {
  const buckets = new Map<string, Bucket>();
  return {
    take(key, limit, signal) {
      const bucket = buckets.get(key) ?? {
        limit,
        tokens: limit.burst,
        refilledAtMs: clock.now(),
        lastTurn: Promise.resolve(),
      };
      buckets.set(key, bucket);
      const taken = bucket.lastTurn.then(() => takeToken(bucket, clock, signal));
      bucket.lastTurn = Promise.allSettled([taken]);
      return untilAborted(taken, signal);
    },
  };
}

async function takeToken(bucket: Bucket, clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  refill(bucket, clock.now());
  // More than once only where the clock wakes a caller early.
  while (bucket.tokens < 1 && !signal?.aborted) {
    await sleepUnlessAborted(clock, Math.ceil(((1 - bucket.tokens) / bucket.limit.perSecond) * 1000), signal);
    refill(bucket, clock.now());
  }
  if (signal?.aborted) {
    throw waitEnded();
  }
  bucket.tokens -= 1;
}

function refill(bucket: Bucket, nowMs: number): void {
  const { limit, tokens, refilledAtMs } = bucket;
  // A clock that is set back adds nothing.
  const elapsedMs = Math.max(0, nowMs - refilledAtMs);
  bucket.tokens = Math.min(limit.burst, tokens + (elapsedMs / 1000) * limit.perSecond);
  bucket.refilledAtMs = nowMs;
}

async function sleepUnlessAborted(clock: Clock, durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await clock.sleep(durationMs, signal);
  } catch (cause) {
    if (!signal?.aborted) {
      throw cause;
    }
  }
}

/** Someone in the middle of the queue need not wait for those before to learn that it is over. */
function untilAborted(taken: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    return taken;
  }
  return new Promise((resolve, reject) => {
    const stop = () => reject(waitEnded());
    signal.addEventListener('abort', stop, { once: true });
    taken.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Without the signal's reason as a cause: the SDK looks into causes, and takes a `TimeoutError` for a lost connection. */
function waitEnded(): ScanStoppedError {
  return new ScanStoppedError('The wait for a rate limit was ended');
}
