import { randomUUID } from 'node:crypto';
import type { Settings } from '../settings/settings.ts';
import { createAlertStore } from '../store/alert-store.ts';
import { createForecastReader } from '../store/forecast-store.ts';
import { createNotificationStore } from '../store/notification-store.ts';
import { createRunReader } from '../store/run-store.ts';
import { createSeriesReader } from '../store/series-store.ts';
import { createSilenceReader } from '../store/silence-store.ts';
import { createStateReader } from '../store/state-store.ts';
import { createAlertCharts } from './alert-charts.ts';
import { createAwsSecrets } from './aws-secrets.ts';
import { createAwsTable } from './aws-table.ts';
import { freshFetch } from './fresh-fetch.ts';
import { createFunctionRuntime, type Environment, type FunctionRuntime } from './function-runtime.ts';
import { createSlackNotifier, type SlackNotifier } from './slack-notifier.ts';

export interface NotifySlackRuntime extends FunctionRuntime {
  readonly slack: SlackNotifier;
}

/** Whoever writes a thousand alerts of one matter writes several in that time. */
const SETTLE_MS = 15_000;

/** Composes notify-slack in AWS. What a channel would be told that nobody confirmed is in its log. */
export function createAwsNotifySlack(environment: Environment, settings: Settings): NotifySlackRuntime {
  const { telemetry, clock, config } = createFunctionRuntime('notify-slack', environment, [
    'TABLE_NAME',
    'SECRETS_PATH',
  ]);
  const table = createAwsTable(config.TABLE_NAME);
  return {
    telemetry,
    clock,
    slack: createSlackNotifier({
      settings,
      alerts: createAlertStore(table),
      silences: createSilenceReader(table),
      runs: createRunReader(table),
      notifications: createNotificationStore(table),
      readSecret: createAwsSecrets(config.SECRETS_PATH, clock),
      clock,
      settleMs: SETTLE_MS,
      charts: createAlertCharts(
        {
          states: createStateReader(table),
          series: createSeriesReader(table),
          forecasts: createForecastReader(table),
          now: () => clock.now(),
        },
        (alertId, reason) => telemetry.log.warn('A chart may not have reached Slack', { alertId, reason }),
      ),
      fetch: freshFetch,
      randomFraction: Math.random,
      newId: () => randomUUID(),
      preview: (channel, { text, blocks }) =>
        telemetry.log.info('Dry run: no test message has reached the channel, so this is not sent', {
          channel,
          text,
          blocks: JSON.stringify(blocks),
        }),
    }),
  };
}
