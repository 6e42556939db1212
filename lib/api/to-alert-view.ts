import type { Alert, AlertForecast, AlertReason, AlertSubject } from '../domain/alert/alert.ts';
import type { AlertView } from './alert-view.ts';
import { toSubnetRoomView } from './to-subnet-room-view.ts';

/** Turns an alert into its view. */
export function toAlertView(alert: Alert): AlertView {
  const { where, what } = alert;
  return {
    alertId: alert.alertId,
    kind: alert.kind,
    severity: alert.severity,
    isExhausted: alert.isExhausted,
    state: alert.state,
    subject: { kind: alert.subject.kind, id: subjectId(alert.subject) },
    accountId: where.accountId,
    accountName: where.accountName ?? null,
    region: where.region ?? null,
    vpcId: where.vpcId ?? null,
    availabilityZones: where.zones.map(({ availabilityZone }) => availabilityZone),
    clusters: where.clusters.map(({ clusterId, clusterName }) => ({ clusterId, clusterName })),
    subnets: where.subnets.map(({ subnetId, name }) => ({ subnetId, name: name ?? null })),
    team: where.team ?? null,
    reasons: what.reasons.map(toReasonView),
    forecast: what.forecast === undefined ? null : toForecastView(what.forecast),
    room: what.room === undefined ? null : { subnetId: what.room.subnetId, ...toSubnetRoomView(what.room) },
    drivers: what.drivers.map(({ text }) => text),
    change: what.change === undefined ? null : { kind: what.change.kind, text: what.change.text },
    openedAt: alert.openedAt,
    changedAt: alert.changedAt,
    observedAt: alert.observedAt,
    acknowledgedBy: alert.acknowledged?.by ?? null,
    snoozedUntil: alert.snoozed?.until ?? null,
  };
}

function subjectId(subject: AlertSubject): string {
  switch (subject.kind) {
    case 'subnet':
      return subject.subnetId;
    case 'cluster':
      return subject.clusterId;
    case 'account':
      return subject.accountId;
    case 'target':
      return `${subject.target.accountId}:${subject.target.region}`;
  }
}

function toReasonView({ code, resourceId, severity, text, ...reason }: AlertReason): AlertView['reasons'][number] {
  return {
    code,
    resourceId,
    observed: reason.observed ?? null,
    needed: reason.needed ?? null,
    unit: reason.unit ?? null,
    severity,
    withinDays: reason.withinDays ?? null,
    text,
  };
}

function toForecastView({ subnetId, series, p10, p50, p90, missingHistory }: AlertForecast): AlertView['forecast'] {
  const dates = { p10: p10 ?? null, p50: p50 ?? null, p90: p90 ?? null };
  return { subnetId, series, ...dates, missingHistory: missingHistory ?? null };
}
