import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERT_KINDS, ALERT_SEVERITIES, type Alert } from '../../../lib/domain/alert/alert.ts';
import type { AlertNotification, PendingAlert } from '../../../lib/domain/alert/alert-notification.ts';
import { compareAlerts } from '../../../lib/domain/alert/compare-alerts.ts';
import {
  FIRST_JUDGEMENTS_WAIT_MS,
  FOLD_ACCOUNTS_MIN,
  FOLD_ALERTS_MIN,
  foldPending,
} from '../../../lib/domain/alert/fold-pending.ts';
import { anAlert, aPending } from './an-alert.ts';

const OPENED_AT = '2026-11-23T08:00:00.000Z';
const LATER = new Date(Date.parse(OPENED_AT) + FIRST_JUDGEMENTS_WAIT_MS).toISOString();
const A_MS_EARLIER = new Date(Date.parse(LATER) - 1).toISOString();
const nothingElse = () => 0;

function alerts(
  count: number,
  overrides: (index: number) => Parameters<typeof anAlert>[0] = () => ({}),
): PendingAlert[] {
  return Array.from({ length: count }, (_, index) =>
    aPending(anAlert({ alertId: `alert-${String(index).padStart(4, '0')}`, ...overrides(index) })),
  );
}

function fold(
  pending: readonly PendingAlert[],
  openedInHour: (kind: Alert['kind'], at: string) => number = nothingElse,
) {
  return foldPending({ pending, now: LATER, openedInHour });
}

function alertIdsOf(notification: AlertNotification): string[] {
  return notification.kind === 'alert'
    ? [notification.alert.alertId]
    : notification.alerts.map(({ alert }) => alert.alertId);
}

function inAccount(index: number, cause: string | undefined) {
  return { where: { accountId: String(index) }, what: { cause } };
}

describe('foldPending', () => {
  it('tells ten alerts of a kind one by one, and eleven as one', () => {
    const few = fold(alerts(FOLD_ALERTS_MIN - 1));
    expect(few.map(({ kind }) => kind)).toEqual(Array(FOLD_ALERTS_MIN - 1).fill('alert'));
    const many = fold(alerts(FOLD_ALERTS_MIN));
    expect(many).toHaveLength(1);
    expect(many[0]).toMatchObject({ kind: 'fold', alertKind: 'exhaustion', type: 'opened', since: OPENED_AT });
  });

  it('counts those of the same hour that were told before', () => {
    const opened = (kind: Alert['kind'], at: string) =>
      kind === 'exhaustion' && at === OPENED_AT ? FOLD_ALERTS_MIN : 0;
    expect(fold(alerts(1), opened)).toMatchObject([{ kind: 'fold' }]);
    expect(
      fold(
        alerts(1, () => ({ kind: 'scan-stale' })),
        opened,
      ),
    ).toMatchObject([{ kind: 'alert' }]);
  });

  it('does not fold different kinds or steps together', () => {
    const kinds = alerts(FOLD_ALERTS_MIN, (index) => ({ kind: index === 0 ? 'scan-stale' : 'exhaustion' }));
    expect(fold(kinds)).toHaveLength(FOLD_ALERTS_MIN);
  });

  it('tells one cause in three accounts as one, in two apart', () => {
    const wide = fold(alerts(FOLD_ACCOUNTS_MIN, (index) => inAccount(index, 'access-denied')));
    expect(wide).toMatchObject([{ kind: 'fold', cause: 'access-denied' }]);
    expect(fold(alerts(FOLD_ACCOUNTS_MIN - 1, (index) => inAccount(index, 'access-denied')))).toHaveLength(2);
    expect(fold(alerts(FOLD_ACCOUNTS_MIN, () => inAccount(1, 'access-denied')))).toHaveLength(FOLD_ACCOUNTS_MIN);
    expect(fold(alerts(FOLD_ACCOUNTS_MIN, (index) => inAccount(index, undefined)))).toHaveLength(FOLD_ACCOUNTS_MIN);
  });

  it('keeps first judgements for one digest until an hour has passed', () => {
    const pending = alerts(3, () => ({ isFirstJudgement: true }));
    expect(foldPending({ pending, now: A_MS_EARLIER, openedInHour: nothingElse })).toEqual([]);
    const told = foldPending({ pending, now: LATER, openedInHour: nothingElse });
    expect(told).toMatchObject([{ kind: 'first-judgements', digestId: 'first-judgements.2026-11-23T08' }]);
    expect(told.flatMap(alertIdsOf)).toHaveLength(3);
  });

  it('says of a thousand new accounts and a thousand failing ones two things', () => {
    const all = [
      ...alerts(1_000, (index) => ({ ...inAccount(index, undefined), isFirstJudgement: true })),
      ...alerts(1_000, (index) => ({ ...inAccount(index, 'access-denied'), kind: 'scan-stale' })),
    ];
    expect(fold(all)).toHaveLength(2);
  });

  it('names a fold the same in whatever order and number its alerts come, in one hour', () => {
    const all = alerts(FOLD_ALERTS_MIN + 5);
    const opened = () => FOLD_ALERTS_MIN;
    const ids = [all, all.toReversed(), all.slice(0, 3)].map((some) => {
      const [one] = fold(some, opened);
      return one?.kind === 'fold' ? one.foldId : undefined;
    });
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toBe('exhaustion.opened..2026-11-23T08');
  });

  it('tells every alert exactly once, the most urgent message first', () => {
    const anyAlert = fc.record({
      kind: fc.constantFrom(...ALERT_KINDS),
      severity: fc.constantFrom(...ALERT_SEVERITIES),
      isFirstJudgement: fc.boolean(),
      cause: fc.constantFrom('access-denied', 'throttled', undefined),
      accountId: fc.constantFrom('1', '2', '3', '4'),
    });
    fc.assert(
      fc.property(fc.array(anyAlert, { maxLength: 60 }), (some) => {
        const pending = some.map(({ cause, accountId, ...rest }, index) =>
          aPending(anAlert({ alertId: `alert-${index}`, ...rest, what: { cause }, where: { accountId } })),
        );
        const told = fold(pending);
        expect(told.flatMap(alertIdsOf).toSorted()).toEqual(pending.map(({ alert }) => alert.alertId).toSorted());
        const heads = told
          .filter(({ kind }) => kind !== 'first-judgements')
          .map((one) => (one.kind === 'alert' ? one.alert : one.alerts[0]?.alert));
        expect(heads).toEqual(heads.toSorted((a, b) => (a && b ? compareAlerts(a, b) : 0)));
      }),
    );
  });
});
