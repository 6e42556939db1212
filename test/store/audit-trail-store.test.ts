import { describe, expect, it } from 'vitest';
import { AUDIT_TRAIL_DOCUMENT } from '../../lib/store/audit-trail-store.ts';
import { encodeDocument } from '../../lib/store/columns-document.ts';
import {
  DYNAMODB_LOCAL_NOTE,
  hasDynamodbLocal,
  startDynalite,
  startDynamodbLocal,
} from '../helpers/dynamodb-engines.ts';
import { expectGolden } from '../helpers/golden.ts';
import { auditTrailStoreContract } from './audit-trail-store-contract.ts';
import { hexOf } from './hex.ts';

describe('the audit trail on dynalite', () => {
  auditTrailStoreContract(startDynalite);
});

describe('the audit trail on DynamoDB Local', () => {
  if (hasDynamodbLocal) {
    auditTrailStoreContract(startDynamodbLocal);
  } else {
    it('keeps the contract of the store', ({ skip }) => skip(DYNAMODB_LOCAL_NOTE));
  }
});

it('is kept as it was in version 1', () => {
  const entry = {
    entryId: 'e-1',
    at: '2026-11-23T08:00:00.000Z',
    by: 'ana',
    action: 'alert-snoozed',
    resourceId: 'exhaustion.1',
    accountIds: ['111122223333'],
    outcome: 'done',
    before: new Map([['state', 'open']]),
    after: undefined,
  } as const;
  expectGolden('audit-trail-v1.hex', hexOf(encodeDocument(AUDIT_TRAIL_DOCUMENT, entry)));
  expect(AUDIT_TRAIL_DOCUMENT.decode(encodeDocument(AUDIT_TRAIL_DOCUMENT, entry))).toEqual(entry);
});
