import { ACTION_ID_LENGTH_MAX } from './limits.ts';

/** What a button of an alert asks for. */
export const ALERT_ACTIONS = ['acknowledge', 'snooze-1-day', 'snooze-7-days'] as const;
export type AlertAction = (typeof ALERT_ACTIONS)[number];

/** Which alert, as it was when its button was shown. */
export interface AlertActionId {
  readonly action: AlertAction;
  readonly alertId: string;
  readonly sequence: number;
}

const PATTERN = /^(acknowledge|snooze-1-day|snooze-7-days):([1-9]\d{0,14}):([A-Za-z0-9._~-]{1,238})$/;

/** Writes the id of a button; `undefined` where Slack would not take it, since then there can be no button. */
export function actionIdOf({ action, alertId, sequence }: AlertActionId): string | undefined {
  const id = `${action}:${sequence}:${alertId}`;
  return id.length <= ACTION_ID_LENGTH_MAX && PATTERN.test(id) ? id : undefined;
}

/** Reads the id of a button back; `undefined` where it is none of these. */
export function parseActionId(id: string): AlertActionId | undefined {
  const match = PATTERN.exec(id);
  const action = ALERT_ACTIONS.find((known) => known === match?.[1]);
  const alertId = match?.[3];
  return action === undefined || alertId === undefined ? undefined : { action, alertId, sequence: Number(match?.[2]) };
}
