import { fractionOf } from '../build/random.ts';

/** How many pods a node group's workloads ask for, as a function of time alone. */
export interface Demand {
  /** Pods at the busiest hour of a working day at the start of the world. */
  readonly pods: number;
  /** Pods more at that hour with each day after the start, fewer with each day before it. */
  readonly growthPerDay?: number;
  /** Share of the pods that are gone at the quietest hour of a day, 0 to 1. */
  readonly dailySwing?: number;
  /** Share of the pods that are gone on Saturdays and Sundays, 0 to 1. */
  readonly weekendDip?: number;
  /** Share by which each hour is above or below what the rest says, 0 to 1. */
  readonly noise?: number;
  /** Hours that the users' clocks are ahead of UTC. */
  readonly utcOffsetHours?: number;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const HOURS_PER_DAY = 24;
const DAYS_PER_WEEK = 7;
const BUSIEST_HOUR = 14;
/** The first day of Unix time was a Thursday; counted from Monday it has this number. */
const FIRST_WEEKDAY = 3;
const FIRST_WEEKEND_DAY = 5;

/**
 * Returns the pods wanted at an instant (milliseconds of Unix time). `key` decides the noise: the same one, the same pods.
 */
export function podsAt(demand: Demand, atMs: number, growthFromMs: number, key: string): number {
  const { pods, growthPerDay = 0, dailySwing = 0, weekendDip = 0, noise = 0, utcOffsetHours = 0 } = demand;
  const localHours = atMs / HOUR_MS + utcOffsetHours;
  const trend = pods + (growthPerDay * (atMs - growthFromMs)) / DAY_MS;
  const angle = (2 * Math.PI * (localHours - BUSIEST_HOUR)) / HOURS_PER_DAY;
  const daily = 1 - (dailySwing * (1 - Math.cos(angle))) / 2;
  const weekday = (Math.floor(localHours / HOURS_PER_DAY) + FIRST_WEEKDAY) % DAYS_PER_WEEK;
  const weekly = weekday >= FIRST_WEEKEND_DAY ? 1 - weekendDip : 1;
  const noisy = noise === 0 ? 1 : 1 + noise * (2 * fractionOf(`${key}/${Math.floor(atMs / HOUR_MS)}`) - 1);
  return Math.max(0, Math.round(trend * daily * weekly * noisy));
}
