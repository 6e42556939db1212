import { describe } from 'vitest';
import { startDynalite } from '../helpers/dynamodb-engines.ts';
import { alertStoreContract } from './alert-store-contract.ts';
import { dailyRoomContract } from './daily-room-contract.ts';
import { directoryStoreContract } from './directory-store-contract.ts';
import { factsStoreContract } from './facts-store-contract.ts';
import { fleetHistoryContract } from './fleet-history-contract.ts';
import { forecastStoreContract } from './forecast-store-contract.ts';
import { leaseStoreContract } from './lease-store-contract.ts';
import { runStoreContract } from './run-store-contract.ts';
import { seriesStoreContract } from './series-store-contract.ts';
import { stateStoreContract } from './state-store-contract.ts';
import { storeContract } from './store-contract.ts';
import { targetStoreContract } from './target-store-contract.ts';

describe('documents on dynalite', () => {
  storeContract(startDynalite);
});

describe('facts on dynalite', () => {
  factsStoreContract(startDynalite);
});

describe('states on dynalite', () => {
  stateStoreContract(startDynalite);
});

describe('runs on dynalite', () => {
  runStoreContract(startDynalite);
});

describe('the directory on dynalite', () => {
  directoryStoreContract(startDynalite);
});

describe('targets on dynalite', () => {
  targetStoreContract(startDynalite);
});

describe('leases on dynalite', () => {
  leaseStoreContract(startDynalite);
});

describe('forecasts on dynalite', () => {
  forecastStoreContract(startDynalite);
});

describe('series on dynalite', () => {
  seriesStoreContract(startDynalite);
});

describe('daily room on dynalite', () => {
  dailyRoomContract(startDynalite);
});

describe('the history of the fleet on dynalite', () => {
  fleetHistoryContract(startDynalite);
});

describe('alerts on dynalite', () => {
  alertStoreContract(startDynalite);
});
