/** Keeps what was used last, as much as there is room for. */
export interface BoundedMap<T, K = string> {
  get(key: K): T | undefined;
  /** Puts a value in the place of another of its key. One that weighs more than there is room for is not kept. */
  set(key: K, value: T): void;
}

/** Returns a map that forgets what was used longest ago, until all that is left weighs `weightMax` at the most. */
export function boundedMap<T, K = string>(
  weightMax: number,
  weightOf: (value: T) => number = () => 1,
): BoundedMap<T, K> {
  const kept = new Map<K, T>();
  let weight = 0;
  const forget = (key: K, value: T) => {
    kept.delete(key);
    weight -= weightOf(value);
  };
  return {
    get(key) {
      const value = kept.get(key);
      if (value !== undefined) {
        // A map gives its entries in the order in which they came, so the one used now has to come last.
        kept.delete(key);
        kept.set(key, value);
      }
      return value;
    },
    set(key, value) {
      const before = kept.get(key);
      if (before !== undefined) {
        forget(key, before);
      }
      kept.set(key, value);
      weight += weightOf(value);
      for (const [oldest, its] of kept) {
        if (weight <= weightMax) {
          break;
        }
        forget(oldest, its);
      }
    },
  };
}
