import type { PublishedTransition } from '../../audit/publish-transitions.ts';
import type {
  Alert,
  AlertForecast,
  AlertReason,
  AlertRoom,
  AlertSubject,
  AlertWhere,
} from '../../domain/alert/alert.ts';
import type { AlertTransition } from '../../domain/alert/alert-transition.ts';
import { cutText } from '../../domain/text/cut-text.ts';
import { visibleText } from '../../domain/text/visible-text.ts';

/** The version of the detail below: raised where something that a reader may rely on is changed or taken away. */
export const TRANSITION_SCHEMA_VERSION = 1;

/** A transition as events tell it: the contract is `events/alert-transition.ts`. What is not known is `null`. */
export interface TransitionDetail {
  readonly schemaVersion: typeof TRANSITION_SCHEMA_VERSION;
  readonly alertId: string;
  readonly sequence: number;
  readonly type: AlertTransition['type'];
  readonly at: string;
  readonly before: AlertTransition['after'] | null;
  readonly after: AlertTransition['after'];
  readonly isSilenced: boolean;
  readonly url: string | null;
  readonly isComplete: boolean;
  readonly alert: AlertDetail;
}

interface AlertDetail extends Pick<Alert, 'kind' | 'severity' | 'isExhausted' | 'state' | 'openedAt' | 'observedAt'> {
  readonly isFirstJudgement: boolean;
  readonly subject: { readonly kind: AlertSubject['kind']; readonly id: string };
  readonly accountId: string;
  readonly accountName: string | null;
  readonly accountIds: readonly string[];
  readonly region: string | null;
  readonly vpcId: string | null;
  readonly vpcName: string | null;
  readonly availabilityZones: readonly { readonly name: string; readonly id: string | null }[];
  readonly clusters: readonly { readonly clusterId: string; readonly clusterName: string }[];
  readonly subnets: readonly {
    readonly subnetId: string;
    readonly name: string | null;
    readonly cidrBlock: string | null;
  }[];
  readonly team: string | null;
  readonly tags: Readonly<Record<string, readonly string[]>>;
  readonly reasons: readonly ReasonDetail[];
  readonly forecast: ForecastDetail | null;
  readonly room: AlertRoom | null;
  readonly drivers: readonly { readonly kind: string; readonly resourceId: string; readonly text: string }[];
  readonly change: { readonly kind: string; readonly text: string } | null;
  readonly cause: string | null;
  readonly acknowledged: { readonly by: string; readonly at: string } | null;
  readonly snoozed: { readonly by: string; readonly at: string; readonly until: string } | null;
  readonly mergedInto: string | null;
}

interface ReasonDetail extends Pick<AlertReason, 'code' | 'resourceId' | 'severity' | 'text'> {
  readonly observed: number | null;
  readonly needed: number | null;
  readonly unit: NonNullable<AlertReason['unit']> | null;
  readonly withinDays: number | null;
}

interface ForecastDetail extends Pick<AlertForecast, 'subnetId' | 'series' | 'floor' | 'probability'> {
  readonly p10: string | null;
  readonly p50: string | null;
  readonly p90: string | null;
  readonly censoredAt: string | null;
  readonly caveats: readonly string[];
  readonly missingHistory: string | null;
}

/** Of names and ids: the longest that AWS has is the value of a tag. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const NAME_LENGTH_MAX = 256;
/** Of a sentence with names in it. Decided here. */
const SENTENCE_LENGTH_MAX = 1_000;

/** Returns what an event says of a transition, with at most `listedMax` items of each list. */
export function transitionDetail(
  { transition, isSilenced }: PublishedTransition,
  { alertUrl, listedMax }: { readonly alertUrl: (alertId: string) => string | undefined; readonly listedMax: number },
): TransitionDetail {
  const { alertId, sequence, type, at, before, after, alert } = transition;
  return {
    schemaVersion: TRANSITION_SCHEMA_VERSION,
    alertId,
    sequence,
    type,
    at,
    before: before ?? null,
    after,
    isSilenced,
    url: alertUrl(alertId) ?? null,
    isComplete: longestList(alert) <= listedMax,
    alert: alertDetail(alert, listedMax),
  };
}

function longestList({ where, what }: Alert): number {
  const { accountIds, zones, clusters, subnets, tags } = where;
  return Math.max(
    ...[accountIds, zones, clusters, subnets, tags, what.reasons, what.drivers].map(({ length }) => length),
  );
}

function alertDetail(alert: Alert, listedMax: number): AlertDetail {
  const { kind, severity, isExhausted, state, openedAt, observedAt, isFirstJudgement, what } = alert;
  const { acknowledged, snoozed } = alert;
  return {
    kind,
    severity,
    isExhausted,
    state,
    openedAt,
    observedAt,
    isFirstJudgement,
    subject: subjectDetail(alert.subject),
    ...whereDetail(alert.where, listedMax),
    reasons: what.reasons.slice(0, listedMax).map(reasonDetail),
    forecast: what.forecast === undefined ? null : forecastDetail(what.forecast),
    room: what.room === undefined ? null : roomDetail(what.room),
    drivers: what.drivers.slice(0, listedMax).map((driver) => ({
      kind: driver.kind,
      resourceId: name(driver.resourceId),
      text: sentence(driver.text),
    })),
    change: what.change === undefined ? null : { kind: what.change.kind, text: sentence(what.change.text) },
    cause: what.cause === undefined ? null : sentence(what.cause),
    acknowledged: acknowledged === undefined ? null : { by: name(acknowledged.by), at: acknowledged.at },
    snoozed: snoozed === undefined ? null : { by: name(snoozed.by), at: snoozed.at, until: snoozed.until },
    mergedInto: alert.mergedInto ?? null,
  };
}

function subjectDetail(subject: AlertSubject): AlertDetail['subject'] {
  const { kind } = subject;
  switch (subject.kind) {
    case 'subnet':
      return { kind, id: name(subject.subnetId) };
    case 'cluster':
      return { kind, id: name(subject.clusterId) };
    case 'account':
      return { kind, id: subject.accountId };
    case 'target':
      return { kind, id: `${subject.target.accountId}:${subject.target.region}` };
  }
}

type WhereDetail = Pick<
  AlertDetail,
  | 'accountId'
  | 'accountName'
  | 'accountIds'
  | 'region'
  | 'vpcId'
  | 'vpcName'
  | 'availabilityZones'
  | 'clusters'
  | 'subnets'
  | 'team'
  | 'tags'
>;

function whereDetail(where: AlertWhere, listedMax: number): WhereDetail {
  const { zones, clusters, subnets, tags } = where;
  return {
    accountId: where.accountId,
    accountName: nameOrNull(where.accountName),
    accountIds: where.accountIds.slice(0, listedMax),
    region: where.region ?? null,
    vpcId: nameOrNull(where.vpcId),
    vpcName: nameOrNull(where.vpcName),
    availabilityZones: zones.slice(0, listedMax).map(({ availabilityZone, availabilityZoneId }) => ({
      name: name(availabilityZone),
      id: nameOrNull(availabilityZoneId),
    })),
    clusters: clusters
      .slice(0, listedMax)
      .map(({ clusterId, clusterName }) => ({ clusterId: name(clusterId), clusterName: name(clusterName) })),
    subnets: subnets.slice(0, listedMax).map((subnet) => ({
      subnetId: name(subnet.subnetId),
      name: nameOrNull(subnet.name),
      cidrBlock: nameOrNull(subnet.cidrBlock),
    })),
    team: nameOrNull(where.team),
    tags: valuesByKey(tags.slice(0, listedMax)),
  };
}

/** In the form that a rule of the bus can match: `{"tags": {"env": ["prod"]}}`. */
function valuesByKey(tags: AlertWhere['tags']): Readonly<Record<string, readonly string[]>> {
  const byKey = new Map<string, string[]>();
  for (const [key, value] of tags) {
    const shown = name(key);
    byKey.set(shown, [...(byKey.get(shown) ?? []), name(value)]);
  }
  return Object.fromEntries(byKey);
}

function reasonDetail(reason: AlertReason): ReasonDetail {
  return {
    code: reason.code,
    resourceId: name(reason.resourceId),
    observed: reason.observed ?? null,
    needed: reason.needed ?? null,
    unit: reason.unit ?? null,
    severity: reason.severity,
    withinDays: reason.withinDays ?? null,
    text: sentence(reason.text),
  };
}

function forecastDetail(forecast: AlertForecast): ForecastDetail {
  return {
    subnetId: name(forecast.subnetId),
    series: forecast.series,
    floor: forecast.floor,
    p10: forecast.p10 ?? null,
    p50: forecast.p50 ?? null,
    p90: forecast.p90 ?? null,
    censoredAt: forecast.censoredAt ?? null,
    probability: forecast.probability,
    caveats: forecast.caveats,
    missingHistory: forecast.missingHistory ?? null,
  };
}

function roomDetail({ subnetId, series, freeCount, capacityCount, countedFrom, observedAt }: AlertRoom): AlertRoom {
  return { subnetId: name(subnetId), series, freeCount, capacityCount, countedFrom, observedAt };
}

/** Foreign text, with unseen characters written out. */
function name(text: string): string {
  return cutText(visibleText(text), NAME_LENGTH_MAX);
}

function nameOrNull(text: string | undefined): string | null {
  return text === undefined ? null : name(text);
}

function sentence(text: string): string {
  return cutText(visibleText(text), SENTENCE_LENGTH_MAX);
}
