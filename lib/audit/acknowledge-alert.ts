import { type AnswerAlertPorts, type AnswerOutcome, giveAnswer } from './answer-alert.ts';

/** Says that somebody looks after an alert, until it gets worse. `by` names who, as it is shown. */
export function acknowledgeAlert(
  { alertId, by }: { readonly alertId: string; readonly by: string },
  ports: AnswerAlertPorts,
): Promise<AnswerOutcome> {
  return giveAnswer(alertId, { type: 'acknowledged', by }, ports);
}
