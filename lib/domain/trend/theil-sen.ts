import { selectMedian, selectNth } from './select-nth.ts';

/** A line through points. */
export interface Line {
  /** By unit of time. */
  readonly slope: number;
  readonly intercept: number;
}

export interface SlopeInterval {
  readonly lower: number;
  readonly upper: number;
}

/** The quantile of the normal distribution that leaves 5 % above: both sides together, a 90 % interval. */
export const NORMAL_QUANTILE_90 = 1.644_853_626_951_472_2;

/**
 * Returns the line of Theil and Sen: its slope is the median of the slopes between all pairs of points, so that up to 29 % of
 * the points can be anything; it goes through the medians. Pairs at the same time have no slope. Returns `undefined` where all
 * are at the same time. https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.theilslopes.html
 */
export function theilSen(times: ArrayLike<number>, values: ArrayLike<number>): Line | undefined {
  const slopes = new Float64Array(pairCount(times.length));
  const slope = medianSlope(times, values, slopes);
  if (slope === undefined) {
    return undefined;
  }
  return { slope, intercept: medianOf(values) - slope * medianOf(times) };
}

/** Returns how many pairs `count` points have. */
export function pairCount(count: number): number {
  return (count * (count - 1)) / 2;
}

/** Returns the median slope alone. `slopes` has room for all pairs and is overwritten: a bootstrap uses the same one again. */
export function medianSlope(
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  slopes: Float64Array,
): number | undefined {
  const count = fillSlopes(times, values, slopes);
  return count === 0 ? undefined : selectMedian(slopes, count);
}

/**
 * Returns the interval of the slope that the order of the points alone gives (Sen, JASA 63, 1968), with scipy's ranks. Takes the
 * normal quantile of its confidence. Returns `undefined` without two points at different times.
 */
export function slopeInterval(
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  normalQuantile: number,
): SlopeInterval | undefined {
  const slopes = new Float64Array(pairCount(times.length));
  const count = fillSlopes(times, values, slopes);
  if (count === 0) {
    return undefined;
  }
  const points = times.length;
  const untied = points * (points - 1) * (2 * points + 5);
  // Where nearly all values are the same the ties take all of the variance, and rounding must not make it negative.
  const sigma = Math.sqrt(Math.max(0, (untied - tieTerm(times) - tieTerm(values)) / 18));
  const lower = Math.max(roundHalfToEven((count - normalQuantile * sigma) / 2) - 1, 0);
  const upper = Math.min(roundHalfToEven((count + normalQuantile * sigma) / 2), count - 1);
  return { lower: selectNth(slopes, lower, count), upper: selectNth(slopes, upper, count) };
}

function fillSlopes(times: ArrayLike<number>, values: ArrayLike<number>, slopes: Float64Array): number {
  const points = times.length;
  let count = 0;
  for (let later = 1; later < points; later += 1) {
    const laterTime = numberAt(times, later);
    const laterValue = numberAt(values, later);
    for (let earlier = 0; earlier < later; earlier += 1) {
      const elapsed = laterTime - numberAt(times, earlier);
      if (elapsed !== 0) {
        slopes[count] = (laterValue - numberAt(values, earlier)) / elapsed;
        count += 1;
      }
    }
  }
  return count;
}

function medianOf(values: ArrayLike<number>): number {
  return selectMedian(Float64Array.from(values), values.length);
}

/** Sen's correction: of each group of `g` equal values g(g-1)(2g+5). */
function tieTerm(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  let sum = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1;
    while (to < sorted.length && sorted[to] === sorted[from]) {
      to += 1;
    }
    const size = to - from;
    sum += size * (size - 1) * (2 * size + 5);
    from = to;
  }
  return sum;
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) {
    return floor % 2 === 0 ? floor : floor + 1;
  }
  return rest < 0.5 ? floor : floor + 1;
}

/** Both lists are as long as `times`, and their elements are numbers. */
function numberAt(numbers: ArrayLike<number>, index: number): number {
  return numbers[index] as number;
}
