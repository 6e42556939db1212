import { randomUUID } from 'node:crypto';
import type { AlertStore, SilenceStore } from '../../audit/alert-ports.ts';
import type { RoomHistory } from '../../audit/read-room-history.ts';
import type { RunStore } from '../../audit/store-ports.ts';
import type { Clock } from '../../aws/clock.ts';
import type { Alert } from '../../domain/alert/alert.ts';
import { toAlertChart } from '../../notify/slack/alert-chart.tsx';
import type { PreviewedThread } from '../../notify/slack/preview-page.tsx';
import type { Settings } from '../../settings/settings.ts';
import { createSlackNotifier } from '../../wiring/slack-notifier.ts';
import { createMemoryNotificationStore } from './memory-notification-store.ts';
import { createSlackPreviews } from './slack-previews.ts';

export interface SlackDeskOptions {
  readonly alerts: AlertStore;
  readonly silences: SilenceStore;
  readonly runs: RunStore;
  readonly settings: Pick<Settings, 'notifications' | 'owners'>;
  readonly clock: Clock;
  /** What the chart of an alert is drawn from; `undefined` where there is nothing to draw. */
  readonly readHistory: (alert: Alert) => Promise<RoomHistory | undefined>;
}

/** Tells alerts as they would be told in Slack, to those who look at the preview. */
export interface SlackDesk {
  /** Tells what was not told yet. */
  tell(): Promise<void>;
  /** The newest first. */
  threads(): readonly PreviewedThread[];
}

/** A page that is longer is not read. */
const THREADS_MAX = 200;
/** Nobody makes anybody wait here but a channel that takes a message a second. */
const TELL_MS = 5 * 60_000;
/** Stands for who confirmed a channel, and for the token that nobody asks for. */
const PREVIEW = 'preview';

/** Makes a desk whose messages go nowhere: every channel takes them, and this process keeps the newest. */
export function createSlackDesk({ readHistory, clock, ...options }: SlackDeskOptions): SlackDesk {
  const previews = createSlackPreviews({ now: clock.now, threadsMax: THREADS_MAX });
  const { settings } = options;
  const { slack } = settings.notifications;
  const notifier = createSlackNotifier({
    ...options,
    // By its webhook a channel would have no threads, and nothing is sent by it here.
    settings:
      slack === undefined
        ? settings
        : { ...settings, notifications: { ...settings.notifications, slack: { ...slack, webhooks: [] } } },
    clock,
    client: previews.client,
    fetch: () => Promise.reject(new Error('What is previewed is sent nowhere')),
    notifications: {
      ...createMemoryNotificationStore(),
      readConfirmation: async (channel) => ({
        channel,
        channelId: channel,
        confirmedAt: new Date(0).toISOString(),
        confirmedBy: PREVIEW,
        canReadHistory: true,
      }),
    },
    readSecret: async () => [PREVIEW],
    charts: {
      async chartOf(alert) {
        const history = await readHistory(alert);
        if (history === undefined) {
          return undefined;
        }
        const { svg, ...chart } = toAlertChart(alert, history);
        // Whoever looks at the preview can show the drawing itself.
        return { ...chart, bytes: new TextEncoder().encode(svg) };
      },
      onChartFailed(alertId, reason) {
        throw new Error(`Cannot draw the chart of ${alertId}`, { cause: reason });
      },
    },
    randomFraction: () => 0,
    newId: () => randomUUID(),
    preview: () => undefined,
  });
  return {
    async tell() {
      const nowMs = clock.now();
      await notifier.handle({ scheduledAt: new Date(nowMs).toISOString() }, nowMs + TELL_MS);
    },
    threads: previews.threads,
  };
}
