import type { Line, SlopeInterval } from '../../../lib/domain/trend/theil-sen.ts';

/** Theil and Sen as their papers say: sort the slopes of all pairs, and count. */
export function theilSenByEveryPair(times: readonly number[], values: readonly number[]): Line | undefined {
  const slopes = sortedSlopes(times, values);
  if (slopes.length === 0) {
    return undefined;
  }
  const slope = middle(slopes);
  return { slope, intercept: middle(sorted(values)) - slope * middle(sorted(times)) };
}

export function slopeIntervalByEveryPair(
  times: readonly number[],
  values: readonly number[],
  normalQuantile: number,
): SlopeInterval | undefined {
  const slopes = sortedSlopes(times, values);
  if (slopes.length === 0) {
    return undefined;
  }
  const n = times.length;
  const ties = [times, values].flatMap((each) =>
    [...new Set(each)].map((value) => each.filter((other) => other === value).length),
  );
  const corrections = ties.reduce((sum, g) => sum + g * (g - 1) * (2 * g + 5), 0);
  const half = (normalQuantile * Math.sqrt(Math.max(0, (n * (n - 1) * (2 * n + 5) - corrections) / 18))) / 2;
  const lower = Math.max(rounded(slopes.length / 2 - half) - 1, 0);
  const upper = Math.min(rounded(slopes.length / 2 + half), slopes.length - 1);
  return { lower: slopes[lower] ?? Number.NaN, upper: slopes[upper] ?? Number.NaN };
}

function sortedSlopes(times: readonly number[], values: readonly number[]): number[] {
  const slopes = times.flatMap((time, i) =>
    times.slice(i + 1).flatMap((later, k) => {
      const rise = (values[i + 1 + k] ?? Number.NaN) - (values[i] ?? Number.NaN);
      return later === time ? [] : [rise / (later - time)];
    }),
  );
  return sorted(slopes);
}

function sorted(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

function middle(values: readonly number[]): number {
  const upper = values[Math.floor(values.length / 2)] ?? Number.NaN;
  const lower = values[Math.ceil(values.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** To the nearest whole number, halves to the even one: the one with the smaller rest modulo two. */
function rounded(value: number): number {
  const candidates = [Math.floor(value), Math.ceil(value)];
  const distance = (each: number) => Math.abs(each - value);
  return candidates.sort((a, b) => distance(a) - distance(b) || Math.abs(a % 2) - Math.abs(b % 2))[0] ?? Number.NaN;
}
