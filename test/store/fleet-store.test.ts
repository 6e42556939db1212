import { describe } from 'vitest';
import { startDynalite } from '../helpers/dynamodb-engines.ts';
import { fleetStoreContract } from './fleet-store-contract.ts';

describe('the fleet on dynalite', () => {
  fleetStoreContract(startDynalite);
});
