import type { Alert } from '../domain/alert/alert.ts';
import { type AlertAnswer, answerAlert } from '../domain/alert/answer-alert.ts';
import type { Instant } from '../domain/fact.ts';
import type { AlertHint, AlertStore } from './alert-ports.ts';

export interface AnswerAlertPorts {
  readonly alerts: Pick<AlertStore, 'readAlert' | 'writeStep'>;
  readonly subscribers: readonly string[];
  /** Given once an answer is there to tell. */
  readonly hint: AlertHint;
  readonly now: () => Instant;
}

export interface AlertQuestion {
  readonly alertId: string;
  /** Whether the alert still is what the answer is to; absent where any will do. */
  readonly isExpected?: (alert: Alert) => boolean;
}

/**
 * - `answered`: it is so now. - `already-so`: it was, and stays. - `closed`: it has ended. - `not-expected`: it is not what was
 * to be answered. - `not-found`: there is no such alert.
 */
export type AnswerOutcome =
  | { readonly outcome: 'answered'; readonly before: Alert; readonly alert: Alert }
  | { readonly outcome: 'already-so' | 'closed' | 'not-expected'; readonly alert: Alert }
  | { readonly outcome: 'not-found' };

/** Each attempt that fails means that a judgement or another person came first. */
const ATTEMPTS_MAX = 10;

/** Gives an answer to an alert as it is then; repeating it changes nothing. */
export async function giveAnswer(
  { alertId, isExpected }: AlertQuestion,
  answer: AlertAnswer,
  ports: AnswerAlertPorts,
): Promise<AnswerOutcome> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const stored = await ports.alerts.readAlert(alertId);
    if (stored === undefined) {
      return { outcome: 'not-found' };
    }
    if (isExpected?.(stored.alert) === false) {
      return { outcome: 'not-expected', alert: stored.alert };
    }
    const answered = answerAlert(stored.alert, answer, ports.now());
    if (answered.outcome !== 'answered') {
      return { outcome: answered.outcome, alert: stored.alert };
    }
    if ((await ports.alerts.writeStep(answered.step, stored, ports.subscribers)) === 'written') {
      await ports.hint();
      return { outcome: 'answered', before: stored.alert, alert: answered.step.alert };
    }
  }
  throw new Error(`Cannot answer "${alertId}": it changed under each of ${ATTEMPTS_MAX} attempts`);
}
