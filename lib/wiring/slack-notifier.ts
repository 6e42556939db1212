import type { AlertStore, SilenceReader } from '../audit/alert-ports.ts';
import { type TellDailyDigestSummary, tellDailyDigest } from '../audit/daily-digest.ts';
import type { ConfirmChannel, TellAlerts } from '../audit/message-ports.ts';
import type { ChannelConfirmation, NotificationStore } from '../audit/notification-ports.ts';
import type { RunReader } from '../audit/store-ports.ts';
import { type TellAlertsPorts, type TellAlertsSummary, tellAlerts } from '../audit/tell-alerts.ts';
import type { Clock } from '../aws/clock.ts';
import type { SlackMessage } from '../notify/slack/block-kit.ts';
import { createChannelPace } from '../notify/slack/channel-pace.ts';
import { confirmChannel } from '../notify/slack/confirm-channel.ts';
import {
  deliverDailyDigest,
  deliverNotification,
  type NotificationPorts,
} from '../notify/slack/deliver-notification.ts';
import { createDigestMarks } from '../notify/slack/digest-marks.ts';
import { createSlackClient, type Fetch, type SlackClient } from '../notify/slack/slack-client.ts';
import { alertUrl } from '../settings/alert-url.ts';
import type { Settings } from '../settings/settings.ts';
import type { ReadSecret } from './secret-reader.ts';
import { slackPolicy } from './slack-policy.ts';

export interface SlackNotifierOptions extends Pick<NotificationPorts, 'charts'>, Pick<TellAlertsPorts, 'settleMs'> {
  readonly settings: Pick<Settings, 'notifications' | 'owners'>;
  readonly alerts: AlertStore;
  readonly silences: SilenceReader;
  readonly runs: RunReader;
  readonly notifications: NotificationStore;
  readonly readSecret: ReadSecret;
  readonly clock: Clock;
  readonly fetch: Fetch;
  /** Absent where Slack itself is called. */
  readonly client?: SlackClient;
  randomFraction(): number;
  newId(): string;
  /** Takes a message for a channel that no test message has reached yet. */
  preview(channel: string, message: SlackMessage): void;
}

export interface SlackNotifier {
  /**
   * Tells what is to be told by now, alerts before the digest of the day, until `deadlineMs`, in milliseconds since 1970; or posts
   * the test message that ends the dry run of a channel, and throws where that does not get there.
   */
  handle(request: TellAlerts | ConfirmChannel, deadlineMs: number): Promise<SlackSummary | ChannelConfirmation>;
}

export interface SlackSummary {
  readonly alerts: TellAlertsSummary;
  readonly digests: TellDailyDigestSummary;
}

/** However much there is to tell of alerts, so much is left for the digest. */
const DIGEST_MS = 30_000;

/** Composes what tells alerts in Slack. Its parts may be those of AWS or of one machine. */
export function createSlackNotifier(options: SlackNotifierOptions): SlackNotifier {
  const parts = notificationPorts(options);
  return {
    async handle(request, deadlineMs) {
      if ('scheduledAt' in request) {
        return tell(options, parts, deadlineMs);
      }
      const confirmed = await confirmChannel(
        { channel: request.confirmChannel, askedBy: request.askedBy },
        parts.ports,
      );
      if (!confirmed.ok) {
        throw new Error(confirmed.error);
      }
      return confirmed.value;
    },
  };
}

/** What goes wrong with alerts keeps no digest from being told. */
async function tell(
  { alerts, silences, runs, clock, notifications, settleMs }: SlackNotifierOptions,
  { ports, policy: schedule }: NotifierParts,
  deadlineMs: number,
): Promise<SlackSummary> {
  const [told] = await Promise.allSettled([
    tellAlerts(
      {
        subscriber: 'slack',
        alerts,
        silences,
        clock,
        ...(settleMs === undefined ? {} : { settleMs }),
        deliver: (notification, byMs) => deliverNotification(notification, ports, byMs),
      },
      deadlineMs - DIGEST_MS,
    ),
  ]);
  const digests = await tellDailyDigest(
    {
      alerts,
      silences,
      runs,
      clock,
      schedule,
      marks: createDigestMarks(notifications),
      deliver: (digest, channel, byMs) => deliverDailyDigest(digest, channel, ports, byMs),
    },
    deadlineMs,
  );
  if (told.status === 'rejected') {
    throw told.reason;
  }
  return { alerts: told.value, digests };
}

type NotifierParts = ReturnType<typeof notificationPorts>;

function notificationPorts(options: SlackNotifierOptions) {
  const { settings, notifications, readSecret, clock, fetch, randomFraction, newId, preview, charts } = options;
  const policy = slackPolicy(settings);
  const botToken = async () => (await readSecret('slack-bot-token'))[0];
  const ports: NotificationPorts = {
    client:
      options.client ??
      createSlackClient({
        fetch,
        clock,
        async botToken() {
          const token = await botToken();
          if (token === undefined) {
            throw new Error('Cannot call Slack: there is no bot token any more, expected one in "slack-bot-token"');
          }
          return token;
        },
      }),
    store: notifications,
    clock,
    fetch,
    pace: createChannelPace(clock),
    randomFraction,
    newClaimId: newId,
    policy,
    secrets: { botToken, webhookUrl: async (channel) => urlOf(channel, await readSecret('slack-webhook-urls')) },
    setting: () => ({
      now: new Date(clock.now()).toISOString(),
      alertUrl: (alertId) => alertUrl(settings, alertId),
    }),
    preview,
    ...(charts === undefined ? {} : { charts }),
  };
  return { policy, ports };
}

/** Of lines of a channel and a URL each. */
function urlOf(channel: string, lines: readonly string[]): string | undefined {
  const words = lines.map((line) => line.split(/\s+/));
  return words.find(([name]) => name === channel)?.[1];
}
