import type { FleetHistoryStore } from '../../audit/fleet-history-ports.ts';
import type { FleetStore } from '../../audit/fleet-ports.ts';
import type {
  DirectoryStore,
  FactsStore,
  ForecastStore,
  LeaseStore,
  RunStore,
  SeriesStore,
  StateStore,
  TargetStore,
} from '../../audit/store-ports.ts';
import { createDirectoryStore } from '../../store/directory-store.ts';
import { createFactsStore } from '../../store/facts-store.ts';
import { createFleetHistoryStore } from '../../store/fleet-history-store.ts';
import { createFleetStore } from '../../store/fleet-store.ts';
import { createForecastStore } from '../../store/forecast-store.ts';
import { createRunStore } from '../../store/run-store.ts';
import { createSeriesStore } from '../../store/series-store.ts';
import { createStateStore } from '../../store/state-store.ts';
import type { StoreTable } from '../../store/table.ts';
import { createTargetStore } from '../../store/target-store.ts';
import { createLocalLeases } from './local-leases.ts';

/** Everything that is kept, over one table; leases are kept in this process. */
export interface ServiceStores {
  readonly facts: FactsStore;
  readonly states: StateStore;
  readonly series: SeriesStore;
  readonly forecasts: ForecastStore;
  readonly runs: RunStore;
  readonly directory: DirectoryStore;
  readonly targets: TargetStore;
  readonly leases: LeaseStore;
  readonly fleets: FleetStore;
  readonly fleetHistory: FleetHistoryStore;
}

/** Returns the stores over a table. */
export function createServiceStores(table: StoreTable): ServiceStores {
  return {
    facts: createFactsStore(table),
    states: createStateStore(table),
    series: createSeriesStore(table),
    forecasts: createForecastStore(table),
    runs: createRunStore(table),
    directory: createDirectoryStore(table),
    targets: createTargetStore(table),
    leases: createLocalLeases(),
    fleets: createFleetStore(table),
    fleetHistory: createFleetHistoryStore(table),
  };
}
