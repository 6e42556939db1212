import type { DemandModel, UsedQuantiles } from '../../lib/domain/trend/backtest.ts';
import { JUDGED_DAYS } from '../../lib/domain/trend/backtest.ts';
import { median } from '../../lib/domain/trend/quantile.ts';
import { theilSen } from '../../lib/domain/trend/theil-sen.ts';
import { randomOf } from '../../lib/local/simulated-aws/build/random.ts';
import { within } from './generator/draw.ts';
import type { GeneratedSubnet } from './generator/generate-subnet.ts';
import { drawLevels } from './generator/levels.ts';
import { FIRST_DAY, PREFIX_LEVEL_FACTOR, REGIMES } from './generator/regimes.ts';

const DAYS_PER_WEEK = 7;
const KNOWN_DAYS = 4 * DAYS_PER_WEEK;
const LEVEL_DAYS = 2 * DAYS_PER_WEEK;
/** Deploys that leave a workload larger or smaller move a level from day to day: the last days of a kind say most. */
const LEVEL_PEAKS = 3;
const SATURDAY = 5;
const MS_PER_DAY = 86_400_000;
/** The last two days of a month and the first of the next. */
const MONTH_END_DAYS = [-2, -1, 0];
const MONTH_START_DATE = 1;

/**
 * Returns a model that is told what no forecast can know of a generated subnet: how its demand grows from day to day, its weekends
 * and its ends of months. It is not told what comes by chance or at once: noise, batches, deploys, a lost zone, and a step, a move or
 * another way to take addresses before its day. How many addresses that takes it reads from the last four weeks. What it is off by is
 * what is left to chance, nearly; it says points only.
 */
export function oracleOf(subnet: GeneratedSubnet): DemandModel {
  return ({ today, series }) => {
    const shareOn = knownShares(subnet, today - FIRST_DAY);
    const known = series.days.slice(-KNOWN_DAYS).flatMap((day, index, days) => {
      const time = series.firstDay + series.days.length - days.length + index;
      return day === undefined ? [] : [{ time, peak: day.peak, share: shareOn(time - FIRST_DAY) }];
    });
    const shares = known.map(({ share }) => share);
    const perShare = theilSen(
      shares,
      known.map(({ peak }) => peak),
    )?.slope;
    // Without another share there is nothing to learn, and nothing that changes.
    const addressesOf = (share: number) => (perShare ?? 0) * share;
    const levels = known.slice(-LEVEL_DAYS).map((each) => ({ ...each, level: each.peak - addressesOf(each.share) }));
    const used = new Map<number, UsedQuantiles>();
    for (const days of JUDGED_DAYS) {
      const day = today - FIRST_DAY + days - 1;
      // What is drained late on a Friday is still there on Saturday: weekends have a level of their own.
      const alike = levels.filter(({ time }) => isWeekend(time - FIRST_DAY) === isWeekend(day)).slice(-LEVEL_PEAKS);
      if (alike.length > 0) {
        const point = median(alike.map(({ level }) => level)) + addressesOf(shareOn(day));
        used.set(days, { p10: point, p50: point, p90: point });
      }
    }
    return { used, probability: new Map(), daysToFloor: undefined };
  };
}

/** By day of the run, the highest share of a day without noise, as it is known on the morning of `origin`. Draws what the generator drew. */
function knownShares({ name, regime, usesPrefixes }: GeneratedSubnet, origin: number): (day: number) => number {
  const { growth, startLevel, weekendDip, dailySwing, monthEndShare, toggleDay } = REGIMES[regime];
  const random = randomOf(`${name}/demand`);
  const levelFactor = usesPrefixes && toggleDay === undefined ? PREFIX_LEVEL_FACTOR : 1;
  const { byDay, causeDay } = drawLevels(random, growth, within(random, startLevel) * levelFactor);
  within(random, dailySwing);
  const dip = within(random, weekendDip);
  const monthEnd = within(random, monthEndShare) * levelFactor;
  const change = causeDay ?? (growth.kind === 'migration' ? dayOfChange(byDay) : byDay.length);
  const levelOn = (day: number) =>
    origin > change || day < change
      ? at(byDay, day)
      : at(byDay, change - 1) + (day - change + 1) * slopeBefore(byDay, change);
  return (day) => levelOn(day) * (isWeekend(day) ? 1 - dip : 1) + (isMonthEnd(day) ? monthEnd : 0);
}

/** The first day that is further from the day before than any other. */
function dayOfChange(byDay: readonly number[]): number {
  const jumps = byDay.map((level, day) => (day === 0 ? 0 : Math.abs(level - at(byDay, day - 1))));
  return jumps.indexOf(Math.max(...jumps));
}

function slopeBefore(byDay: readonly number[], day: number): number {
  return at(byDay, day - 1) - at(byDay, day - 2);
}

function at(byDay: readonly number[], day: number): number {
  return byDay[day] ?? Number.NaN;
}

function isWeekend(day: number): boolean {
  return day % DAYS_PER_WEEK >= SATURDAY;
}

function isMonthEnd(day: number): boolean {
  return MONTH_END_DAYS.some(
    (before) => new Date((FIRST_DAY + day - before) * MS_PER_DAY).getUTCDate() === MONTH_START_DATE,
  );
}
