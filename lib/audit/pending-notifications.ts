import type { AlertNotification, PendingAlert } from '../domain/alert/alert-notification.ts';
import { isClosed } from '../domain/alert/compare-alerts.ts';
import { foldPending } from '../domain/alert/fold-pending.ts';
import { type Silence, silenceOf } from '../domain/alert/silence.ts';
import type { Instant } from '../domain/fact.ts';
import type { AlertOpening, AlertStore, SilenceReader } from './alert-ports.ts';

export interface PendingPorts {
  readonly alerts: Pick<AlertStore, 'pending' | 'openings' | 'confirm'>;
  readonly silences: SilenceReader;
  readonly now: () => Instant;
}

export interface PendingNotifications {
  /** To be told in this order. Each alert in them is confirmed by its last transition's sequence once it is told. */
  readonly notifications: readonly AlertNotification[];
  /** What is not to be told now, and who asked for that: for the digest. */
  readonly silenced: readonly { readonly pending: PendingAlert; readonly silence: Silence }[];
}

/** `2026-11-23T08`. */
const HOUR_LENGTH = 13;

/**
 * Returns what a subscriber has not confirmed, folded. What is silenced waits for the end of the silence; what opened and ended
 * within it is confirmed untold, since there is nothing left to tell.
 */
export async function pendingNotifications(subscriber: string, ports: PendingPorts): Promise<PendingNotifications> {
  const pending = await ports.alerts.pending(subscriber);
  if (pending.length === 0) {
    return { notifications: [], silenced: [] };
  }
  const [silences, openings] = await Promise.all([ports.silences.readSilences(), ports.alerts.openings()]);
  const now = ports.now();
  const silenced = pending.flatMap((one) => {
    const silence = silenceOf(one.alert, silences, now);
    return silence === undefined ? [] : [{ pending: one, silence }];
  });
  const quiet = new Set(silenced.map((one) => one.pending));
  for (const one of quiet) {
    if (isOver(one)) {
      await ports.alerts.confirm(one.alert.alertId, subscriber, one.alert.sequence);
    }
  }
  const told = pending.filter((one) => !quiet.has(one));
  return { notifications: foldPending({ pending: told, now, openedInHour: countByHour(openings) }), silenced };
}

/** Whether nothing was ever told of it and nothing is left of it. */
function isOver({ alert, transitions }: PendingAlert): boolean {
  return isClosed(alert) && transitions[0].type === 'opened';
}

function countByHour(openings: readonly AlertOpening[]) {
  const counts = new Map<string, number>();
  for (const { kind, openedAt, isFirstJudgement } of openings) {
    const name = nameOf(kind, openedAt);
    // Counted from none.
    counts.set(name, (counts.get(name) ?? 0) + (isFirstJudgement ? 0 : 1));
  }
  return (kind: AlertOpening['kind'], at: Instant) => counts.get(nameOf(kind, at)) ?? 0;
}

function nameOf(kind: string, at: Instant): string {
  return `${kind} ${at.slice(0, HOUR_LENGTH)}`;
}
