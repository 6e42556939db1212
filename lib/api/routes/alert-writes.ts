import * as z from 'zod/mini';
import { SNOOZE_DAYS_MAX, type SnoozeOutcome } from '../../audit/snooze-alert.ts';
import type { Alert } from '../../domain/alert/alert.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { AlertView } from '../alert-view.ts';
import type { WriteRoutePorts } from '../api-ports.ts';
import { type AlertDeed, changeAlert } from '../change-alert.ts';
import { etagOf, namesEtagInAnyEncoding } from '../etag.ts';
import type { Problem } from '../problem.ts';
import { ALERT_ID } from '../resource-ids.ts';
import { type RouteInput, route } from '../route.ts';
import { notFound } from '../shared-problems.ts';
import { toAlertDetailView } from '../to-alert-detail-view.ts';
import { toAlertView } from '../to-alert-view.ts';
import { visibleAlert } from '../visible.ts';

const AlertParams = z.strictObject({ alertId: ALERT_ID });

export const acknowledgeAlertRoute = route({
  operationId: 'acknowledgeAlert',
  method: 'post',
  path: '/v1/alerts/{alertId}/acknowledge',
  tag: 'alerts',
  summary: 'Say that somebody looks after an alert, until it gets worse',
  access: 'write',
  takesIfMatch: true,
  params: AlertParams,
  body: z.strictObject({}).check(z.describe('An empty object')),

  response: { status: 200, description: 'The alert as it is now' },
  problems: ['not-found', 'alert-closed', 'precondition-failed'],
  handle: (input, ports) => change(input, { type: 'acknowledge' }, ports),
});

const UNTIL_EXPECTED = `a moment within the next ${SNOOZE_DAYS_MAX} days, such as 2026-11-24T08:00:00Z`;

export const snoozeAlertRoute = route({
  operationId: 'snoozeAlert',
  method: 'post',
  path: '/v1/alerts/{alertId}/snooze',
  tag: 'alerts',
  summary: 'Say nothing of an alert until a moment, unless it gets worse',
  access: 'write',
  takesIfMatch: true,
  params: AlertParams,
  body: z.strictObject({
    until: z.iso.datetime({ offset: true, error: UNTIL_EXPECTED }).check(z.describe(UNTIL_EXPECTED)),
  }),

  response: { status: 200, description: 'The alert as it is now' },
  problems: ['not-found', 'alert-closed', 'precondition-failed'],
  handle: (input, ports) => change(input, { type: 'snooze', until: input.body.until }, ports),
});

type AlertInput = Pick<RouteInput<{ alertId: string }, unknown, unknown>, 'params' | 'caller' | 'header'>;

async function change(
  { params: { alertId }, caller, header }: AlertInput,
  deed: AlertDeed,
  ports: WriteRoutePorts,
): Promise<Result<AlertView, Problem>> {
  const isExpected = await expectation(alertId, header('if-match'), { caller }, ports);
  const result = await changeAlert(
    { alertId, deed, caller, ...(isExpected === undefined ? {} : { isExpected }) },
    ports,
  );
  return answerOf(alertId, deed, result, caller);
}

/** `If-Match` names the alert as `getAlert` answered it; it must still be what was compared when it is written. */
async function expectation(
  alertId: string,
  ifMatch: string | undefined,
  { caller }: Pick<AlertInput, 'caller'>,
  ports: WriteRoutePorts,
): Promise<((alert: Alert) => boolean) | undefined> {
  if (ifMatch === undefined) {
    return undefined;
  }
  const [stored, transitions] = [await ports.alerts.readAlert(alertId), await ports.alerts.transitions(alertId)];
  const seen = stored === undefined ? undefined : visibleAlert(stored.alert, caller.accountIds);
  if (stored === undefined || seen === undefined) {
    return undefined;
  }
  const etag = etagOf(JSON.stringify(toAlertDetailView(seen, transitions)));
  const { sequence, observedAt } = stored.alert;
  return namesEtagInAnyEncoding(ifMatch, etag)
    ? (alert) => alert.sequence === sequence && alert.observedAt === observedAt
    : () => false;
}

function answerOf(
  alertId: string,
  deed: AlertDeed,
  result: SnoozeOutcome,
  { accountIds }: AlertInput['caller'],
): Result<AlertView, Problem> {
  switch (result.outcome) {
    case 'answered':
    case 'already-so': {
      const alert = visibleAlert(result.alert, accountIds);
      return alert === undefined ? err(notFound('alert', alertId)) : ok(toAlertView(alert));
    }
    case 'not-found':
      return err(notFound('alert', alertId));
    case 'closed':
      return err({
        code: 'alert-closed',
        detail: `Cannot answer "${alertId}": it is ${result.alert.state} since ${result.alert.changedAt}, expected one that has not ended`,
      });
    case 'not-expected':
      return err({
        code: 'precondition-failed',
        detail: `Cannot answer "${alertId}": it is no longer what "If-Match" names; read it again`,
      });
    case 'until-refused': {
      const value = deed.type === 'snooze' ? deed.until : null;
      return err({
        code: 'invalid-body',
        detail: `Cannot snooze "${alertId}": current value ${JSON.stringify(value)}, expected ${UNTIL_EXPECTED}`,
        errors: [{ in: 'body', field: 'until', value, expected: UNTIL_EXPECTED, allowedValues: null }],
      });
    }
  }
}
