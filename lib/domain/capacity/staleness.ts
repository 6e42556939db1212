import type { Instant } from '../fact.ts';
import { instantMs } from '../instant.ts';
import { type Status, urgency } from './subnet-status.ts';

const MS_PER_HOUR = 3_600_000;

/**
 * How old a fact may be and still be believed: two of the scans that should have renewed it, and the time a run takes to get
 * round to everyone. Decisions of this project; `lib/collect/fact-table.ts` says how often each is asked for.
 */
export const STALE_AFTER_MS = {
  subnets: 2.5 * MS_PER_HOUR,
  'network-interfaces': 2.5 * MS_PER_HOUR,
  clusters: 15 * MS_PER_HOUR,
  reservations: 60 * MS_PER_HOUR,
} as const;

/** Facts whose age a status depends on. */
export type AgingFact = keyof typeof STALE_AFTER_MS;

/** Returns whether a fact is too old at `now` to be believed. A time that cannot be read is. */
export function isStale(fact: AgingFact, observedAt: Instant, now: Instant): boolean {
  const observedMs = instantMs(observedAt);
  const nowMs = instantMs(now);
  return observedMs === undefined || nowMs === undefined || nowMs - observedMs > STALE_AFTER_MS[fact];
}

/** Returns the status that stale numbers still prove: what was bad stands, what was well is no longer known to be. */
export function staleStatus(status: Status): Status {
  return urgency(status) < urgency('unknown') ? status : 'unknown';
}
