import { describe, expect, it } from 'vitest';
import { parseAccount } from '../../lib/collect/account-directory.ts';
import { parseRegion } from '../../lib/collect/regions.ts';
import { describeParseContract } from './parse-contract.ts';

describeParseContract('an account', {
  parse: parseAccount,
  resource: 'account "Shop"',
  idField: 'Id',
  full: { Id: '111122223333', Name: 'Shop', State: 'ACTIVE', Status: 'ACTIVE' },
});

describe('the state of an account', () => {
  it.each([
    { State: 'PENDING_CLOSURE', Status: 'ACTIVE', state: 'PENDING_CLOSURE' },
    { State: 'CLOSED', Status: 'SUSPENDED', state: 'CLOSED' },
    { State: undefined, Status: 'SUSPENDED', state: 'SUSPENDED' },
    { State: undefined, Status: undefined, state: undefined },
  ] as const)('is $state where State is $State and Status is $Status', ({ State, Status, state }) => {
    expect(parseAccount({ Id: '111122223333', Name: 'Shop', State, Status })).toEqual({
      ok: true,
      value: { accountId: '111122223333', name: 'Shop', state },
    });
  });
});

describe('parseRegion', () => {
  it.each([
    { OptInStatus: 'opt-in-not-required', isEnabled: true },
    { OptInStatus: 'opted-in', isEnabled: true },
    { OptInStatus: 'not-opted-in', isEnabled: false },
    { OptInStatus: undefined, isEnabled: true },
  ])('takes $OptInStatus for enabled: $isEnabled', ({ OptInStatus, isEnabled }) => {
    expect(parseRegion({ RegionName: 'af-south-1', OptInStatus })).toEqual({
      ok: true,
      value: { regionName: 'af-south-1', isEnabled },
    });
  });

  it('refuses a region without a name', () => {
    expect(parseRegion({ OptInStatus: 'opted-in' })).toEqual({
      ok: false,
      error: 'Cannot read region "without an id": RegionName is absent',
    });
  });
});
