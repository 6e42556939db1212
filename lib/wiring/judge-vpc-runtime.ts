import type { JudgePorts } from '../audit/judge-vpc.ts';
import { raiseAlerts } from '../audit/raise-alerts.ts';
import type { Settings } from '../settings/settings.ts';
import { subscribersOf } from '../settings/subscribers-of.ts';
import { createAlertStore } from '../store/alert-store.ts';
import { createAccountReader } from '../store/directory-store.ts';
import { createFactsReader } from '../store/facts-store.ts';
import { createForecastStore } from '../store/forecast-store.ts';
import { createSeriesStore } from '../store/series-store.ts';
import { createStateStore } from '../store/state-store.ts';
import { createAwsAlertHint } from './aws-alert-hint.ts';
import { createAwsTable } from './aws-table.ts';
import { createFunctionRuntime, type Environment, type FunctionRuntime } from './function-runtime.ts';
import { keepAnswer } from './keep-answer.ts';
import { settingsPolicy } from './settings-policy.ts';

export interface JudgeVpcRuntime extends FunctionRuntime {
  readonly ports: JudgePorts;
}

/** Where accounts stand in the organisation is listed once an hour; a reading of it serves many judgements. */
const ACCOUNTS_KEPT_MS = 5 * 60_000;

/** Composes judge-vpc in AWS: it asks nothing of any account. */
export function createAwsJudgeVpc(environment: Environment, settings: Settings): JudgeVpcRuntime {
  const { telemetry, clock, config } = createFunctionRuntime('judge-vpc', environment, ['TABLE_NAME', 'BUS_NAME']);
  const table = createAwsTable(config.TABLE_NAME);
  const alerts = createAlertStore(table);
  const series = createSeriesStore(table, settings.retention);
  // Before the first scan was planned nobody knows where an account stands, and no rule takes that for anything else.
  const accounts = keepAnswer(clock, ACCOUNTS_KEPT_MS, createAccountReader(table));
  const subscribers = subscribersOf(settings);
  const hint = createAwsAlertHint({ subscribers, busName: config.BUS_NAME, clock, log: telemetry.log });
  const accountName = async (accountId: string) => (await accounts()).get(accountId)?.name;
  return {
    telemetry,
    clock,
    ports: {
      facts: createFactsReader(table),
      states: createStateStore(table),
      series,
      forecasts: createForecastStore(table),
      policy: settingsPolicy(settings),
      accounts,
      raiseAlerts: (state) => raiseAlerts(state, { alerts, series, subscribers, hint, accountName }),
    },
  };
}
