import type { ChannelConfirmation, NotificationStore } from '../../audit/notification-ports.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { MessageSetting } from './alert-parts.ts';
import { channelTestMessage } from './list-messages.ts';
import type { SlackClient } from './slack-client.ts';

/**
 * Posts a test message to a channel and remembers that it got there: until then everything for that channel is a dry run. Says
 * also whether its history can be read, without which a message whose answer was lost may be told twice. An error is Slack's own.
 */
export async function confirmChannel(
  { channelId, askedBy }: { readonly channelId: string; readonly askedBy: string },
  {
    client,
    store,
    setting,
  }: { readonly client: SlackClient; readonly store: NotificationStore; readonly setting: MessageSetting },
): Promise<Result<ChannelConfirmation>> {
  const posted = await client.post({
    ...channelTestMessage({ askedBy, channelId }, setting),
    channelId,
    threadTs: undefined,
    isBroadcast: false,
    key: `test~${channelId}~${setting.now}`,
  });
  if (posted.state !== 'done') {
    const reason = posted.state === 'refused' ? posted.error : posted.state;
    return err(`Cannot post a test message to the channel "${channelId}": Slack answered ${reason}`);
  }
  const history = await client.history({
    channelId,
    threadTs: posted.value.ts,
    oldestMs: 0,
    cursor: undefined,
  });
  const confirmation = {
    channelId,
    confirmedAt: setting.now,
    confirmedBy: askedBy,
    canReadHistory: history.state === 'done',
  };
  await store.writeConfirmation(confirmation);
  return ok(confirmation);
}
