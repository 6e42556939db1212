import { drawMovingBlocks } from './moving-blocks.ts';
import type { RandomSource } from './random.ts';
import { selectMedian } from './select-nth.ts';
import { medianSlope, pairCount } from './theil-sen.ts';
import { dampedDays, type TrendModel } from './trend-model.ts';

/** So many that a probability is known to two percentage points. */
export const PATH_COUNT = 500;
/** A line that was drawn anew serves five paths: drawing it is what costs, and a hundred lines show how uncertain it is. */
const PATHS_PER_LINE = 5;

/** Possible futures of what is used. */
export interface SampledPaths {
  readonly pathCount: number;
  readonly dayCount: number;
  /** Path by path, day by day. */
  readonly used: Float64Array;
}

export interface PathBounds {
  /** Days between the last one of training and the first one that is forecast, both left out. */
  readonly skippedDays: number;
  readonly dayCount: number;
  /** No path rises above: what nobody could have is still told apart from what nobody wants. */
  readonly usedMax: number;
}

/** Draws futures: each by a line drawn anew through resampled days, and residuals in blocks of a week. */
export function samplePaths(model: TrendModel, bounds: PathBounds, random: RandomSource): SampledPaths {
  const { skippedDays, dayCount, usedMax } = bounds;
  const used = new Float64Array(PATH_COUNT * dayCount);
  const moved = dampedDays(skippedDays + dayCount);
  const residuals = new Float64Array(dayCount);
  const refit = lineRefitter(model, random);
  const blocks = { firstDay: model.lastTime + 1 + skippedDays, isAligned: model.isWeekly };
  let line = refit();
  for (let path = 0; path < PATH_COUNT; path += 1) {
    if (path > 0 && path % PATHS_PER_LINE === 0) {
      line = refit();
    }
    drawMovingBlocks(model.residuals, blocks, residuals, random);
    const from = path * dayCount;
    for (let day = 0; day < dayCount; day += 1) {
      // Both lists have an element for each day.
      const level = line.lastLevel + line.slope * (moved[skippedDays + day + 1] as number);
      used[from + day] = Math.min(usedMax, Math.max(0, level + (residuals[day] as number)));
    }
  }
  return { pathCount: PATH_COUNT, dayCount, used };
}

interface RedrawnLine {
  readonly slope: number;
  /** Its level on the last day of training. */
  readonly lastLevel: number;
}

/** Returns what draws lines through days as they might have been as well. Pairs and their slopes use the same room again. */
function lineRefitter(model: TrendModel, random: RandomSource): () => RedrawnLine {
  const { times, residuals, slope, intercept, lastTime } = model;
  const slopes = new Float64Array(pairCount(times.length));
  const drawn = new Float64Array(residuals.length);
  const errors = new Float64Array(times.length);
  const peaks = new Float64Array(times.length);
  const middleTime = selectMedian(Float64Array.from(times), times.length);
  return () => {
    drawMovingBlocks(residuals, { firstDay: 0, isAligned: model.isWeekly }, drawn, random);
    for (const [index, time] of times.entries()) {
      // Times are days of training, for each of which a residual was drawn.
      errors[index] = drawn[time] as number;
      peaks[index] = intercept + slope * time + (drawn[time] as number);
    }
    // Adding a line to all points adds its slope to each pair's. A model has points at two times at least.
    const redrawn = slope + (medianSlope(times, errors, slopes) as number);
    return { slope: redrawn, lastLevel: selectMedian(peaks, peaks.length) + redrawn * (lastTime - middleTime) };
  };
}
