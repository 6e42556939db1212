import type { Instant } from '../fact.ts';
import type { Alert } from './alert.ts';
import { type AlertStep, stepOf } from './alert-step.ts';
import { isClosed } from './compare-alerts.ts';

/** What somebody says to an alert. */
export type AlertAnswer =
  | { readonly type: 'acknowledged'; readonly by: string }
  | { readonly type: 'snoozed'; readonly by: string; readonly until: Instant };

/** - `already-so`: the answer was given before. - `closed`: there is nothing left to answer. */
export type AnsweredAlert =
  | { readonly outcome: 'answered'; readonly step: AlertStep }
  | { readonly outcome: 'already-so' | 'closed' };

/** Returns what becomes of an alert when somebody answers it. The same answer again changes nothing. */
export function answerAlert(alert: Alert, answer: AlertAnswer, at: Instant): AnsweredAlert {
  if (isClosed(alert)) {
    return { outcome: 'closed' };
  }
  if (answer.type === 'acknowledged') {
    const acknowledged = { by: answer.by, at };
    return alert.state === 'acknowledged'
      ? { outcome: 'already-so' }
      : {
          outcome: 'answered',
          step: stepOf(alert, 'acknowledged', at, { state: 'acknowledged', acknowledged, snoozed: undefined }),
        };
  }
  const snoozed = { by: answer.by, at, until: answer.until };
  return alert.state === 'snoozed' && alert.snoozed?.until === answer.until
    ? { outcome: 'already-so' }
    : {
        outcome: 'answered',
        step: stepOf(alert, 'snoozed', at, { state: 'snoozed', snoozed, acknowledged: undefined }),
      };
}
