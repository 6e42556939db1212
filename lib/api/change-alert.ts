import { acknowledgeAlert } from '../audit/acknowledge-alert.ts';
import type { AnswerOutcome } from '../audit/answer-alert.ts';
import type { AuditedAction, AuditValues } from '../audit/audit-trail-ports.ts';
import { recordChange } from '../audit/record-change.ts';
import { type SnoozeOutcome, snoozeAlert } from '../audit/snooze-alert.ts';
import type { Alert } from '../domain/alert/alert.ts';
import type { Instant } from '../domain/fact.ts';
import type { WriteRoutePorts } from './api-ports.ts';
import type { Caller } from './caller.ts';
import { visibleAlert } from './visible.ts';

/** What somebody does with an alert, by the API or from Slack. */
export type AlertDeed = { readonly type: 'acknowledge' } | { readonly type: 'snooze'; readonly until: Instant };

export interface ChangeAlert {
  readonly alertId: string;
  readonly deed: AlertDeed;
  readonly caller: Caller;
  /** Whether an alert is what the caller has read; absent where any will do. */
  readonly isExpected?: (alert: Alert) => boolean;
}

const ACTIONS: Readonly<Record<AlertDeed['type'], AuditedAction>> = {
  acknowledge: 'alert-acknowledged',
  snooze: 'alert-snoozed',
};

/** Does with an alert what a caller wants, if it may see it, and keeps in the audit trail that it did. */
export async function changeAlert(
  { alertId, deed, caller, isExpected }: ChangeAlert,
  ports: Pick<WriteRoutePorts, 'alerts' | 'subscribers' | 'hint' | 'auditTrail' | 'newId' | 'now'>,
): Promise<SnoozeOutcome> {
  const now = (): Instant => new Date(ports.now()).toISOString();
  const stored = await ports.alerts.readAlert(alertId);
  if (stored === undefined || visibleAlert(stored.alert, caller.accountIds) === undefined) {
    return { outcome: 'not-found' };
  }
  const { accountIds } = stored.alert.where;
  const question = { alertId, by: caller.name, ...(isExpected === undefined ? {} : { isExpected }) };
  const answerPorts = { alerts: ports.alerts, subscribers: ports.subscribers, hint: ports.hint, now };
  return recordChange(
    { by: caller.name, action: ACTIONS[deed.type], resourceId: alertId, accountIds },
    async () => {
      const result =
        deed.type === 'acknowledge'
          ? await acknowledgeAlert(question, answerPorts)
          : await snoozeAlert({ ...question, until: deed.until }, answerPorts);
      return { result, ...whatChanged(result) };
    },
    { auditTrail: ports.auditTrail, newId: ports.newId, now },
  );
}

function whatChanged(result: AnswerOutcome | SnoozeOutcome) {
  switch (result.outcome) {
    case 'answered':
      return { isDone: true, before: valuesOf(result.before), after: valuesOf(result.alert) };
    case 'already-so':
    case 'closed':
    case 'not-expected':
      return { isDone: false, before: valuesOf(result.alert), after: valuesOf(result.alert) };
    case 'not-found':
    case 'until-refused':
      return { isDone: false, before: undefined, after: undefined };
  }
}

function valuesOf({ state, severity, acknowledged, snoozed }: Alert): AuditValues {
  return new Map([
    ['state', state],
    ['severity', severity],
    ...(acknowledged === undefined ? [] : [['acknowledgedBy', acknowledged.by] as const]),
    ...(snoozed === undefined
      ? []
      : ([
          ['snoozedBy', snoozed.by],
          ['snoozedUntil', snoozed.until],
        ] as const)),
  ]);
}
