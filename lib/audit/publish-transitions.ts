import type { PendingAlert } from '../domain/alert/alert-notification.ts';
import type { AlertTransition } from '../domain/alert/alert-transition.ts';
import { compareAlerts } from '../domain/alert/compare-alerts.ts';
import { type Silence, silenceOf } from '../domain/alert/silence.ts';
import type { AlertStore, SilenceReader } from './alert-ports.ts';
import type { Subscriber } from './subscribers.ts';

/** A transition as programs hear of it. */
export interface PublishedTransition {
  readonly transition: AlertTransition;
  /** Whether people are not told of it for now, since somebody asked for silence. */
  readonly isSilenced: boolean;
}

export interface PublishTransitionsPorts {
  readonly subscriber: Subscriber;
  readonly alerts: Pick<AlertStore, 'pending' | 'confirm'>;
  readonly silences: SilenceReader;
  readonly clock: { now(): number };
  /** Returns for each, in the order given, why it was not accepted, or `undefined` where it was. */
  publish(transitions: readonly PublishedTransition[]): Promise<readonly (PublishFailure | undefined)[]>;
}

export interface PublishFailure {
  readonly code: string;
  readonly cause: unknown;
}

export interface PublishSummary {
  readonly publishedCount: number;
  /** Alerts of which nothing was published, since the time was over. */
  readonly leftCount: number;
}

/** Alerts whose transitions are published side by side, as many as the bus takes at once: whoever is stopped repeats no more. */
const ALERTS_AT_ONCE = 10;

/**
 * Publishes what a subscriber has not confirmed, the most urgent alerts first, each transition by itself, and those of an alert
 * in their order: the next one only when the one before was accepted. Nothing is folded and nothing is kept back. What was
 * accepted is confirmed, and comes again only where that could not be done. Ends soon after `deadlineMs`, in milliseconds since
 * 1970. Throws what was not accepted or not confirmed once everything else is published.
 */
export async function publishTransitions(ports: PublishTransitionsPorts, deadlineMs: number): Promise<PublishSummary> {
  const pending = (await ports.alerts.pending(ports.subscriber)).toSorted((a, b) => compareAlerts(a.alert, b.alert));
  const silences = pending.length === 0 ? [] : await ports.silences.readSilences();
  const failures: PublishFailure[] = [];
  let publishedCount = 0;
  let start = 0;
  for (; start < pending.length && ports.clock.now() < deadlineMs; start += ALERTS_AT_ONCE) {
    const batch = await publishBatch(pending.slice(start, start + ALERTS_AT_ONCE), silences, ports);
    publishedCount += batch.publishedCount;
    failures.push(...batch.failures);
  }
  if (failures.length > 0) {
    const codes = [...new Set(failures.map(({ code }) => code))].join(', ');
    const cause = failures.find((failure) => failure.cause !== undefined)?.cause;
    throw new Error(`Cannot publish ${failures.length} transitions, of ${pending.length} alerts: ${codes}`, {
      cause,
    });
  }
  return { publishedCount, leftCount: Math.max(0, pending.length - start) };
}

interface Batch {
  readonly publishedCount: number;
  readonly failures: readonly PublishFailure[];
}

/** First the first transition of each alert, then the second of those whose first was accepted, and so on. */
async function publishBatch(
  pending: readonly PendingAlert[],
  silences: readonly Silence[],
  { subscriber, alerts, clock, publish }: PublishTransitionsPorts,
): Promise<Batch> {
  const now = new Date(clock.now()).toISOString();
  const failures: PublishFailure[] = [];
  let publishedCount = 0;
  let open = pending;
  for (let step = 0; open.length > 0; step += 1) {
    const next = open.flatMap(({ alert, transitions }): PublishedTransition[] => {
      const transition = transitions[step];
      return transition === undefined
        ? []
        : [{ transition, isSilenced: silenceOf(alert, silences, now) !== undefined }];
    });
    const outcomes = next.length === 0 ? [] : await publish(next);
    const accepted = next.filter((_, index) => outcomes[index] === undefined);
    const confirmed = await Promise.allSettled(
      accepted.map(({ transition: { alertId, sequence } }) => alerts.confirm(alertId, subscriber, sequence)),
    );
    publishedCount += accepted.length;
    failures.push(
      ...outcomes.filter((outcome) => outcome !== undefined),
      ...confirmed.flatMap((one) => (one.status === 'rejected' ? [{ code: 'not confirmed', cause: one.reason }] : [])),
    );
    const acceptedIds = new Set(accepted.map(({ transition }) => transition.alertId));
    open = open.filter(({ alert }) => acceptedIds.has(alert.alertId));
  }
  return { publishedCount, failures };
}
