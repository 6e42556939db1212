import type { SampledPaths } from './sample-paths.ts';
import { selectMedian } from './select-nth.ts';

/** How much wider intervals must be by number of days ahead, in rising order; 1 is as wide as the paths, and none are narrower. */
export type Widening = readonly { readonly days: number; readonly factor: number }[];

/** Returns paths moved away from the median of their day: an interval of any probability is wider by the factor of the day. */
export function widenPaths({ pathCount, dayCount, used }: SampledPaths, widening: Widening): SampledPaths {
  const widened = new Float64Array(used.length);
  const ofDay = new Float64Array(pathCount);
  for (let day = 0; day < dayCount; day += 1) {
    for (let path = 0; path < pathCount; path += 1) {
      // Every path has every day.
      ofDay[path] = used[path * dayCount + day] as number;
    }
    const median = selectMedian(ofDay, pathCount);
    const factor = wideningAt(widening, day + 1);
    for (let index = day; index < used.length; index += dayCount) {
      widened[index] = Math.max(0, median + factor * ((used[index] as number) - median));
    }
  }
  return { pathCount, dayCount, used: widened };
}

/** Returns the factor for a number of days ahead: in proportion between two that are given, beyond them that of the nearest. */
export function wideningAt(widening: Widening, days: number): number {
  const above = widening.find((each) => each.days >= days);
  const below = widening.findLast((each) => each.days <= days);
  if (above === undefined || below === undefined) {
    return Math.max(1, (above ?? below)?.factor ?? 1);
  }
  const share = above.days === below.days ? 0 : (days - below.days) / (above.days - below.days);
  return Math.max(1, below.factor + share * (above.factor - below.factor));
}
