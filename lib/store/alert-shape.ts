import type {
  Alert,
  AlertAcknowledgement,
  AlertChange,
  AlertCluster,
  AlertDriver,
  AlertFindings,
  AlertForecast,
  AlertHome,
  AlertKind,
  AlertProbability,
  AlertReason,
  AlertRoom,
  AlertSeverity,
  AlertSnooze,
  AlertState,
  AlertSubject,
  AlertSubnet,
  AlertUnit,
  AlertWhere,
  AlertZone,
} from '../domain/alert/alert.ts';
import type { AlertStanding, AlertTransition, AlertTransitionType } from '../domain/alert/alert-transition.ts';
import type { Silence, SilenceMatch } from '../domain/alert/silence.ts';
import { targetShape, vpcIdShape } from './audit-shape.ts';
import { columnsDocument } from './columns-document.ts';
import { forecastCaveat, seriesKind } from './forecast-shape.ts';
import {
  either,
  flag,
  list,
  mapOf,
  numeric,
  oneOf,
  optional,
  pair,
  record,
  type Shape,
  sparseRecord,
  text,
} from './shape.ts';

/**
 * What alerts look like, version 1. A change of these types is a compile error here: it needs a new schema version of the
 * documents below.
 */

const optionalText = optional(text);
const optionalNumber = optional(numeric);

const kind = oneOf<AlertKind>({
  exhaustion: true,
  'no-free-prefix': true,
  'scan-stale': true,
  'residual-unexplained': true,
});
const severity = oneOf<AlertSeverity>({ critical: true, warning: true, info: true });
const state = oneOf<AlertState>({ open: true, acknowledged: true, snoozed: true, resolved: true, removed: true });

const home: Shape<AlertHome> = either(
  record<Extract<AlertHome, { kind: 'vpc' }>>({ kind: oneOf({ vpc: true }), vpc: vpcIdShape }),
  record<Extract<AlertHome, { kind: 'account' }>>({ kind: oneOf({ account: true }), accountId: text }),
);

const subject: Shape<AlertSubject> = either(
  either(
    record<Extract<AlertSubject, { kind: 'subnet' }>>({ kind: oneOf({ subnet: true }), subnetId: text }),
    record<Extract<AlertSubject, { kind: 'cluster' }>>({
      kind: oneOf({ cluster: true }),
      clusterId: text,
      clusterName: text,
    }),
  ),
  either(
    record<Extract<AlertSubject, { kind: 'account' }>>({ kind: oneOf({ account: true }), accountId: text }),
    record<Extract<AlertSubject, { kind: 'target' }>>({ kind: oneOf({ target: true }), target: targetShape }),
  ),
);

const tag = pair(text, text);

const where = record<AlertWhere>({
  accountId: text,
  accountName: optionalText,
  accountIds: list(text),
  region: optionalText,
  vpcId: optionalText,
  vpcName: optionalText,
  zones: list(record<AlertZone>({ availabilityZone: text, availabilityZoneId: optionalText })),
  clusters: list(record<AlertCluster>({ clusterId: text, clusterName: text })),
  subnets: list(record<AlertSubnet>({ subnetId: text, name: optionalText, cidrBlock: optionalText })),
  team: optionalText,
  tags: list(tag),
});

const what = sparseRecord<AlertFindings>(
  {
    reasons: list(
      record<AlertReason>({
        code: text,
        resourceId: text,
        observed: optionalNumber,
        needed: optionalNumber,
        unit: optional(oneOf<AlertUnit>({ addresses: true, blocks: true, probability: true, scans: true })),
        severity,
        withinDays: optionalNumber,
        text,
      }),
    ),
    forecast: optional(
      sparseRecord<AlertForecast>(
        {
          subnetId: text,
          series: seriesKind,
          floor: numeric,
          p10: optionalText,
          p50: optionalText,
          p90: optionalText,
          censoredAt: optionalText,
          probability: list(record<AlertProbability>({ days: numeric, probability: numeric })),
          caveats: list(forecastCaveat),
        },
        { missingHistory: text },
      ),
    ),
    drivers: list(
      record<AlertDriver>({
        kind: oneOf<AlertDriver['kind']>({ holder: true, hidden: true, error: true }),
        resourceId: text,
        text,
      }),
    ),
    change: optional(
      record<AlertChange>({
        kind: oneOf<AlertChange['kind']>({
          'delete-leaked-network-interfaces': true,
          'replace-fragmented-nodes': true,
          'add-subnet': true,
          'restore-access': true,
          'look-for-hidden-holders': true,
        }),
        text,
      }),
    ),
    cause: optionalText,
  },
  {
    room: record<AlertRoom>({
      subnetId: text,
      series: seriesKind,
      freeCount: numeric,
      capacityCount: numeric,
      countedFrom: oneOf<AlertRoom['countedFrom']>({ 'network-interfaces': true, 'available-ip-address-count': true }),
      observedAt: text,
    }),
  },
);

const alert = record<Alert>({
  alertId: text,
  kind,
  home,
  subject,
  severity,
  isExhausted: flag,
  state,
  sequence: numeric,
  where,
  what,
  openedAt: text,
  isFirstJudgement: flag,
  changedAt: text,
  observedAt: text,
  improvedSince: optionalText,
  acknowledged: optional(record<AlertAcknowledgement>({ by: text, at: text })),
  snoozed: optional(record<AlertSnooze>({ by: text, at: text, until: text })),
  mergedInto: optionalText,
});

const standing = record<AlertStanding>({ severity, state });

const transition = record<AlertTransition>({
  alertId: text,
  sequence: numeric,
  type: oneOf<AlertTransitionType>({
    opened: true,
    changed: true,
    acknowledged: true,
    snoozed: true,
    unsnoozed: true,
    resolved: true,
    removed: true,
  }),
  at: text,
  before: optional(standing),
  after: standing,
  alert,
});

/** An alert as it is kept: it is its own outbox. */
export interface AlertRecord {
  readonly alert: Alert;
  readonly confirmed: ReadonlyMap<string, number>;
  /** The last transitions, without a gap; those before them are items of their own. */
  readonly outbox: readonly AlertTransition[];
}

export const ALERT_DOCUMENT = columnsDocument(
  'alert',
  1,
  record<AlertRecord>({ alert, confirmed: mapOf(numeric), outbox: list(transition) }),
);

export const TRANSITION_DOCUMENT = columnsDocument('alert-transition', 1, transition);

const match: Shape<SilenceMatch> = either(
  either(
    record<Extract<SilenceMatch, { by: 'account' }>>({ by: oneOf({ account: true }), accountId: text }),
    record<Extract<SilenceMatch, { by: 'cluster' }>>({ by: oneOf({ cluster: true }), clusterId: text }),
  ),
  either(
    record<Extract<SilenceMatch, { by: 'team' }>>({ by: oneOf({ team: true }), team: text }),
    record<Extract<SilenceMatch, { by: 'tag' }>>({ by: oneOf({ tag: true }), tag }),
  ),
);

export const SILENCE_DOCUMENT = columnsDocument(
  'silence',
  1,
  record<Silence>({ silenceId: text, match, from: text, until: text, author: text, reason: text }),
);
