import type { Instant } from '../fact.ts';
import { instantMs } from '../instant.ts';
import type { Alert } from './alert.ts';
import { type AlertCondition, type AlertLevel, isWorse, levelOf, severityOf } from './alert-condition.ts';
import { alertIdOf } from './alert-id.ts';
import { type AlertStep, stepOf } from './alert-step.ts';
import { isClosed } from './compare-alerts.ts';
import { levelOfReason } from './held-level.ts';
import { CLEAR_AFTER_MS } from './kinds/registry.ts';

export interface AdvanceInput {
  /** All alerts of one home as they are kept, closed ones too. */
  readonly stored: readonly Alert[];
  /** All conditions of the same home. What has an alert and no condition is gone. */
  readonly conditions: readonly AlertCondition[];
  /** The moment that the conditions are of. */
  readonly at: Instant;
  /** Whether what is judged was never judged before. */
  readonly isFirstJudgement: boolean;
}

/** What is said of an alert that goes on is brought up to date no more often. */
const REFRESH_AFTER_MS = 6 * 3_600_000;

/**
 * Compares alerts as they are kept with what is the case, and returns what to write, at most one step of each alert. Nothing
 * else is looked at, so that whoever comes after a crash, or judges the same again, finishes what is left and repeats nothing.
 * Conditions that are older than what an alert was last judged by change nothing.
 */
export function advanceAlerts({ stored, conditions, at, isFirstJudgement }: AdvanceInput): readonly AlertStep[] {
  const byId = new Map(stored.map((alert) => [alert.alertId, alert]));
  const judged = new Set<string>();
  const mergedInto = new Map<string, string>();
  const steps: AlertStep[] = [];
  for (const condition of conditions) {
    const alertId = alertIdOf(condition.kind, condition.home, condition.subject);
    judged.add(alertId);
    for (const absorbed of condition.absorbedAlertIds) {
      mergedInto.set(absorbed, alertId);
    }
    steps.push(...nextStep(alertId, byId.get(alertId), condition, { at, isFirstJudgement }));
  }
  const gone = stored.filter((alert) => !(isClosed(alert) || judged.has(alert.alertId) || alert.observedAt > at));
  return [
    ...steps,
    ...gone.map((alert) =>
      stepOf(alert, 'removed', at, {
        ...ENDED,
        state: 'removed',
        observedAt: at,
        mergedInto: mergedInto.get(alert.alertId),
      }),
    ),
  ];
}

const ENDED = { acknowledged: undefined, snoozed: undefined, improvedSince: undefined } as const;

interface Moment {
  readonly at: Instant;
  readonly isFirstJudgement: boolean;
}

function nextStep(
  alertId: string,
  alert: Alert | undefined,
  condition: AlertCondition,
  { at, isFirstJudgement }: Moment,
): AlertStep[] {
  if (alert !== undefined && alert.observedAt > at) {
    return [];
  }
  if (alert === undefined || isClosed(alert)) {
    return condition.level === undefined
      ? []
      : [opening(alertId, alert, { ...condition, level: condition.level }, { at, isFirstJudgement })];
  }
  if (isWorse(condition.level, levelOf(alert)) || hasMoreSubnets(condition, alert)) {
    return [worsening(alert, condition, at)];
  }
  return isWorse(levelOf(alert), condition.heldLevel) ? improving(alert, condition, at) : lasting(alert, condition, at);
}

function opening(
  alertId: string,
  closed: Alert | undefined,
  { kind, home, subject, level, where, what }: AlertCondition & { readonly level: AlertLevel },
  { at, isFirstJudgement }: Moment,
): AlertStep {
  const alert: Omit<Alert, 'sequence' | 'changedAt'> = {
    alertId,
    kind,
    home,
    subject,
    ...standing(level),
    ...ENDED,
    state: 'open',
    where,
    what,
    openedAt: at,
    isFirstJudgement,
    observedAt: at,
    mergedInto: undefined,
  };
  return stepOf(closed, 'opened', at, alert);
}

/** What somebody acknowledged or snoozed was less than this. */
function worsening(alert: Alert, condition: AlertCondition, at: Instant): AlertStep {
  const { level } = condition;
  const isHigher = level !== undefined && isWorse(level, levelOf(alert));
  return stepOf(alert, 'changed', at, {
    ...ENDED,
    ...(isHigher ? standing(level) : { improvedSince: alert.improvedSince }),
    ...saidOf(condition, alert),
    state: 'open',
    observedAt: at,
  });
}

/**
 * What is to be said of an alert that goes on. Where it is better by now, and not for long enough, it stays with what it rests
 * on, and what fails besides is added.
 */
function saidOf({ level, where, what }: AlertCondition, alert: Alert): Partial<Pick<Alert, 'where' | 'what'>> {
  if (level === undefined) {
    return {};
  }
  if (!isWorse(levelOf(alert), level)) {
    return { where, what };
  }
  const known = new Set(alert.what.reasons.map(({ resourceId }) => resourceId));
  const added = what.reasons.filter(({ resourceId }) => !known.has(resourceId));
  return { where, what: { ...alert.what, reasons: [...alert.what.reasons, ...added] } };
}

function improving(alert: Alert, condition: AlertCondition, at: Instant): AlertStep[] {
  if (!condition.isSeen) {
    return (
      unsnoozed(alert, at) ??
      silently(alert, { improvedSince: undefined, observedAt: at }, alert.improvedSince !== undefined)
    );
  }
  const since = alert.improvedSince ?? at;
  if (elapsedMs(since, at) < CLEAR_AFTER_MS[alert.kind]) {
    const kept = { improvedSince: since, observedAt: at };
    return unsnoozed(alert, at, kept) ?? silently(alert, kept, alert.improvedSince === undefined);
  }
  const { heldLevel, level, where, what } = condition;
  if (heldLevel === undefined) {
    return [stepOf(alert, 'resolved', at, { ...ENDED, state: 'resolved', observedAt: at })];
  }
  return [
    stepOf(alert, 'changed', at, {
      ...standing(heldLevel),
      ...(isSnoozeOver(alert, at) ? { state: 'open' as const, snoozed: undefined } : {}),
      improvedSince: undefined,
      observedAt: at,
      ...(level === heldLevel
        ? { where, what }
        : { what: { ...alert.what, reasons: reasonsWithin(alert, heldLevel) } }),
    }),
  ];
}

/** Where only the margin holds it, its own reasons are what it rests on; those of the time when it was worse are over. */
function reasonsWithin({ what }: Alert, heldLevel: AlertLevel): Alert['what']['reasons'] {
  return what.reasons.filter((reason) => !isWorse(levelOfReason(reason), heldLevel));
}

function lasting(alert: Alert, condition: AlertCondition, at: Instant): AlertStep[] {
  const isDue = elapsedMs(alert.observedAt, at) >= REFRESH_AFTER_MS;
  const kept = { ...saidOf(condition, alert), improvedSince: undefined, observedAt: at };
  return unsnoozed(alert, at, kept) ?? silently(alert, kept, isDue || alert.improvedSince !== undefined);
}

function unsnoozed(alert: Alert, at: Instant, kept: Partial<Alert> = {}): AlertStep[] | undefined {
  return isSnoozeOver(alert, at)
    ? [stepOf(alert, 'unsnoozed', at, { ...kept, state: 'open', snoozed: undefined, observedAt: at })]
    : undefined;
}

function isSnoozeOver({ snoozed }: Alert, at: Instant): boolean {
  return snoozed !== undefined && snoozed.until <= at;
}

function silently(alert: Alert, kept: Partial<Alert>, isNeeded: boolean): AlertStep[] {
  return isNeeded ? [{ before: alert, alert: { ...alert, ...kept }, transition: undefined }] : [];
}

/** A subnet that fails besides those that were told is news; one that was only near it is not. */
function hasMoreSubnets({ level, where, what }: AlertCondition, alert: Alert): boolean {
  const known = new Set(alert.where.subnets.map(({ subnetId }) => subnetId));
  const failing = new Set(what.reasons.map(({ resourceId }) => resourceId));
  return (
    level !== undefined &&
    alert.subject.kind === 'cluster' &&
    where.subnets.some(({ subnetId }) => failing.has(subnetId) && !known.has(subnetId))
  );
}

function standing(level: AlertLevel): Pick<Alert, 'severity' | 'isExhausted'> {
  return { severity: severityOf(level), isExhausted: level === 'exhausted' };
}

/** A time that cannot be read makes nothing wait for ever. */
function elapsedMs(since: Instant, at: Instant): number {
  const sinceMs = instantMs(since);
  const atMs = instantMs(at);
  return sinceMs === undefined || atMs === undefined ? Number.POSITIVE_INFINITY : atMs - sinceMs;
}
