import type { WeightLimit } from '../audit/scan-target.ts';

/**
 * Returns what runs work side by side as long as its weights come to no more than `weightMax`, in the order in which it is handed
 * over: what is light does not overtake what is heavy. What is heavier than that runs alone.
 */
export function createWeightLimit(weightMax: number): WeightLimit {
  const waiting: { readonly weight: number; readonly start: () => void }[] = [];
  let running = 0;
  const startNext = (): void => {
    const [next] = waiting;
    if (next !== undefined && running + next.weight <= weightMax) {
      waiting.shift();
      running += next.weight;
      next.start();
      startNext();
    }
  };
  return async (weight, run) => {
    const own = Math.min(weight, weightMax);
    await new Promise<void>((resolve) => {
      waiting.push({ weight: own, start: resolve });
      startNext();
    });
    try {
      return await run();
    } finally {
      running -= own;
      startNext();
    }
  };
}
