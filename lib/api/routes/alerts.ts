import * as z from 'zod/mini';
import { ALERT_KINDS, ALERT_SEVERITIES, type Alert } from '../../domain/alert/alert.ts';
import { compareAlerts, isClosed } from '../../domain/alert/compare-alerts.ts';
import { err, ok } from '../../domain/result.ts';
import { coverageOf } from '../coverage-of.ts';
import { accountParameter, cursorParameter, limitParameter, teamParameter, valuesParameter } from '../list-query.ts';
import { ALERT_ID } from '../resource-ids.ts';
import { route } from '../route.ts';
import { notFound } from '../shared-problems.ts';
import { toAlertDetailView } from '../to-alert-detail-view.ts';
import { toAlertView } from '../to-alert-view.ts';
import { visibleAlert } from '../visible.ts';

const AlertListQuery = z.strictObject({
  account: accountParameter,
  team: teamParameter,
  kind: valuesParameter(z.enum(ALERT_KINDS), `any of ${ALERT_KINDS.join(', ')}`),
  severity: valuesParameter(z.enum(ALERT_SEVERITIES), `any of ${ALERT_SEVERITIES.join(', ')}`),
  state: valuesParameter(z.enum(['open', 'acknowledged', 'snoozed']), 'any of open, acknowledged, snoozed'),
  limit: limitParameter,
  cursor: cursorParameter,
});
type AlertListQuery = z.output<typeof AlertListQuery>;

/** What the order of alerts looks at. */
const Position = z.object({ severity: z.enum(ALERT_SEVERITIES), openedAt: z.string(), alertId: z.string() });

export const listAlertsRoute = route({
  operationId: 'listAlerts',
  method: 'get',
  path: '/v1/alerts',
  tag: 'alerts',
  summary: 'Alerts that have not ended, the most urgent first',
  access: 'read',
  query: AlertListQuery,
  response: {
    status: 200,
    description: 'A page of alerts',
  },
  problems: ['invalid-cursor'],
  async handle({ query, caller }, ports) {
    const { limit, cursor, ...filter } = query;
    const scope = { operationId: 'listAlerts', filter, caller };
    const after = cursor === undefined ? ok(undefined) : await ports.cursors.open(scope, cursor, Position);
    if (!after.ok) {
      return after;
    }
    const [alerts, basis] = await Promise.all([ports.alerts.listAlerts(), ports.fleets.readBasis()]);
    const matching = alerts
      .map((alert) => visibleAlert(alert, caller.accountIds))
      .filter((alert) => alert !== undefined)
      .filter((alert) => isMatch(alert, query))
      .toSorted(compareAlerts);
    const place = after.value;
    // An open alert stands where these three say, whatever else is known of it.
    const rest =
      place === undefined ? matching : matching.filter((alert) => compareAlerts(alert, { ...alert, ...place }) > 0);
    const page = rest.slice(0, limit);
    const last = rest.length > limit ? page.at(-1) : undefined;
    return ok({
      coverage: coverageOf(basis?.scan, caller.accountIds),
      matchCount: matching.length,
      nextCursor:
        last === undefined
          ? null
          : await ports.cursors.seal(scope, {
              severity: last.severity,
              openedAt: last.openedAt,
              alertId: last.alertId,
            }),
      items: page.map(toAlertView),
    });
  },
});

function isMatch(alert: Alert, { account, team, kind, severity, state }: AlertListQuery): boolean {
  return (
    !isClosed(alert) &&
    (account === undefined || alert.where.accountIds.some((accountId) => account.includes(accountId))) &&
    (team === undefined || (alert.where.team !== undefined && team.includes(alert.where.team))) &&
    (kind === undefined || kind.includes(alert.kind)) &&
    (severity === undefined || severity.includes(alert.severity)) &&
    (state === undefined || state.some((one) => one === alert.state))
  );
}

export const getAlert = route({
  operationId: 'getAlert',
  method: 'get',
  path: '/v1/alerts/{alertId}',
  tag: 'alerts',
  summary: 'One alert, ended or not, with what became of it',
  access: 'read',
  params: z.strictObject({ alertId: ALERT_ID }),
  response: { status: 200, description: 'The alert' },
  problems: ['not-found'],
  async handle({ params: { alertId }, caller }, ports) {
    const stored = await ports.alerts.readAlert(alertId);
    const alert = stored === undefined ? undefined : visibleAlert(stored.alert, caller.accountIds);
    return alert === undefined
      ? err(notFound('alert', alertId))
      : ok(toAlertDetailView(alert, await ports.alerts.transitions(alertId)));
  },
});
