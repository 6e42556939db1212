import type { Instant } from '../domain/fact.ts';
import { instantMs } from '../domain/instant.ts';
import { type AlertQuestion, type AnswerAlertPorts, type AnswerOutcome, giveAnswer } from './answer-alert.ts';

const MS_PER_DAY = 86_400_000;
/** Who wants longer wants a silence, which has a reason. A decision of this project. */
export const SNOOZE_DAYS_MAX = 30;

/** `until-refused`: it is no time within the next 30 days. */
export type SnoozeOutcome = AnswerOutcome | { readonly outcome: 'until-refused' };

/** Says that an alert is not to be spoken of until a time, unless it gets worse. `by` names who, as it is shown. */
export async function snoozeAlert(
  { by, until, ...question }: AlertQuestion & { readonly by: string; readonly until: Instant },
  ports: AnswerAlertPorts,
): Promise<SnoozeOutcome> {
  const untilMs = instantMs(until);
  const nowMs = Date.parse(ports.now());
  if (untilMs === undefined || untilMs <= nowMs || untilMs > nowMs + SNOOZE_DAYS_MAX * MS_PER_DAY) {
    return { outcome: 'until-refused' };
  }
  // Compared with other times as text.
  return giveAnswer(question, { type: 'snoozed', by, until: new Date(untilMs).toISOString() }, ports);
}
