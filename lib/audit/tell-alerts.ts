import type { AlertNotification } from '../domain/alert/alert-notification.ts';
import { bothReports, type DeliveryReport, NOTHING_TOLD } from './delivery-report.ts';
import { type PendingNotifications, type PendingPorts, pendingNotifications } from './pending-notifications.ts';
import type { Subscriber } from './subscribers.ts';

export interface TellAlertsPorts extends Omit<PendingPorts, 'now'> {
  readonly subscriber: Subscriber;
  readonly clock: { now(): number; sleep(durationMs: number): Promise<void> };
  /** What opened is told once so long no more came, so that many of one matter come as one message; absent: at once. */
  readonly settleMs?: number;
  /**
   * Tells a notification, or as much of it as can be told by `deadlineMs`, in milliseconds since 1970. Of one alert, what comes
   * first is told first. It may be asked for the same again, also while it is at it.
   */
  deliver(notification: AlertNotification, deadlineMs: number): Promise<DeliveryReport>;
}

export interface TellAlertsSummary extends Omit<DeliveryReport, 'done' | 'againAtMs'> {
  /** Alerts that are not told now, since somebody asked for silence. */
  readonly silencedCount: number;
}

/** Nobody who can be told waits much longer for somebody who cannot. */
const PATIENCE_MS = 10_000;
/** Between two looks at what is left. */
const PAUSE_MS = 5_000;
/** Whatever else comes, nobody waits longer to be told. */
const SETTLE_MAX_MS = 90_000;

/**
 * Tells a subscriber what it has not confirmed, the most urgent first, and confirms what was told. What can be told a little
 * later is tried again until `deadlineMs`, in milliseconds since 1970; what is left then comes with the next call. May be stopped
 * anywhere, and run twice at a time. Throws what went wrong once everything else is told.
 */
export async function tellAlerts(ports: TellAlertsPorts, deadlineMs: number): Promise<TellAlertsSummary> {
  const { clock } = ports;
  let total = NOTHING_TOLD;
  for (;;) {
    const { report, silencedCount } = await tellPending(ports, deadlineMs);
    const { againAtMs, refusals } = report;
    total = { ...bothReports(total, report), refusals };
    const nextAtMs = againAtMs === undefined ? undefined : Math.max(againAtMs, clock.now() + PAUSE_MS);
    if (nextAtMs === undefined || nextAtMs >= deadlineMs) {
      const { toldCount, repeatedCount, previewedCount } = total;
      return { toldCount, repeatedCount, previewedCount, refusals, silencedCount };
    }
    await clock.sleep(nextAtMs - clock.now());
  }
}

async function tellPending(
  ports: TellAlertsPorts,
  deadlineMs: number,
): Promise<{ readonly report: DeliveryReport; readonly silencedCount: number }> {
  const { clock } = ports;
  const { notifications, silenced } = await settledNotifications(ports, deadlineMs);
  const errors: unknown[] = [];
  let report = NOTHING_TOLD;
  for (const notification of notifications) {
    if (clock.now() >= deadlineMs) {
      break;
    }
    try {
      const told = await ports.deliver(notification, Math.min(deadlineMs, clock.now() + PATIENCE_MS));
      await confirm(told, ports);
      report = bothReports(report, told);
    } catch (cause) {
      // One that cannot be told must not keep the others from being told; it is thrown once they are.
      errors.push(cause);
    }
  }
  if (errors.length > 0) {
    throw new AggregateError(errors, `Cannot tell ${errors.length} of ${notifications.length} notifications`);
  }
  return { report, silencedCount: silenced.length };
}

/** Alerts of one matter are written one after another, and a look may come in between. */
async function settledNotifications(ports: TellAlertsPorts, deadlineMs: number): Promise<PendingNotifications> {
  const { subscriber, clock, settleMs } = ports;
  const look = () => pendingNotifications(subscriber, { ...ports, now: () => new Date(clock.now()).toISOString() });
  let found = await look();
  if (settleMs === undefined) {
    return found;
  }
  const lastMs = Math.min(deadlineMs, clock.now() + SETTLE_MAX_MS);
  for (let known = 0; openingCount(found) !== known && clock.now() + settleMs <= lastMs; ) {
    known = openingCount(found);
    await clock.sleep(settleMs);
    found = await look();
  }
  return found;
}

function openingCount({ notifications }: PendingNotifications): number {
  const pending = notifications.flatMap((one) => (one.kind === 'alert' ? [one] : one.alerts));
  return pending.filter(({ transitions }) => transitions[0].type === 'opened').length;
}

/** By the last sequence of each alert. */
async function confirm({ done }: DeliveryReport, { alerts, subscriber }: TellAlertsPorts): Promise<void> {
  const last = new Map<string, number>();
  for (const { alertId, sequence } of done) {
    last.set(alertId, Math.max(sequence, last.get(alertId) ?? sequence));
  }
  for (const [alertId, sequence] of last) {
    await alerts.confirm(alertId, subscriber, sequence);
  }
}
