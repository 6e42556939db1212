import { describe, expect, it } from 'vitest';
import type { Account } from '../../lib/audit/ports.ts';
import {
  EMPTY_DIRECTORY,
  mergeDirectory,
  NOTHING_SEEN,
  type SeenDirectory,
} from '../../lib/audit/refresh-directory.ts';
import type { Directory } from '../../lib/audit/store-ports.ts';
import { CALLER, region } from './fake-organization.ts';

const FIRST = '111111111111';
const SECOND = '222222222222';
const EIGHT = '2026-11-23T08:00:00.000Z';
const NINE = '2026-11-23T09:00:00.000Z';

function account(accountId: string): Account {
  return { accountId, name: undefined, state: 'ACTIVE', organizationalUnitPaths: undefined };
}

function seenAt(observedAt: string, accountIds: readonly string[], regionName: string): SeenDirectory {
  return {
    ...NOTHING_SEEN,
    caller: CALLER,
    accounts: { accounts: accountIds.map(account), observedAt },
    regions: new Map(accountIds.map((accountId) => [accountId, { regions: [region(regionName)], observedAt }])),
  };
}

const KNOWN: Directory = {
  ...mergeDirectory(EMPTY_DIRECTORY, seenAt(EIGHT, [FIRST, SECOND], 'eu-west-1')),
  targets: [{ accountId: FIRST, region: 'eu-west-1' }],
};

describe('what is known of the organisation', () => {
  it('is replaced by a newer observation, which keeps its targets', () => {
    expect(mergeDirectory(KNOWN, seenAt(NINE, [SECOND], 'us-east-1'))).toEqual({
      caller: CALLER,
      accounts: [account(SECOND)],
      accountsObservedAt: NINE,
      regions: new Map([[SECOND, { regions: [region('us-east-1')], observedAt: NINE }]]),
      targets: KNOWN.targets,
    });
  });

  it('is not replaced by an older one: a slow planner hides nothing', () => {
    const older = seenAt('2026-11-23T07:59:59.999Z', [SECOND], 'us-east-1');
    expect(mergeDirectory(KNOWN, older)).toEqual(KNOWN);
  });

  it('is replaced by one of the same moment', () => {
    expect(mergeDirectory(KNOWN, seenAt(EIGHT, [SECOND], 'us-east-1')).accounts).toEqual([account(SECOND)]);
  });

  it('stays where nothing was seen', () => {
    expect(mergeDirectory(KNOWN, NOTHING_SEEN)).toEqual(KNOWN);
  });

  it('is told apart by instants, not by how they are written', () => {
    const later = seenAt('2026-11-23T10:00:00+01:00', [SECOND], 'us-east-1');
    expect(mergeDirectory(KNOWN, later).accounts).toEqual([account(SECOND)]);
    expect(() => mergeDirectory(KNOWN, seenAt('yesterday', [], 'us-east-1'))).toThrow(
      'Cannot compare observations: "yesterday" is no instant',
    );
  });
});
