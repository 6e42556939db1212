import type { AlertReason } from './alert.ts';
import { type AlertLevel, worstLevel } from './alert-condition.ts';

/** So much more than was needed has to be there before a reason no longer holds: decisions of this project. */
const MARGIN_RATIO = 0.2;
const MARGIN_LEAST = 1;
/** A reason that rests on a probability holds down to this share of it. */
const PROBABILITY_HELD_RATIO = 0.5;

/** Returns what is there of a reason's unit now, or `undefined` where that cannot be told. */
export type Measure = (reason: AlertReason) => number | undefined;

export interface HeldLevel {
  readonly level: AlertLevel | undefined;
  /** Whether all of it could be told. */
  readonly isSeen: boolean;
}

/** Returns the level that an alert's own reasons still give, with a margin, so that it does not come and go at an edge. */
export function heldLevel(reasons: readonly AlertReason[], measure: Measure): HeldLevel {
  const judged = reasons.map((reason) => ({ reason, isHeld: isHeld(reason, measure(reason)) }));
  return {
    level: worstLevel(judged.flatMap(({ reason, isHeld: held }) => (held === true ? [levelOfReason(reason)] : []))),
    isSeen: judged.every(({ isHeld: held }) => held !== undefined),
  };
}

/** Returns how bad a reason alone is. */
export function levelOfReason({ code, severity }: Pick<AlertReason, 'code' | 'severity'>): AlertLevel {
  return severity === 'critical' && EXHAUSTED_CODES.has(code) ? 'exhausted' : severity;
}

const EXHAUSTED_CODES: ReadonlySet<string> = new Set(['no-free-address', 'no-free-prefix']);

function isHeld({ needed, unit }: AlertReason, now: number | undefined): boolean | undefined {
  if (needed === undefined || now === undefined) {
    return undefined;
  }
  return unit === 'probability'
    ? now >= needed * PROBABILITY_HELD_RATIO
    : now < Math.max(needed + MARGIN_LEAST, needed * (1 + MARGIN_RATIO));
}
