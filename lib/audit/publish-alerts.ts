import { type PublishTransitionsPorts, publishTransitions } from './publish-transitions.ts';
import type { LeaseStore } from './store-ports.ts';
import { type TellAlertsPorts, tellAlerts } from './tell-alerts.ts';

export interface PublishAlertsPorts {
  readonly leases: LeaseStore;
  readonly clock: { now(): number };
  /** Either is absent where the settings do not ask for it. */
  readonly eventBus?: PublishTransitionsPorts;
  readonly email?: TellAlertsPorts;
}

export interface PublishAlertsSummary {
  /** `busy`: somebody else is at it, and looks again before it ends. */
  readonly outcome: 'published' | 'busy';
  /** Transitions on the bus, and mails. */
  readonly eventCount: number;
  readonly mailCount: number;
}

const PUBLISH_LEASE = 'publish-alerts';
/** What was begun before the deadline ends soon after it; then nobody waits any more for whoever was stopped. */
const LEASE_AFTER_DEADLINE_MS = 60_000;
/** Hints come in crowds: so often one look is followed by another, then the rest waits for the next sweep. */
const LOOKS_MAX = 5;

/**
 * Publishes on the event bus and sends by mail what either has not confirmed, until about `deadlineMs`, in milliseconds since
 * 1970. One at a time, since neither can be asked what it was told; looks again until there is nothing left, for the sake of those
 * who found it busy. What fails of one keeps nothing from the other; it is thrown once both have ended.
 */
export async function publishAlerts(ports: PublishAlertsPorts, deadlineMs: number): Promise<PublishAlertsSummary> {
  const { leases, clock } = ports;
  const token = await leases.acquireLease(PUBLISH_LEASE, deadlineMs - clock.now() + LEASE_AFTER_DEADLINE_MS);
  if (token === undefined) {
    return { outcome: 'busy', eventCount: 0, mailCount: 0 };
  }
  try {
    return { outcome: 'published', ...(await publishAll(ports, deadlineMs)) };
  } finally {
    await leases.releaseLease(PUBLISH_LEASE, token);
  }
}

type Counts = Pick<PublishAlertsSummary, 'eventCount' | 'mailCount'>;

async function publishAll(ports: PublishAlertsPorts, deadlineMs: number): Promise<Counts> {
  const total = { eventCount: 0, mailCount: 0 };
  for (let look = 0; look < LOOKS_MAX && ports.clock.now() < deadlineMs; look += 1) {
    const { eventCount, mailCount } = await publishOnce(ports, deadlineMs);
    if (eventCount + mailCount === 0) {
      break;
    }
    total.eventCount += eventCount;
    total.mailCount += mailCount;
  }
  return total;
}

async function publishOnce({ eventBus, email }: PublishAlertsPorts, deadlineMs: number): Promise<Counts> {
  const [published, mailed] = await Promise.allSettled([
    eventBus === undefined ? undefined : publishTransitions(eventBus, deadlineMs),
    email === undefined ? undefined : tellAlerts(email, deadlineMs),
  ]);
  if (published.status === 'rejected' || mailed.status === 'rejected') {
    const errors = [published, mailed].flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
    throw new AggregateError(errors, `Cannot publish alerts: ${errors.map(String).join('; ')}`);
  }
  // What the settings do not ask for has told nothing.
  return { eventCount: published.value?.publishedCount ?? 0, mailCount: mailed.value?.toldCount ?? 0 };
}
