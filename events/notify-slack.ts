import * as z from 'zod/mini';
import { ConfirmChannelMessage } from './confirm-channel.ts';
import { TellAlertsMessage } from './tell-alerts.ts';

/** What starts the function that tells Slack. */
export const NotifySlackMessage = z.union([TellAlertsMessage, ConfirmChannelMessage], {
  error: 'a map with scheduledAt, or one with confirmChannel, askedBy',
});
