import type { SilenceStore } from '../../audit/alert-ports.ts';
import type { Policy } from '../../audit/policy.ts';
import type { Account } from '../../audit/ports.ts';
import { type RehearsalSpan, type RehearsalSummary, rehearseAlerts } from '../../audit/rehearse-alerts.ts';
import type { PreviewedThread } from '../../notify/slack/preview-page.tsx';
import type { Settings } from '../../settings/settings.ts';
import { createMemoryAlertStore } from './memory-alert-store.ts';
import type { ServiceStores } from './service-stores.ts';
import { createSlackDesk } from './slack-desk.ts';

export interface SlackRehearsalOptions {
  readonly stores: Pick<ServiceStores, 'runs' | 'facts' | 'states' | 'series'>;
  readonly silences: Pick<SilenceStore, 'readSilences'>;
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

/** Makes a rehearsal with alerts and a clock of its own. */
export function createSlackRehearsal(options: SlackRehearsalOptions): SlackRehearsal {
  const { stores, silences, policy, settings, accounts } = options;
  const alerts = createMemoryAlertStore();
  let nowMs = 0;
  const clock = {
    now: () => nowMs,
    // Nobody else moves this clock, so whoever waits moves it himself.
    sleep: async (durationMs: number) => {
      nowMs += durationMs;
    },
  };
  const desk = createSlackDesk({ alerts, silences, settings, clock });
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
          tell(at) {
            nowMs = Math.max(nowMs, Date.parse(at));
            return desk.tell();
          },
        },
        signal,
      ),
    threads: desk.threads,
  };
}
