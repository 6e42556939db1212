/**
 * Returns the quantile (`share` from 0 to 1) of values in rising order, between two of them in proportion: R's type 7, numpy's
 * default. https://numpy.org/doc/stable/reference/generated/numpy.quantile.html
 *
 * @throws RangeError without a value.
 */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) {
    throw new RangeError(`Cannot take quantile ${share} of ${sorted.length} values`);
  }
  return below === above ? below : below + (above - below) * (position - Math.floor(position));
}

/** Returns the median of values in any order; throws RangeError without a value. */
export function median(values: readonly number[]): number {
  return quantileOfSorted(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

/** Returns the median distance from the median, unscaled; throws RangeError without a value. */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const center = median(values);
  return median(values.map((value) => Math.abs(value - center)));
}
