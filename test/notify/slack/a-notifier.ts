import type { AlertNotification } from '../../../lib/domain/alert/alert-notification.ts';
import { createMemoryNotificationStore } from '../../../lib/local/service/memory-notification-store.ts';
import { SETTING } from '../../../lib/local/service/slack-samples.ts';
import { createChannelPace } from '../../../lib/notify/slack/channel-pace.ts';
import {
  deliverNotification,
  type NotificationPolicy,
  type NotificationPorts,
} from '../../../lib/notify/slack/deliver-notification.ts';
import { createSlackClient, type Fetch } from '../../../lib/notify/slack/slack-client.ts';
import { createFakeSlack } from './fake-slack.ts';
import { createVirtualClock } from './virtual-clock.ts';

export const CHANNEL = 'C0PLATFORM';
export const START_MS = Date.parse('2026-11-23T12:00:00.000Z');

interface NotifierOptions {
  readonly isConfirmed?: boolean;
  readonly botToken?: string | undefined;
  readonly webhookUrl?: string;
  readonly policy?: Partial<NotificationPolicy>;
  /** Changes what Slack is sent or answers. */
  readonly around?: (fetch: Fetch) => Fetch;
}

/** Slack takes what it is sent, and of so many requests the answer never comes. */
export function losingAnswers(count: number): (fetch: Fetch) => Fetch {
  let lost = count;
  return (fetch) => async (url, init) => {
    const answer = await fetch(url, init);
    lost -= 1;
    return lost < 0 ? answer : Promise.reject(new TypeError('terminated'));
  };
}

/** Returns what tells notifications in a Slack where nothing goes wrong but what is asked for. */
export async function aNotifier({
  isConfirmed = true,
  policy,
  around = (fetch) => fetch,
  ...options
}: NotifierOptions = {}) {
  const clock = createVirtualClock(START_MS);
  const slack = createFakeSlack({
    seed: 1,
    clock,
    faultProbability: 0,
    canReadHistory: true,
    channels: [CHANNEL],
    channelNames: { '#platform': CHANNEL },
  });
  const token = 'botToken' in options ? options.botToken : 'xoxb-test';
  const store = createMemoryNotificationStore();
  const client = createSlackClient({ fetch: around(slack.fetch), clock, botToken: async () => 'xoxb-test' });
  const previews: string[] = [];
  let claims = 0;
  if (isConfirmed) {
    await store.writeConfirmation({
      channel: CHANNEL,
      channelId: CHANNEL,
      confirmedAt: SETTING.now,
      confirmedBy: 'ana',
      canReadHistory: true,
    });
  }
  const ports: NotificationPorts = {
    client,
    store,
    clock,
    pace: createChannelPace(clock),
    randomFraction: () => 0,
    newClaimId: () => String(++claims),
    policy: {
      channelOf: () => CHANNEL,
      quietUntilMs: () => undefined,
      mentionOf: () => ({ kind: 'here' }),
      webhooks: [],
      channels: [CHANNEL, 'C0OTHER'],
      ...policy,
    },
    fetch: around(slack.fetch),
    secrets: { botToken: async () => token, webhookUrl: async () => options.webhookUrl },
    setting: () => SETTING,
    preview: (_, { text }) => previews.push(text),
  };
  const deliver = (notification: AlertNotification) =>
    clock.run(deliverNotification(notification, ports, clock.now() + 50_000));
  return { clock, slack, store, ports, previews, deliver };
}
