import { type PublishSummary, type PublishTransitionsPorts, publishTransitions } from './publish-transitions.ts';
import { type TellAlertsPorts, type TellAlertsSummary, tellAlerts } from './tell-alerts.ts';

/** Either is absent where the settings do not ask for it. */
export interface PublishAlertsPorts {
  readonly eventBus?: PublishTransitionsPorts;
  readonly email?: TellAlertsPorts;
}

export interface PublishAlertsSummary {
  readonly eventBus: PublishSummary | undefined;
  readonly email: TellAlertsSummary | undefined;
}

/**
 * Publishes on the event bus and sends by mail what either has not confirmed, side by side until about `deadlineMs`, in milliseconds
 * since 1970. What fails of one keeps nothing from the other; it is thrown once both have ended.
 */
export async function publishAlerts(
  { eventBus, email }: PublishAlertsPorts,
  deadlineMs: number,
): Promise<PublishAlertsSummary> {
  const [published, mailed] = await Promise.allSettled([
    eventBus === undefined ? undefined : publishTransitions(eventBus, deadlineMs),
    email === undefined ? undefined : tellAlerts(email, deadlineMs),
  ]);
  if (published.status === 'rejected' || mailed.status === 'rejected') {
    const errors = [published, mailed].flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
    throw new AggregateError(errors, `Cannot publish alerts: ${errors.map(String).join('; ')}`);
  }
  return { eventBus: published.value, email: mailed.value };
}
