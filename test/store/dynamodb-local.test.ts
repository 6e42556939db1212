import { describe, it } from 'vitest';
import { DYNAMODB_LOCAL_NOTE, hasDynamodbLocal, startDynamodbLocal } from '../helpers/dynamodb-engines.ts';
import { storeContract } from './store-contract.ts';

describe('java: the store on DynamoDB Local', () => {
  if (hasDynamodbLocal) {
    storeContract(startDynamodbLocal);
  } else {
    it('keeps the contract of the store', ({ skip }) => skip(DYNAMODB_LOCAL_NOTE));
  }
});
