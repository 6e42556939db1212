import type { Clock } from '../aws/clock.ts';
import { createDirectoryReader } from '../store/directory-store.ts';
import { createFleetReader } from '../store/fleet-store.ts';
import { createForecastReader } from '../store/forecast-store.ts';
import { createSeriesReader } from '../store/series-store.ts';
import type { StoreTable } from '../store/table.ts';

const NO_HISTORY = {
  state: 'none',
  daysExpected: 0,
  daysFinished: 0,
  message: 'What is over cannot be looked at any more: a trend begins with the first scan',
} as const;

/** Returns what API and pages in AWS both read from the deployment's table. */
export function createAwsReadPorts(table: StoreTable, clock: Clock) {
  return {
    fleets: createFleetReader(table),
    series: createSeriesReader(table),
    forecasts: createForecastReader(table),
    directory: createDirectoryReader(table),
    history: () => NO_HISTORY,
    now: clock.now,
  };
}
