/**
 * Returns the value that would be at `nth` if the first `length` values were sorted, and moves the values so that none before
 * it is larger and none after it is smaller. Hoare's selection, with the middle of three as pivot; no value may be NaN.
 *
 * @throws RangeError where `nth` is not one of them.
 */
export function selectNth(values: Float64Array, nth: number, length: number): number {
  if (!Number.isInteger(nth) || nth < 0 || nth >= length || length > values.length) {
    throw new RangeError(`Cannot select value ${nth} of ${length}: expected 0 to ${length - 1}`);
  }
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const pivot = middleOfThree(at(values, low), at(values, (low + high) >>> 1), at(values, high));
    const split = partition(values, low, high, pivot);
    if (nth <= split) {
      high = split;
    } else {
      low = split + 1;
    }
  }
  return at(values, nth);
}

/**
 * Returns the median of the first `length` values, the mean of the middle two where they are even in number; moves the values.
 *
 * @throws RangeError without a value.
 */
export function selectMedian(values: Float64Array, length: number): number {
  const upper = selectNth(values, length >>> 1, length);
  if (length % 2 === 1) {
    return upper;
  }
  let lower = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < length >>> 1; index += 1) {
    lower = Math.max(lower, at(values, index));
  }
  return (lower + upper) / 2;
}

/** Puts a value among the first `count`, which are in rising order and stay so. There has to be room for one more. */
export function insertSorted(sorted: Float64Array, count: number, value: number): void {
  const place = placeOf(sorted, count, value);
  sorted.copyWithin(place + 1, place, count);
  sorted[place] = value;
}

/** Takes a value, which has to be there, from among the first `count`, which are in rising order and stay so. */
export function removeSorted(sorted: Float64Array, count: number, value: number): void {
  const place = placeOf(sorted, count, value);
  sorted.copyWithin(place, place + 1, count);
}

/** The first of the places at which a value is not smaller. */
function placeOf(sorted: Float64Array, count: number, value: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(sorted, middle) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/**
 * Moves values so that all up to the place it returns are at most the pivot, and all after it at least. The place is below `high`,
 * since some value that is not the last is at least the pivot.
 */
function partition(values: Float64Array, low: number, high: number, pivot: number): number {
  let left = low;
  let right = high;
  for (;;) {
    while (at(values, left) < pivot) {
      left += 1;
    }
    while (at(values, right) > pivot) {
      right -= 1;
    }
    if (left >= right) {
      return right;
    }
    const moved = at(values, left);
    values[left] = at(values, right);
    values[right] = moved;
    left += 1;
    right -= 1;
  }
}

function middleOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** Callers keep indices within the array, where each element is a number. */
function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
