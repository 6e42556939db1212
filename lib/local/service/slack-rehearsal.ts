import type { SilenceStore } from '../../audit/alert-ports.ts';
import type { Policy } from '../../audit/policy.ts';
import type { Account } from '../../audit/ports.ts';
import { type RoomHistoryPorts, readRoomHistory } from '../../audit/read-room-history.ts';
import { type RehearsalSpan, type RehearsalSummary, rehearseAlerts } from '../../audit/rehearse-alerts.ts';
import type { Clock } from '../../aws/clock.ts';
import type { PreviewedThread } from '../../notify/slack/preview-page.tsx';
import type { Settings } from '../../settings/settings.ts';
import { createMemoryAlertStore } from './memory-alert-store.ts';
import type { ServiceStores } from './service-stores.ts';
import { createSlackDesk } from './slack-desk.ts';

export interface SlackRehearsalOptions {
  readonly stores: Pick<ServiceStores, 'runs' | 'facts' | 'states' | 'series'>;
  readonly silences: SilenceStore;
  readonly policy: Policy;
  readonly settings: Pick<Settings, 'notifications' | 'owners'>;
  readonly accounts: () => Promise<ReadonlyMap<string, Account>>;
}

/** Shows what Slack would have been told of the past. */
export interface SlackRehearsal {
  run(span: RehearsalSpan, signal: AbortSignal): Promise<RehearsalSummary>;
  /** So far, the newest first. */
  threads(): readonly PreviewedThread[];
}

/** Makes a rehearsal with alerts and a clock of its own. Daily digests are left out: a page of them would hide the rest. */
export function createSlackRehearsal(options: SlackRehearsalOptions): SlackRehearsal {
  const { stores, silences, policy, accounts } = options;
  const alerts = createMemoryAlertStore();
  let nowMs = 0;
  const clock = {
    now: () => nowMs,
    // Nobody else moves this clock, so whoever waits moves it himself.
    sleep: async (durationMs: number) => {
      nowMs += durationMs;
    },
  };
  let judged: Pick<RoomHistoryPorts, 'states' | 'forecasts'> | undefined;
  const desk = createSlackDesk({
    alerts,
    silences,
    runs: stores.runs,
    settings: withoutDigests(options.settings),
    clock,
    readHistory: async (alert) =>
      judged === undefined
        ? undefined
        : readRoomHistory(alert, { ...judged, series: samplesUntil(stores.series, clock), now: clock.now }),
  });
  return {
    run: (span, signal) =>
      rehearseAlerts(
        span,
        {
          ...stores,
          policy,
          accounts,
          alerts,
          subscribers: ['slack'],
          accountName: async (accountId) => (await accounts()).get(accountId)?.name,
          tell(at, found) {
            judged = found;
            nowMs = Math.max(nowMs, Date.parse(at));
            return desk.tell();
          },
        },
        signal,
      ),
    threads: desk.threads,
  };
}

function withoutDigests(settings: SlackRehearsalOptions['settings']): SlackRehearsalOptions['settings'] {
  const { slack } = settings.notifications;
  return slack === undefined
    ? settings
    : { ...settings, notifications: { ...settings.notifications, slack: { ...slack, digestAt: 'never' } } };
}

/** What was observed later is not known yet. */
function samplesUntil({ samples }: ServiceStores['series'], { now }: Pick<Clock, 'now'>): RoomHistoryPorts['series'] {
  return {
    async samples(vpc, days) {
      const at = new Date(now()).toISOString();
      return (await samples(vpc, days)).filter(({ observedAt }) => observedAt <= at);
    },
  };
}
