import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../lib/aws/clock.ts';
import { ScanStoppedError } from '../../lib/aws/errors.ts';
import { createRateLimiter, type RateLimit } from '../../lib/aws/rate-limiter.ts';
import { createFakeClock, settle } from './fake-clock.ts';

const LIMIT: RateLimit = { burst: 3, perSecond: 2 };

/** Takes a token for each name and notes when it was granted, in milliseconds since the start. */
function startTakers(names: readonly string[], limit = LIMIT, key = 'key', signal?: AbortSignal) {
  const clock = createFakeClock();
  const limiter = createRateLimiter(clock);
  const startMs = clock.now();
  const granted: { name: string; atMs: number }[] = [];
  const take = async (name: string, takerKey = key, takerSignal = signal) => {
    await limiter.take(takerKey, limit, takerSignal);
    granted.push({ name, atMs: clock.now() - startMs });
  };
  for (const name of names) {
    void take(name);
  }
  return { clock, limiter, granted, take };
}

describe('the rate limiter', () => {
  it('grants the burst at once and then one token each interval, in the order of asking', async () => {
    const { clock, granted } = startTakers(['a', 'b', 'c', 'd', 'e']);
    await clock.advance(499);
    expect(granted.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    await clock.advance(1);
    expect(granted.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    await clock.advance(500);
    expect(granted).toEqual([
      { name: 'a', atMs: 0 },
      { name: 'b', atMs: 0 },
      { name: 'c', atMs: 0 },
      { name: 'd', atMs: 500 },
      { name: 'e', atMs: 1000 },
    ]);
  });

  it('fills up again while nobody asks, to the burst and no further', async () => {
    const { clock, granted, take } = startTakers(['a', 'b', 'c']);
    await clock.advance(60_000);
    for (const name of ['d', 'e', 'f', 'g']) {
      void take(name);
    }
    await clock.advance(0);
    expect(granted.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('counts every key by itself', async () => {
    const { clock, granted, take } = startTakers(['a', 'b', 'c', 'waits']);
    void take('other', 'other key');
    await clock.advance(0);
    expect(granted.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c', 'other']);
  });

  it('adds nothing when the clock is set back', async () => {
    let nowMs = 10_000;
    const slept: number[] = [];
    const clock: Clock = {
      now: () => nowMs,
      sleep: async (durationMs) => {
        slept.push(durationMs);
        nowMs += durationMs;
      },
    };
    const limiter = createRateLimiter(clock);
    await limiter.take('key', { burst: 1, perSecond: 1 });
    nowMs = 0;
    await limiter.take('key', { burst: 1, perSecond: 1 });
    expect(slept).toEqual([1000]);
  });

  it('waits again where the clock wakes it early', async () => {
    let nowMs = 0;
    const clock: Clock = {
      now: () => nowMs,
      sleep: async (durationMs) => {
        nowMs += Math.ceil(durationMs / 2);
      },
    };
    const limiter = createRateLimiter(clock);
    await limiter.take('key', { burst: 1, perSecond: 1 });
    await limiter.take('key', { burst: 1, perSecond: 1 });
    expect(nowMs).toBe(1000);
  });

  it('passes on an error of the clock that is no abort', async () => {
    const clock: Clock = { now: () => 0, sleep: () => Promise.reject(new TypeError('a bug')) };
    const limiter = createRateLimiter(clock);
    await limiter.take('key', { burst: 1, perSecond: 1 });
    await expect(limiter.take('key', { burst: 1, perSecond: 1 })).rejects.toThrow(TypeError);
  });
});

describe('an aborted wait', () => {
  it('ends at once with ScanStoppedError, first in the queue or not, without the reason as its cause', async () => {
    const controller = new AbortController();
    const { clock, limiter } = startTakers(['a', 'b', 'c']);
    const waits = [
      limiter.take('key', LIMIT, controller.signal),
      limiter.take('key', LIMIT),
      limiter.take('key', LIMIT, controller.signal),
    ];
    await settle();
    controller.abort(new DOMException('Too late', 'TimeoutError'));
    const [first, , third] = await Promise.all(
      waits.map((wait, index) => (index === 1 ? undefined : wait.catch((e) => e))),
    );
    for (const error of [first, third]) {
      expect(error).toBeInstanceOf(ScanStoppedError);
      expect(error).not.toHaveProperty('cause');
    }
    await clock.advance(500);
    await waits[1];
  });

  it('refuses a signal that was aborted before, even with tokens left, and takes none', async () => {
    const { clock, limiter, take, granted } = startTakers([]);
    await expect(limiter.take('key', LIMIT, AbortSignal.abort())).rejects.toThrow(ScanStoppedError);
    for (const name of ['a', 'b', 'c', 'd']) {
      void take(name);
    }
    await clock.advance(0);
    expect(granted.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('leaves no debt: those behind a thousand who went away move up', async () => {
    const controller = new AbortController();
    const { clock, limiter, take, granted } = startTakers(['a', 'b', 'c']);
    const waits = Array.from({ length: 1000 }, () => limiter.take('key', LIMIT, controller.signal).catch(() => 'gone'));
    await settle();
    void take('d');
    await settle();
    controller.abort();
    expect(new Set(await Promise.all(waits))).toEqual(new Set(['gone']));
    await clock.advance(500);
    expect(granted.at(-1)).toEqual({ name: 'd', atMs: 500 });
    expect(clock.sleeperCount).toBe(0);
  });
});

describe('in any window', () => {
  const arbitraryRun = fc.record({
    burst: fc.integer({ min: 1, max: 6 }),
    perSecond: fc.constantFrom(0.5, 1, 2, 3, 5, 7, 20),
    // When callers come, after the one before, and when some of them go away again.
    callers: fc.array(
      fc.record({
        afterMs: fc.constantFrom(0, 0, 0, 1, 90, 333, 2500),
        goesAfterMs: fc.constantFrom(null, null, 0, 40, 700),
      }),
      { minLength: 1, maxLength: 30 },
    ),
  });

  it('grants at most burst + duration * rate, in the order of asking, and to all who stay', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRun, async ({ burst, perSecond, callers }) => {
        const clock = createFakeClock();
        const limiter = createRateLimiter(clock);
        const grants: { index: number; atMs: number }[] = [];
        const calls: Promise<void>[] = [];
        for (const [index, { afterMs, goesAfterMs }] of callers.entries()) {
          await clock.advance(afterMs);
          const controller = new AbortController();
          const call = limiter.take('key', { burst, perSecond }, controller.signal).then(() => {
            grants.push({ index, atMs: clock.now() });
          });
          calls.push(call.catch(() => {}));
          if (goesAfterMs !== null) {
            void clock.sleep(goesAfterMs).then(() => controller.abort());
          }
        }
        await clock.advance(200_000);
        await Promise.all(calls);
        const indices = grants.map(({ index }) => index);
        expect(indices).toEqual([...indices].sort((a, b) => a - b));
        expect(indices).toEqual(
          expect.arrayContaining(callers.flatMap(({ goesAfterMs }, index) => (goesAfterMs === null ? [index] : []))),
        );
        for (const [from, first] of grants.entries()) {
          for (const [count, last] of grants.slice(from).entries()) {
            const allowed = burst + ((last.atMs - first.atMs) / 1000) * perSecond;
            expect(count + 1).toBeLessThanOrEqual(allowed + 1e-9);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
