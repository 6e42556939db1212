import type { DemandForecast } from '../../lib/domain/trend/backtest.ts';

/** What a screen did with the mornings of a fleet. */
export interface ScreenTally {
  mornings: number;
  drawn: number;
  /** Those on which the bootstrap alarms. */
  alarming: number;
  /** Those, and those of a subnet at risk. */
  needed: number;
  /** Needed, and not drawn. */
  missed: number;
}

export type ScreenShares = Readonly<Record<Exclude<keyof ScreenTally, 'mornings'>, number>>;

/** Likely within a week is critical, within a month a warning, within a quarter worth knowing: docs/adr/0011. */
const ALARM_DAYS = [7, 30, 90];
const ALARM_PROBABILITY = 0.5;
/** A subnet is looked at every 15 minutes where this is the chance that it runs out within 30 days. */
const RISK_DAYS = 30;
const RISK_PROBABILITY = 0.1;

/** Adds one morning: what the bootstrap says, and whether the screen asked for it. */
export function countMorning(tally: ScreenTally, made: DemandForecast, outcome: 'drawn' | 'passed-over'): void {
  const isDrawn = outcome === 'drawn';
  tally.mornings += 1;
  tally.drawn += isDrawn ? 1 : 0;
  tally.alarming += alarms(made) ? 1 : 0;
  tally.needed += isNeeded(made) ? 1 : 0;
  tally.missed += isNeeded(made) && !isDrawn ? 1 : 0;
}

/** Whether a forecast alarms, whatever is free now. */
function alarms({ probability }: DemandForecast): boolean {
  return ALARM_DAYS.some((days) => (probability.get(days) ?? 0) >= ALARM_PROBABILITY);
}

/** Whether a forecast alarms or puts its subnet at risk. */
function isNeeded(made: DemandForecast): boolean {
  return alarms(made) || (made.probability.get(RISK_DAYS) ?? 0) >= RISK_PROBABILITY;
}

export function shareOf({ mornings, drawn, alarming, needed, missed }: ScreenTally): ScreenShares {
  return {
    drawn: drawn / mornings,
    alarming: alarming / mornings,
    needed: needed / mornings,
    missed: missed / mornings,
  };
}
