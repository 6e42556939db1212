import type { Instant } from '../domain/fact.ts';
import type { Target } from '../domain/region-facts.ts';
import { type ScheduledSlot, SLOT_INTERVAL_MS, slotMs } from './slot.ts';
import { targetText } from './target-text.ts';
import { HASHES, hashText } from './text-hash.ts';

const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const HOURS_PER_DAY = 24;

/** Over how long an hourly scan is spread: as long as a queue can hold a message back (docs/adr/0010). */
export const SPREAD_MS_DEFAULT = 15 * MS_PER_MINUTE;

/**
 * No message waits longer in a queue: `DelaySeconds` is 900 at most. The spread itself is cut to it, not the delays, which
 * would send what lies beyond in one burst.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export const DELAY_MS_MOST = 15 * MS_PER_MINUTE;

/**
 * Returns over how many milliseconds the messages of a slot are spread: `spreadMs` for a scan and the same share of its
 * interval for a pulse, never more than a queue can delay or than is left of the slot, after which nothing is acted on.
 */
export function spreadOf(slot: ScheduledSlot, spreadMs: number, now: Instant): number {
  const intervalMs = SLOT_INTERVAL_MS[slot.kind];
  const leftMs = slotMs(slot) + intervalMs - slotMs({ at: now });
  return Math.max(0, Math.min((spreadMs * intervalMs) / SLOT_INTERVAL_MS.scan, DELAY_MS_MOST, leftMs));
}

/** Returns after how many whole milliseconds of a spread a target has its turn: the same in each slot. */
export function delayOf(target: Target, spreadMs: number): number {
  return Math.floor((targetHash(target) / HASHES) * spreadMs);
}

/**
 * Returns whether something of an account that is asked once a day is due: each account has an hour of its own, and what was
 * missed then is due in every later slot. What was never observed is due.
 */
export function isDailyDue(accountId: string, observedAt: Instant | undefined, slot: ScheduledSlot): boolean {
  if (observedAt === undefined) {
    return true;
  }
  const hourMs = (hashText(accountId) % HOURS_PER_DAY) * MS_PER_HOUR;
  const lastTurnMs = Math.floor((slotMs(slot) - hourMs) / MS_PER_DAY) * MS_PER_DAY + hourMs;
  return slotMs({ at: observedAt }) < lastTurnMs;
}

/** Returns whether it is a target's day among `days`: one in each run of so many UTC days. */
export function isDayOfTarget(target: Target, days: number, slot: ScheduledSlot): boolean {
  return Math.floor(slotMs(slot) / MS_PER_DAY) % days === targetHash(target) % days;
}

function targetHash(target: Target): number {
  return hashText(targetText(target));
}
