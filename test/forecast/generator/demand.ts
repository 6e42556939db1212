import { nextChance, type Random } from '../../../lib/local/simulated-aws/build/random.ts';
import { bell, fraction, heavyTailed, wholeWithin, within } from './draw.ts';
import { drawLevels } from './levels.ts';
import {
  CLUSTER_DELETION_CHANCE,
  CLUSTER_DELETION_DAY,
  CLUSTER_DELETION_SHARE,
  DAYS,
  DEPLOY_STEP_CHANCE,
  DEPLOY_STEP_SHARE,
  DEPLOY_SURGE_SHARE,
  DEPLOYS_PER_DAY,
  FIRST_DAY,
  NOISE_MEMORY,
  NOISE_SHARE,
  type Regime,
  STEPS_PER_DAY,
  STEPS_PER_HOUR,
  ZONE_LOSS_CHANCE,
  ZONE_LOSS_DAY,
  ZONE_LOSS_FACTOR,
  ZONE_LOSS_HOURS,
} from './regimes.ts';

/** How many pods a subnet's zone runs, as a share of those that fill the subnet, for each step. */
export interface Demand {
  readonly shares: Float64Array;
  /** The day on which what drives the level began; `undefined`: before the first. */
  readonly causeDay: number | undefined;
  /** Steps at which something short began that may touch the floor: a batch, a lost zone, the end of a month. */
  readonly shortCauseSteps: readonly number[];
  readonly clusterDeletedDay: number | undefined;
}

/** The share of the daily swing that is there at each hour of the day: quiet at night, two peaks, by tables and not by a sine. */
const HOURS_OF_DAY = [
  0.18, 0.1, 0.04, 0, 0.02, 0.08, 0.25, 0.5, 0.78, 0.94, 1, 0.97, 0.88, 0.9, 0.96, 0.98, 0.92, 0.8, 0.68, 0.62, 0.55,
  0.45, 0.34, 0.25,
];
const DAYS_PER_WEEK = 7;
const SATURDAY = 5;
/** Days from 1 January to the end of each month of 2026. */
const MONTH_ENDS = [31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
/** 1 January 2026 as days since 1970. */
const FIRST_OF_YEAR = 20_454;
const MONTH_END_DAYS_BEFORE = 2;

/** Draws the demand of one subnet. */
export function drawDemand(random: Random, regime: Regime, levelFactor: number): Demand {
  const levels = drawLevels(random, regime.growth, within(random, regime.startLevel) * levelFactor);
  const swing = within(random, regime.dailySwing);
  const weekendDip = within(random, regime.weekendDip);
  const monthEnd = within(random, regime.monthEndShare) * levelFactor;
  const shiftHours = wholeWithin(random, [0, 23]);
  const noise = within(random, NOISE_SHARE);
  const shares = new Float64Array(DAYS * STEPS_PER_DAY);
  const shortCauseSteps: number[] = [];
  let wobble = 0;
  for (let step = 0; step < shares.length; step += 1) {
    const day = Math.floor(step / STEPS_PER_DAY);
    const level = levels.byDay[day] ?? 0;
    const isWeekend = day % DAYS_PER_WEEK >= SATURDAY;
    wobble = wobble * NOISE_MEMORY + bell(random) * noise * Math.sqrt(1 - NOISE_MEMORY * NOISE_MEMORY);
    const ofDay = 1 - swing * (1 - hourShare(step, shiftHours));
    const extra = monthEnd > 0 && isMonthEnd(day) ? monthEnd : 0;
    if (extra > 0 && !isMonthEnd(day - 1) && step % STEPS_PER_DAY === 0) {
      shortCauseSteps.push(step);
    }
    shares[step] = (level * (isWeekend ? 1 - weekendDip : 1) + extra) * ofDay * (1 + wobble);
  }
  addBatches(random, regime, shares, shortCauseSteps);
  addDeploys(random, shares, regime.isCalm ? 0 : DEPLOY_STEP_CHANCE);
  if (regime.isCalm) {
    return { shares, causeDay: undefined, shortCauseSteps, clusterDeletedDay: undefined };
  }
  loseZone(random, shares, shortCauseSteps);
  return { shares, causeDay: levels.causeDay, shortCauseSteps, clusterDeletedDay: deleteCluster(random, shares) };
}

function hourShare(step: number, shiftHours: number): number {
  const hours = step / STEPS_PER_HOUR + shiftHours;
  const hour = Math.floor(hours) % HOURS_OF_DAY.length;
  const from = HOURS_OF_DAY[hour] ?? 0;
  const to = HOURS_OF_DAY[(hour + 1) % HOURS_OF_DAY.length] ?? 0;
  return from + (to - from) * (hours - Math.floor(hours));
}

function isMonthEnd(day: number): boolean {
  const dayOfYear = FIRST_DAY - FIRST_OF_YEAR + day;
  return MONTH_ENDS.some((end) => dayOfYear >= end - MONTH_END_DAYS_BEFORE && dayOfYear <= end);
}

function addBatches(random: Random, regime: Regime, shares: Float64Array, causes: number[]): void {
  const chance = within(random, regime.batchesPerDay) / STEPS_PER_DAY;
  for (let step = 0; chance > 0 && step < shares.length; step += 1) {
    if (nextChance(random, chance)) {
      const share = within(random, regime.batchShare) * heavyTailed(random);
      const end = Math.min(shares.length, step + Math.ceil(within(random, regime.batchHours) * STEPS_PER_HOUR));
      for (let at = step; at < end; at += 1) {
        shares[at] = (shares[at] ?? 0) + share;
      }
      causes.push(step);
    }
  }
}

/** A deploy runs old and new pods side by side for one step, and may leave the workload larger or smaller. */
function addDeploys(random: Random, shares: Float64Array, stepChance: number): void {
  const chance = within(random, DEPLOYS_PER_DAY) / STEPS_PER_DAY;
  let factor = 1;
  for (let step = 0; step < shares.length; step += 1) {
    let surge = 0;
    if (nextChance(random, chance)) {
      surge = within(random, DEPLOY_SURGE_SHARE);
      factor += nextChance(random, stepChance) ? within(random, DEPLOY_STEP_SHARE) : 0;
    }
    shares[step] = (shares[step] ?? 0) * (factor + surge);
  }
}

function loseZone(random: Random, shares: Float64Array, causes: number[]): void {
  const start = Math.floor((within(random, ZONE_LOSS_DAY) + fraction(random)) * STEPS_PER_DAY);
  const length = Math.ceil(within(random, ZONE_LOSS_HOURS) * STEPS_PER_HOUR);
  if (!nextChance(random, ZONE_LOSS_CHANCE)) {
    return;
  }
  for (let step = start; step < Math.min(shares.length, start + length); step += 1) {
    shares[step] = (shares[step] ?? 0) * ZONE_LOSS_FACTOR;
  }
  causes.push(start);
}

function deleteCluster(random: Random, shares: Float64Array): number | undefined {
  const day = Math.floor(within(random, CLUSTER_DELETION_DAY));
  const share = within(random, CLUSTER_DELETION_SHARE);
  if (!nextChance(random, CLUSTER_DELETION_CHANCE)) {
    return undefined;
  }
  for (let step = day * STEPS_PER_DAY; step < shares.length; step += 1) {
    shares[step] = (shares[step] ?? 0) * (1 - share);
  }
  return day;
}
