import type { Random } from '../../../lib/local/simulated-aws/build/random.ts';
import { oneOf, within } from './draw.ts';
import { DAYS, type Growth, LEVEL_MAX } from './regimes.ts';

/** The level of each day's weekly peak as a share of all addresses, and the day on which what changes it began. */
export interface Levels {
  readonly byDay: readonly number[];
  /** `undefined` where the whole run is one and the same growth: what crosses then began before the first day. */
  readonly causeDay: number | undefined;
}

/** Draws how a level goes from day to day. */
export function drawLevels(random: Random, growth: Growth, start: number): Levels {
  switch (growth.kind) {
    case 'steady':
      return levels(() => start);
    case 'shrinking': {
      const lost = within(random, growth.lostShare);
      return levels((day) => start * (1 - (lost * day) / DAYS));
    }
    case 'straight': {
      const crossing = within(random, growth.crossingDay);
      return levels((day) => start + ((1 - start) * day) / crossing);
    }
    case 'power': {
      const crossing = within(random, growth.crossingDay);
      const { power } = growth;
      return levels((day) => {
        const share = day / crossing;
        return start + (1 - start) * share * share * (power === 3 ? share : 1);
      });
    }
    case 'logistic':
      return logistic(start, within(random, growth.level), within(random, growth.rate));
    case 'step':
      return step(random, growth, start);
    case 'migration':
      return migration(random, growth, start);
  }
}

function levels(levelOf: (day: number) => number, causeDay?: number): Levels {
  const byDay = Array.from({ length: DAYS }, (_, day) => Math.min(LEVEL_MAX, Math.max(0, levelOf(day))));
  return { byDay, causeDay };
}

/** The logistic curve day by day, by its own rule of growth: no exponential whose last digit depends on the engine. */
function logistic(start: number, end: number, rate: number): Levels {
  const byDay = [start];
  for (let level = start; byDay.length < DAYS; ) {
    level += rate * level * (1 - level / end);
    byDay.push(level);
  }
  return levels((day) => byDay[day] ?? end);
}

function step(random: Random, growth: Extract<Growth, { kind: 'step' }>, start: number): Levels {
  const stepDay = Math.floor(within(random, growth.stepDay));
  const ramp = within(random, growth.rampDays);
  const level = within(random, growth.level);
  const after = growth.daysToCrossing === undefined ? undefined : within(random, growth.daysToCrossing);
  return levels((day) => {
    const since = day - stepDay;
    if (since < 0) {
      return start;
    }
    if (since < ramp) {
      return start + ((level - start) * (since + 1)) / (ramp + 1);
    }
    return after === undefined ? level : level + ((1 - level) * (since - ramp)) / after;
  }, stepDay);
}

function migration(random: Random, growth: Extract<Growth, { kind: 'migration' }>, start: number): Levels {
  const crossing = within(random, growth.crossingDay);
  const moveDay = Math.floor(within(random, growth.moveDay));
  const moved = within(random, growth.movedShare);
  // What is left grows on as before, or twice as fast: the room is there again.
  const slope = ((1 - start) / crossing) * oneOf(random, [1, 2]);
  const levelAtMove = start + ((1 - start) * moveDay) / crossing;
  return levels((day) =>
    day < moveDay ? start + ((1 - start) * day) / crossing : levelAtMove * (1 - moved) + slope * (day - moveDay),
  );
}
