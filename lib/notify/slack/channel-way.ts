import type { NotificationStore } from '../../audit/notification-ports.ts';

/** By what a channel is told. */
export type ChannelWay =
  /** By the app, to the channel of that id. */
  | { readonly kind: 'app'; readonly channelId: string }
  | { readonly kind: 'webhook'; readonly url: string }
  /** By nothing yet: no test message has reached it this way. */
  | { readonly kind: 'preview' }
  /** Its secret is gone. */
  | { readonly kind: 'unavailable'; readonly error: string };

/** Asked each time: they may be rotated meanwhile. `undefined` where there is none. */
export interface SlackSecrets {
  botToken(): Promise<string | undefined>;
  webhookUrl(channel: string): Promise<string | undefined>;
}

export interface ChannelWayPorts {
  readonly store: NotificationStore;
  readonly secrets: SlackSecrets;
  readonly policy: {
    /** The channels that a webhook posts to, and not the app. */
    readonly webhooks: readonly string[];
  };
}

/** Returns by what a channel is told now: by what its test message came, and nothing before one did. */
export async function channelWay(channel: string, { store, secrets, policy }: ChannelWayPorts): Promise<ChannelWay> {
  const confirmation = await store.readConfirmation(channel);
  const isByWebhook = policy.webhooks.includes(channel);
  if (confirmation === undefined || (confirmation.channelId === undefined) !== isByWebhook) {
    return { kind: 'preview' };
  }
  const { channelId } = confirmation;
  if (isByWebhook) {
    const url = await secrets.webhookUrl(channel);
    return url === undefined ? { kind: 'unavailable', error: 'no_webhook_url' } : { kind: 'webhook', url };
  }
  return channelId === undefined || (await secrets.botToken()) === undefined
    ? { kind: 'unavailable', error: 'no_bot_token' }
    : { kind: 'app', channelId };
}
