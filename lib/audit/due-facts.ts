import type { Instant } from '../domain/fact.ts';
import type { FactName, Target } from '../domain/region-facts.ts';
import type { ActionCadence, Cadence } from './ports.ts';
import { type Slot, slotMs } from './slot.ts';
import { hashText } from './text-hash.ts';

const MS_PER_HOUR = 3_600_000;
const HOURS_PER_DAY = 24;

/** How many hours lie between two askings; each divides a day, so that the hours of a day are shared evenly. */
const PERIOD_HOURS: Readonly<Record<Exclude<Cadence, 'each-scan'>, number>> = {
  'six-hourly': 6,
  daily: HOURS_PER_DAY,
};

/**
 * Returns, by IAM action, when it was due last as of a slot. What is due at each scan is not named, and nothing is for what a
 * person requested: then everything is due. Targets and facts come up in different hours of the day. The actions of one fact
 * share their hour, so that a listing is read again whenever what it names is. Pure.
 */
export function dueFacts(slot: Slot, target: Target, cadences: readonly ActionCadence[]): ReadonlyMap<string, Instant> {
  const due = new Map<string, Instant>();
  if (slot.kind === 'request') {
    return due;
  }
  const slotHour = Math.floor(slotMs(slot) / MS_PER_HOUR);
  for (const { action, fact, cadence } of cadences) {
    if (cadence !== 'each-scan') {
      const hoursSince = (slotHour + HOURS_PER_DAY - dueHour(target, fact)) % PERIOD_HOURS[cadence];
      due.set(action, new Date((slotHour - hoursSince) * MS_PER_HOUR).toISOString());
    }
  }
  return due;
}

/** Returns an hour of the day, the same for a target and a fact at all times. */
function dueHour({ accountId, region }: Target, fact: FactName): number {
  return hashText(`${accountId}/${region}/${fact}`) % HOURS_PER_DAY;
}
