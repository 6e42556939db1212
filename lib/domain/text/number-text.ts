const RATIO_STEP = 0.01;

/** Made when first used: reading the languages of the world takes 8 ms. */
const integers = once(() => new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }));
const ratios = once(() => new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }));

/** Returns an integer with thousands separated, for example `4,091`. */
export function integerText(value: number): string {
  return integers().format(value);
}

/** Returns an integer with its sign where it is not zero, for example `+3` or `−3`. */
export function signedText(value: number): string {
  if (value === 0) {
    return '0';
  }
  return `${value < 0 ? '−' : '+'}${integers().format(Math.abs(value))}`;
}

/** Returns a count with its unit, for example `1 address` or `2 addresses`. */
export function countText(count: number, singular: string, plural = `${singular}s`): string {
  return `${integers().format(count)} ${count === 1 ? singular : plural}`;
}

/** Returns a ratio from 0 to 1 with two decimals; only 0 itself reads `0.00` and only 1 itself `1.00`. */
export function ratioText(ratio: number): string {
  if (ratio > 0 && ratio < RATIO_STEP) {
    return `< ${ratios().format(RATIO_STEP)}`;
  }
  if (ratio < 1 && ratio > 1 - RATIO_STEP) {
    return `> ${ratios().format(1 - RATIO_STEP)}`;
  }
  return ratios().format(ratio);
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
