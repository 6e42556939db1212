import { ALERT_SEVERITIES, type Alert } from './alert.ts';

/** Orders alerts for people: what is open before what is closed, then the worst, then what lasts longest. */
export function compareAlerts(a: Alert, b: Alert): number {
  return (
    Number(isClosed(a)) - Number(isClosed(b)) ||
    ALERT_SEVERITIES.indexOf(a.severity) - ALERT_SEVERITIES.indexOf(b.severity) ||
    compareTexts(a.openedAt, b.openedAt) ||
    compareTexts(a.alertId, b.alertId)
  );
}

/** Returns whether an alert has ended: `resolved` or `removed`. */
export function isClosed({ state }: Pick<Alert, 'state'>): boolean {
  return state === 'resolved' || state === 'removed';
}

function compareTexts(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
