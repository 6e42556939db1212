import type { SubnetRoom } from '../capacity/binding-room.ts';
import type { VpcId } from '../capacity/vpc-state.ts';
import type { Instant } from '../fact.ts';
import type { Target } from '../region-facts.ts';
import type { Tags } from '../tags.ts';
import type { SeriesKind } from '../trend/daily.ts';
import type { ForecastCaveat } from '../trend/forecast.ts';

/** What can be wrong. Each is a file in `kinds/`. Permanent: these words are in keys and messages. */
export const ALERT_KINDS = ['exhaustion', 'no-free-prefix', 'scan-stale', 'residual-unexplained'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Worst first. */
export const ALERT_SEVERITIES = ['critical', 'warning', 'info'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

/**
 * - `open`: nobody has looked yet, or it got worse since.
 * - `acknowledged`: somebody looks after it.
 * - `snoozed`: not to be spoken of until a time.
 * - `resolved`: it has been well for long enough.
 * - `removed`: what it was about is gone, or another alert tells of it now.
 */
export type AlertState = 'open' | 'acknowledged' | 'snoozed' | 'resolved' | 'removed';

/** Where alerts lie and are judged together: a VPC, or an account for what concerns its scans. */
export type AlertHome =
  | { readonly kind: 'vpc'; readonly vpc: VpcId }
  | { readonly kind: 'account'; readonly accountId: string };

/** What an alert is about. */
export type AlertSubject =
  | { readonly kind: 'subnet'; readonly subnetId: string }
  /** Its subnets fail together. */
  | { readonly kind: 'cluster'; readonly clusterId: string; readonly clusterName: string }
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'target'; readonly target: Target };

export interface Alert {
  /** The same for the same kind, home and subject for ever. Of letters, digits and `-_.~`: safe in keys, paths and messages. */
  readonly alertId: string;
  readonly kind: AlertKind;
  readonly home: AlertHome;
  readonly subject: AlertSubject;
  readonly severity: AlertSeverity;
  /** Whether nothing is left: no address, or no block where nothing else will do. Always `critical`. */
  readonly isExhausted: boolean;
  readonly state: AlertState;
  /** The number of its last transition; 1 when it opens for the first time. */
  readonly sequence: number;
  readonly where: AlertWhere;
  readonly what: AlertFindings;
  /** When it opened; a resolved alert that comes back opens anew. */
  readonly openedAt: Instant;
  /** Whether it opened when its VPC or account was judged for the first time: told in a digest, not by itself. */
  readonly isFirstJudgement: boolean;
  /** When its last transition was. */
  readonly changedAt: Instant;
  /** The observation that `where` and `what` are of. */
  readonly observedAt: Instant;
  /** Since when it has been better than its severity; `undefined` while it is not. */
  readonly improvedSince: Instant | undefined;
  /** While it is acknowledged. */
  readonly acknowledged: AlertAcknowledgement | undefined;
  /** While it is snoozed. */
  readonly snoozed: AlertSnooze | undefined;
  /** The alert that tells of it now; only where it was removed for that. */
  readonly mergedInto: string | undefined;
}

export interface AlertAcknowledgement {
  /** Who, as whoever asked named itself. Hostile input. */
  readonly by: string;
  readonly at: Instant;
}

export interface AlertSnooze extends AlertAcknowledgement {
  readonly until: Instant;
}

/** Names and tags are hostile input, as all text from AWS. */
export interface AlertWhere {
  /** The owner of the VPC, or the account itself. */
  readonly accountId: string;
  /** `undefined` where the organisation named none. */
  readonly accountName: string | undefined;
  /** Every account concerned: the owner and those of the clusters. */
  readonly accountIds: readonly string[];
  /** `undefined` where more than one region is concerned. */
  readonly region: string | undefined;
  readonly vpcId: string | undefined;
  readonly vpcName: string | undefined;
  readonly zones: readonly AlertZone[];
  readonly clusters: readonly AlertCluster[];
  /** Those that fail. */
  readonly subnets: readonly AlertSubnet[];
  /** The team that answers for it; `undefined` where the settings name none or several do. */
  readonly team: string | undefined;
  /** Of its subnets and clusters, each pair once. */
  readonly tags: Tags;
}

export interface AlertZone {
  /** The zone's name in the account that saw it. */
  readonly availabilityZone: string;
  readonly availabilityZoneId: string | undefined;
}

export interface AlertCluster {
  readonly clusterId: string;
  readonly clusterName: string;
}

export interface AlertSubnet {
  readonly subnetId: string;
  /** The tag "Name". */
  readonly name: string | undefined;
  readonly cidrBlock: string | undefined;
}

export interface AlertFindings {
  /** At least one; the worst subnet's first. */
  readonly reasons: readonly AlertReason[];
  /** Of the subnet that runs out first; `undefined` where the kind does not rest on one. */
  readonly forecast: AlertForecast | undefined;
  /** What runs out and how much of it is left, of the same subnet, or of the worst; absent where it is not about that. */
  readonly room?: AlertRoom;
  /** What drives it, the strongest first; empty where that is not known. */
  readonly drivers: readonly AlertDriver[];
  /** What helps most; `undefined` where nothing known would. */
  readonly change: AlertChange | undefined;
  /** Text that is the same wherever the same thing causes it, so that alerts of several accounts can be told as one. */
  readonly cause: string | undefined;
}

export interface AlertReason {
  /** Kebab-case, permanent: a status reason's code or one of the kind's own. */
  readonly code: string;
  /** The subnet, account or target, as people look it up. */
  readonly resourceId: string;
  /** What was measured and what would be enough, in `unit`; `undefined` where it is no number. */
  readonly observed: number | undefined;
  readonly needed: number | undefined;
  readonly unit: AlertUnit | undefined;
  /** How bad this alone is. */
  readonly severity: AlertSeverity;
  /** Of a probability: by how many days from the observation. */
  readonly withinDays: number | undefined;
  /** The same as a sentence without a full stop. May hold hostile text. */
  readonly text: string;
}

/** `probability`: 0 to 1. */
export type AlertUnit = 'addresses' | 'blocks' | 'probability' | 'scans';

export interface AlertRoom extends SubnetRoom {
  readonly subnetId: string;
}

export interface AlertForecast {
  readonly subnetId: string;
  /** What it is of: the earlier of what is forecast, or what cannot be. */
  readonly series: SeriesKind;
  /** At so many free it has run out for what has to stay possible. */
  readonly floor: number;
  /**
   * UTC days, `2026-11-23`, by which 10, 50 and 90 % of what may happen has reached the floor; `undefined`: not by
   * `censoredAt`. All are where nothing can be said.
   */
  readonly p10: string | undefined;
  readonly p50: string | undefined;
  readonly p90: string | undefined;
  /** The last day that something is said of; `undefined` where nothing is. */
  readonly censoredAt: string | undefined;
  /** By days from now, rising. Days that cannot be told are left out. */
  readonly probability: readonly AlertProbability[];
  /** What the forecast does not know; says why there is none where all dates are absent. */
  readonly caveats: readonly ForecastCaveat[];
  /** What has no forecast and why, as a part of a sentence; absent where nothing lacks one. */
  readonly missingHistory?: string;
}

export interface AlertProbability {
  readonly days: number;
  /** 0 to 1. */
  readonly probability: number;
}

export interface AlertDriver {
  readonly kind: 'holder' | 'hidden' | 'error';
  readonly resourceId: string;
  /** A sentence without a full stop. May hold hostile text. */
  readonly text: string;
}

export interface AlertChange {
  readonly kind:
    | 'delete-leaked-network-interfaces'
    | 'replace-fragmented-nodes'
    | 'add-subnet'
    | 'restore-access'
    | 'look-for-hidden-holders';
  /** What to do as a sentence without a full stop. */
  readonly text: string;
}
