import type { Instant } from '../fact.ts';
import type { Alert } from './alert.ts';
import type { AlertTransition, AlertTransitionType } from './alert-transition.ts';
import { compareAlerts, isClosed } from './compare-alerts.ts';
import { type Silence, silenceOf } from './silence.ts';

/** A day as it stands, for those who read one channel. */
export interface DailyDigest {
  /** The day on which it is told, in the time zone of the settings: `2026-11-23`. */
  readonly day: string;
  /** Alerts that are open and not silenced, the most urgent first. */
  readonly open: readonly Alert[];
  /** What changed since the digest before, in the order of its time, each with the alert as it then was. */
  readonly changed: readonly { readonly alert: Alert; readonly type: AlertTransitionType; readonly at: Instant }[];
  readonly silenced: readonly { readonly alert: Alert; readonly silence: Silence }[];
  /** What could not be seen, as sentences without a full stop; may hold foreign names. */
  readonly notSeen: readonly string[];
  readonly coverage: DigestCoverage | undefined;
}

/** Accounts and regions that were to be scanned by the newest run that is over, and those that were. */
export interface DigestCoverage {
  readonly expectedTargets: number;
  readonly finishedTargets: number;
  readonly observedAt: Instant;
}

export interface DigestInput {
  readonly day: string;
  /** All that are listed, closed ones too. */
  readonly alerts: readonly Alert[];
  /** What happened to them since the digest before. */
  readonly transitions: readonly AlertTransition[];
  readonly silences: readonly Silence[];
  readonly notSeen: readonly string[];
  /** `undefined` before the first run is over. */
  readonly coverage: DigestCoverage | undefined;
  readonly now: Instant;
}

/** Returns the digest of some alerts. */
export function dailyDigest({ alerts, transitions, silences, now, ...rest }: DigestInput): DailyDigest {
  const current = alerts.filter((alert) => !isClosed(alert)).toSorted(compareAlerts);
  const silenced = current.flatMap((alert) => {
    const silence = silenceOf(alert, silences, now);
    return silence === undefined ? [] : [{ alert, silence }];
  });
  const quiet = new Set(silenced.map(({ alert }) => alert));
  return {
    ...rest,
    open: current.filter((alert) => !quiet.has(alert)),
    changed: transitions
      .toSorted((a, b) => (a.at === b.at ? a.sequence - b.sequence : a.at < b.at ? -1 : 1))
      .map(({ alert, type, at }) => ({ alert, type, at })),
    silenced,
  };
}
