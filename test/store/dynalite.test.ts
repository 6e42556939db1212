import { describe } from 'vitest';
import { startDynalite } from '../helpers/dynamodb-engines.ts';
import { storeContract } from './store-contract.ts';

describe('the store on dynalite', () => {
  storeContract(startDynalite);
});
