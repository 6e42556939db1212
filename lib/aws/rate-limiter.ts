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
  tokens: number;
  refilledAtMs: number;
}

/** Returns a limiter with one token bucket per key (account, region and action), timed by `clock`. */
export function createRateLimiter(clock: Clock): RateLimiter {
  const buckets = new Map<string, Bucket>();
  return {
    async take(key, limit, signal) {
      const now = clock.now();
      const bucket = buckets.get(key) ?? { tokens: limit.burst, refilledAtMs: now };
      buckets.set(key, bucket);
      bucket.tokens = Math.min(limit.burst, bucket.tokens + ((now - bucket.refilledAtMs) / 1000) * limit.perSecond);
      bucket.refilledAtMs = now;
      // Tokens may go below zero: the debt is how long this caller waits, and the next one waits behind it.
      bucket.tokens -= 1;
      if (bucket.tokens < 0) {
        try {
          await clock.sleep((-bucket.tokens / limit.perSecond) * 1000, signal);
        } catch (cause) {
          throw new ScanStoppedError('The wait for a rate limit was ended', { cause });
        }
      }
    },
  };
}
