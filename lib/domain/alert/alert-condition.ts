import type { SubnetState } from '../capacity/region-state.ts';
import type {
  Alert,
  AlertFindings,
  AlertHome,
  AlertKind,
  AlertReason,
  AlertSeverity,
  AlertSubject,
  AlertWhere,
} from './alert.ts';

/** How bad something is, worst first. `exhausted` is told as `critical`. */
export const ALERT_LEVELS = ['exhausted', 'critical', 'warning', 'info'] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

/** What a kind says of one subject. */
export interface AlertFinding {
  /** What opens an alert or makes it worse; `undefined` where it is well. */
  readonly level: AlertLevel | undefined;
  /** The least that an alert which is there already keeps: the same rules with a margin. Never better than `level`. */
  readonly heldLevel: AlertLevel | undefined;
  /** `false` where what it rests on was not seen: then nothing gets better. */
  readonly isSeen: boolean;
  readonly what: AlertFindings;
}

/** A finding and what it is of: what an alert is compared with. */
export interface AlertCondition extends AlertFinding {
  readonly kind: AlertKind;
  readonly home: AlertHome;
  readonly subject: AlertSubject;
  readonly where: AlertWhere;
  /** Alerts of single subnets that are part of this one. */
  readonly absorbedAlertIds: readonly string[];
}

/** What a kind may look at besides a subnet. */
export interface AlertContext {
  /** By subnet id, what EC2's count lay above the address map's at the scan before; absent where that is not known. */
  readonly earlierResiduals: ReadonlyMap<string, number>;
}

/** One kind of alert about subnets. A file of `kinds/`. */
export interface SubnetAlertKind {
  readonly kind: AlertKind;
  /** It gets better only where it has been for so long. */
  readonly clearAfterMs: number;
  /** Judges a subnet. `reasons` are those of its alert, where one is there: what is worse than they asked for keeps it. */
  readonly judge: (subnet: SubnetState, reasons: readonly AlertReason[], context: AlertContext) => AlertFinding;
}

/** Returns the worst of some levels, `undefined` of none. */
export function worstLevel(levels: readonly (AlertLevel | undefined)[]): AlertLevel | undefined {
  return ALERT_LEVELS.find((level) => levels.includes(level));
}

/** Returns whether one level is worse than another; anything is worse than none. */
export function isWorse(a: AlertLevel | undefined, b: AlertLevel | undefined): boolean {
  return rankOf(a) < rankOf(b);
}

export function severityOf(level: AlertLevel): AlertSeverity {
  return level === 'exhausted' ? 'critical' : level;
}

export function levelOf({ severity, isExhausted }: Pick<Alert, 'severity' | 'isExhausted'>): AlertLevel {
  return isExhausted ? 'exhausted' : severity;
}

function rankOf(level: AlertLevel | undefined): number {
  return level === undefined ? ALERT_LEVELS.length : ALERT_LEVELS.indexOf(level);
}
