import { describe, it } from 'vitest';
import { DYNAMODB_LOCAL_NOTE, hasDynamodbLocal, startDynamodbLocal } from '../helpers/dynamodb-engines.ts';
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

describe('java: DynamoDB Local', () => {
  if (hasDynamodbLocal) {
    describe('documents', () => {
      storeContract(startDynamodbLocal);
    });
    describe('facts', () => {
      factsStoreContract(startDynamodbLocal);
    });
    describe('states', () => {
      stateStoreContract(startDynamodbLocal);
    });
    describe('runs', () => {
      runStoreContract(startDynamodbLocal);
    });
    describe('the directory', () => {
      directoryStoreContract(startDynamodbLocal);
    });
    describe('targets', () => {
      targetStoreContract(startDynamodbLocal);
    });
    describe('leases', () => {
      leaseStoreContract(startDynamodbLocal);
    });
    describe('forecasts', () => {
      forecastStoreContract(startDynamodbLocal);
    });
    describe('series', () => {
      seriesStoreContract(startDynamodbLocal);
    });
    describe('daily room', () => {
      dailyRoomContract(startDynamodbLocal);
    });
    describe('the history of the fleet', () => {
      fleetHistoryContract(startDynamodbLocal);
    });
    describe('alerts', () => {
      alertStoreContract(startDynamodbLocal);
    });
  } else {
    it('keeps the contract of the store', ({ skip }) => skip(DYNAMODB_LOCAL_NOTE));
  }
});
