import { randomUUID } from 'node:crypto';
import type { AlertStore, SilenceStore } from '../../audit/alert-ports.ts';
import { type TellAlertsSummary, tellAlerts } from '../../audit/tell-alerts.ts';
import type { Clock } from '../../aws/clock.ts';
import { deliverNotification, type NotificationPorts } from '../../notify/slack/deliver-notification.ts';
import type { PreviewedThread } from '../../notify/slack/preview-page.tsx';
import { channelOf, channelsOf } from '../../settings/channel-of.ts';
import { quietUntilMs } from '../../settings/quiet-until.ts';
import type { Settings } from '../../settings/settings.ts';
import { createMemoryNotificationStore } from './memory-notification-store.ts';
import { createSlackPreviews } from './slack-previews.ts';

export interface SlackDeskOptions {
  readonly alerts: AlertStore;
  readonly silences: Pick<SilenceStore, 'readSilences'>;
  readonly settings: Pick<Settings, 'notifications' | 'owners'>;
  readonly clock: Clock;
}

/** Tells alerts as they would be told in Slack, to those who look at the preview. */
export interface SlackDesk {
  /** Tells what was not told yet. */
  tell(): Promise<TellAlertsSummary>;
  /** The newest first. */
  threads(): readonly PreviewedThread[];
}

/** A page that is longer is not read. */
const THREADS_MAX = 200;
/** Nothing here ever makes anybody wait. */
const DEADLINE_MS = 1_000;

/** Stands for who confirmed a channel, and for the token that nobody asks for. */
const PREVIEW = 'preview';

/** Makes a desk whose messages go nowhere: every channel takes them, and this process keeps the newest. */
export function createSlackDesk({ alerts, silences, settings, clock }: SlackDeskOptions): SlackDesk {
  const previews = createSlackPreviews({ now: clock.now, threadsMax: THREADS_MAX });
  const ports: NotificationPorts = {
    client: previews.client,
    store: {
      ...createMemoryNotificationStore(),
      readConfirmation: async (channel) => ({
        channel,
        channelId: channel,
        confirmedAt: new Date(0).toISOString(),
        confirmedBy: PREVIEW,
        canReadHistory: true,
      }),
    },
    fetch: () => Promise.reject(new Error('What is previewed is sent nowhere')),
    secrets: { botToken: async () => PREVIEW, webhookUrl: async () => undefined },
    clock,
    pace: { take: () => ({ isTaken: true, atMs: clock.now() }), hold: () => undefined },
    randomFraction: () => 0,
    newClaimId: () => randomUUID(),
    policy: {
      channels: channelsOf(settings),
      channelOf: (alert) => channelOf(settings, alert),
      webhooks: [],
      quietUntilMs: (channelId, nowMs) =>
        settings.notifications.slack === undefined
          ? undefined
          : quietUntilMs(settings.notifications.slack, channelId, nowMs),
      mentionOf: () => undefined,
    },
    setting: () => ({ now: new Date(clock.now()).toISOString(), alertUrl: () => undefined }),
    preview: () => undefined,
  };
  return {
    tell: () =>
      tellAlerts(
        {
          subscriber: 'slack',
          alerts,
          silences,
          clock,
          deliver: (notification, deadlineMs) => deliverNotification(notification, ports, deadlineMs),
        },
        clock.now() + DEADLINE_MS,
      ),
    threads: previews.threads,
  };
}
