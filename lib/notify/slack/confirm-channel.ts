import type { ChannelConfirmation } from '../../audit/notification-ports.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { SlackMessage } from './block-kit.ts';
import type { NotificationPorts } from './deliver-notification.ts';
import { channelTestMessage } from './list-messages.ts';
import { postToWebhook } from './post-to-webhook.ts';
import type { SlackOutcome } from './slack-client.ts';

export interface ConfirmInput {
  /** As the settings spell it. */
  readonly channel: string;
  /** Who asks for the test message, as it names itself. Shown in it. */
  readonly askedBy: string;
}

export type ConfirmPorts = Pick<
  NotificationPorts,
  'client' | 'store' | 'setting' | 'policy' | 'secrets' | 'fetch' | 'clock'
>;

/**
 * Posts a test message to a channel and remembers that it got there, and by which id Slack knows the channel: until then everything
 * for that channel is a dry run. Says also whether its history can be read, without which a message whose answer was lost may be
 * told twice. May be repeated: each time a message is posted.
 */
export async function confirmChannel(input: ConfirmInput, ports: ConfirmPorts): Promise<Result<ChannelConfirmation>> {
  const { channel, askedBy } = input;
  const { channels, webhooks } = ports.policy;
  if (!channels.includes(channel)) {
    const named = channels.length === 0 ? 'a channel, and they name none' : `one of ${channels.join(', ')}`;
    return err(`Cannot confirm the channel "${channel}": the settings do not name it, expected ${named}`);
  }
  const { now } = ports.setting();
  const message = channelTestMessage(input, { now });
  const reached = webhooks.includes(channel)
    ? await reachByWebhook(channel, message, ports)
    : await reachByApp(channel, message, now, ports);
  if (reached.state !== 'done') {
    const answer = reached.state === 'refused' ? reached.error : reached.state;
    return err(`Cannot post a test message to the channel "${channel}": Slack answered ${answer}`);
  }
  const confirmation = { channel, ...reached.value, confirmedAt: now, confirmedBy: askedBy };
  await ports.store.writeConfirmation(confirmation);
  return ok(confirmation);
}

type Reached = SlackOutcome<Pick<ChannelConfirmation, 'channelId' | 'canReadHistory'>>;

async function reachByApp(
  channel: string,
  message: SlackMessage,
  now: string,
  { client, secrets }: ConfirmPorts,
): Promise<Reached> {
  if ((await secrets.botToken()) === undefined) {
    return { state: 'refused', error: 'nothing: there is no bot token' };
  }
  const posted = await client.post({
    ...message,
    channelId: channel,
    threadTs: undefined,
    isBroadcast: false,
    key: `test~${channel}~${now}`,
  });
  if (posted.state !== 'done') {
    return posted;
  }
  const { channelId, ts } = posted.value;
  const history = await client.history({ channelId, threadTs: ts, oldestMs: 0, cursor: undefined });
  return { state: 'done', value: { channelId, canReadHistory: history.state === 'done' } };
}

async function reachByWebhook(channel: string, message: SlackMessage, ports: ConfirmPorts): Promise<Reached> {
  const url = await ports.secrets.webhookUrl(channel);
  if (url === undefined) {
    return { state: 'refused', error: 'nothing: there is no URL of a webhook for it' };
  }
  const posted = await postToWebhook(url, message, ports);
  return posted.state === 'done' ? { state: 'done', value: { channelId: undefined, canReadHistory: false } } : posted;
}
