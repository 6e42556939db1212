import { type AlertQuestion, type AnswerAlertPorts, type AnswerOutcome, giveAnswer } from './answer-alert.ts';

/** Says that somebody looks after an alert, until it gets worse. `by` names who, as it is shown. */
export function acknowledgeAlert(
  { by, ...question }: AlertQuestion & { readonly by: string },
  ports: AnswerAlertPorts,
): Promise<AnswerOutcome> {
  return giveAnswer(question, { type: 'acknowledged', by }, ports);
}
