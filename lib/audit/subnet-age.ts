import type { Fleet } from './fleet.ts';

/** A few accounts that cannot be entered are alerts of theirs; where more than one subnet in ten is old, something of ours is wrong. */
const YOUNGER_SHARE = 0.9;
const MS_PER_SECOND = 1_000;

/**
 * Returns the seconds since nine in ten of the fleet's subnets were observed, at the most; `undefined` for a fleet without subnets,
 * which has no age.
 */
export function subnetAgeSeconds({ subnets }: Fleet, nowMs: number): number | undefined {
  const newestFirst = Float64Array.from(subnets.observedMs).sort().reverse();
  const observedMs = newestFirst[Math.ceil(newestFirst.length * YOUNGER_SHARE) - 1];
  return observedMs === undefined ? undefined : Math.max(0, Math.round((nowMs - observedMs) / MS_PER_SECOND));
}
