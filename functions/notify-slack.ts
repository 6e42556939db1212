import { NotifySlackMessage } from '../events/notify-slack.ts';
import { createAwsNotifySlack, type NotifySlackRuntime } from '../lib/wiring/notify-slack-runtime.ts';
import { scheduledFunction } from '../lib/wiring/scheduled-function.ts';
import { underSettings } from '../lib/wiring/under-settings.ts';

/** A post that was begun before the signal ends: its turn in the channel, its call, and that of the first message. */
const RESERVE_MS = 60_000;

/** Tells alerts in Slack, or posts the test message that somebody asks for. */
export function createNotifySlackHandler({ slack, ...runtime }: NotifySlackRuntime) {
  return scheduledFunction({
    ...runtime,
    name: 'notify-slack',
    schema: NotifySlackMessage,
    reserveMs: RESERVE_MS,
    run: (message, { deadlineMs }) => slack.handle(message, deadlineMs),
  });
}

export const handler = underSettings('notify-slack', process.env, async (settings) =>
  createNotifySlackHandler(createAwsNotifySlack(process.env, settings)),
);
