import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWeightLimit } from '../../lib/wiring/weight-limit.ts';

const WEIGHT_MAX = 10;

/** Runs work of these weights, each ended by chance, and returns what ran beside each other and in which order it began. */
async function run(weights: readonly number[], random: () => number) {
  const limit = createWeightLimit(WEIGHT_MAX);
  const running = new Map<number, () => void>();
  const began: number[] = [];
  const together: number[][] = [];
  const settled = Promise.allSettled(
    weights.map((weight, index) =>
      limit(weight, async () => {
        began.push(index);
        await new Promise<void>((resolve) => {
          running.set(index, resolve);
          together.push([...running.keys()].map((each) => weights[each] ?? Number.NaN));
        });
        if (index % 5 === 0) {
          throw new Error('failed');
        }
      }),
    ),
  );
  while (began.length < weights.length || running.size > 0) {
    await new Promise((resolve) => setImmediate(resolve));
    const ended = [...running.keys()][Math.floor(random() * running.size)];
    const end = ended === undefined ? undefined : running.get(ended);
    if (ended !== undefined) {
      running.delete(ended);
    }
    end?.();
  }
  return { began, together, settled: await settled };
}

describe('a limit by weight', () => {
  it('never has more at once than it may, but for what is heavier alone, and keeps the order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 14 }), { maxLength: 12 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        async (weights, numbers) => {
          const { began, together, settled } = await run(weights, () => numbers.next().value ?? 0);
          expect(began).toEqual(weights.map((_, index) => index));
          for (const own of together) {
            const sum = own.reduce((total, weight) => total + Math.min(weight, WEIGHT_MAX), 0);
            expect(sum).toBeLessThanOrEqual(WEIGHT_MAX);
          }
          expect(settled.map(({ status }) => status)).toEqual(
            weights.map((_, index) => (index % 5 === 0 ? 'rejected' : 'fulfilled')),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('runs as much at once as fits', async () => {
    const { together } = await run([4, 3, 3, 1], () => 0);
    expect(together.slice(0, 3)).toEqual([[4], [4, 3], [4, 3, 3]]);
  });
});
