import { nextChance, type Random } from '../../../lib/local/simulated-aws/build/random.ts';
import { wholeWithin, within } from './draw.ts';
import {
  DAYS,
  FIRST_DAY,
  HOUR_MISSING_SHARE,
  OUTAGE_HOURS,
  OUTAGES,
  PULSE_DAY_EVERY,
  PULSED_SHARE,
  STEPS_PER_DAY,
  STEPS_PER_HOUR,
  UNEXPLAINED_ADDRESSES,
  UNEXPLAINED_SHARE,
} from './regimes.ts';
import type { Truth } from './truth.ts';

const HOURS_PER_DAY = 24;

/** What the product would have seen of a subnet in one hour. */
export interface ObservedHour {
  /** Whole hours since 1970. */
  readonly hour: number;
  readonly usedMin: number;
  readonly usedMax: number;
  readonly freeMin: number;
  readonly freePrefixMin: number;
  readonly readingCount: number;
  /** Whether EC2 counted addresses that no interface explains. */
  readonly isUnexplained: boolean;
}

/** Draws which hours of the truth are seen, and how: gaps are left out, never filled. */
export function observe(random: Random, truth: Truth): readonly ObservedHour[] {
  const isPulsed = nextChance(random, PULSED_SHARE);
  const minuteStep = wholeWithin(random, [0, STEPS_PER_HOUR - 1]);
  const missing = within(random, HOUR_MISSING_SHARE);
  const isDown = drawOutages(random);
  const hours: ObservedHour[] = [];
  for (let hour = 0; hour < DAYS * HOURS_PER_DAY; hour += 1) {
    const isUnexplained = nextChance(random, UNEXPLAINED_SHARE);
    const hidden = wholeWithin(random, UNEXPLAINED_ADDRESSES);
    if (nextChance(random, missing) || isDown[hour] === true) {
      continue;
    }
    const readsAll = isPulsed || Math.floor(hour / HOURS_PER_DAY) % PULSE_DAY_EVERY === 0;
    const first = hour * STEPS_PER_HOUR;
    const steps = readsAll ? [0, 1, 2, 3].map((each) => first + each) : [first + minuteStep];
    hours.push({ ...read(truth, hour, steps, isUnexplained ? hidden : 0), isUnexplained });
  }
  return hours;
}

function read(
  truth: Truth,
  hour: number,
  steps: readonly number[],
  hidden: number,
): Omit<ObservedHour, 'isUnexplained'> {
  const readings = steps.map((step) => {
    const capacity = truth.capacity[step] ?? 0;
    const used = Math.min(capacity, (truth.held[step] ?? 0) + hidden);
    return { used, free: capacity - used, prefixes: Math.max(0, truth.prefixesLeft[step] ?? 0) };
  });
  return {
    hour: FIRST_DAY * HOURS_PER_DAY + hour,
    usedMin: Math.min(...readings.map(({ used }) => used)),
    usedMax: Math.max(...readings.map(({ used }) => used)),
    freeMin: Math.min(...readings.map(({ free }) => free)),
    freePrefixMin: Math.min(...readings.map(({ prefixes }) => prefixes)),
    readingCount: readings.length,
  };
}

function drawOutages(random: Random): readonly boolean[] {
  const isDown = new Array<boolean>(DAYS * HOURS_PER_DAY).fill(false);
  for (let left = wholeWithin(random, OUTAGES); left > 0; left -= 1) {
    const start = wholeWithin(random, [0, (DAYS * STEPS_PER_DAY) / STEPS_PER_HOUR - 1]);
    isDown.fill(true, start, start + wholeWithin(random, OUTAGE_HOURS));
  }
  return isDown;
}
