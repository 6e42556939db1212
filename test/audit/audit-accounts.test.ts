import { describe, expect, it } from 'vitest';
import { type AuditRequest, type AuditResult, auditAccounts } from '../../lib/audit/audit-accounts.ts';
import { REQUIRED_FACTS_DEFAULT } from '../../lib/audit/coverage.ts';
import type { Subnet } from '../../lib/domain/network/network.ts';
import { ACCOUNT_ID, aSubnet, NOW } from '../helpers/builders.ts';
import { deniedError, seen } from '../helpers/region-facts-builder.ts';
import {
  CALLER,
  type FakeAccount,
  type FakeOrganization,
  fakeOrganization,
  ownFacts,
  region,
} from './fake-organization.ts';

const EUROPE = 'eu-west-1';
const VIRGINIA = 'us-east-1';
const BOTH = [region(VIRGINIA), region(EUROPE)];
const FIRST = '111111111111';
const SECOND = '222222222222';
const THIRD = '333333333333';

function audit(organization: FakeOrganization, request: Partial<AuditRequest> = {}): Promise<AuditResult> {
  const whole: AuditRequest = {
    accounts: { kind: 'organization' },
    regions: undefined,
    requiredFacts: REQUIRED_FACTS_DEFAULT,
    ...request,
  };
  return auditAccounts(whole, organization.ports, new AbortController().signal);
}

function subnetIdsOf({ states }: AuditResult): string[] {
  return states.flatMap(({ subnets }) => subnets.map(({ subnet }) => subnet.subnetId)).sort();
}

function notSeenOf({ coverage }: AuditResult) {
  return coverage.notSeen.map(({ scope, accountId, region: regionName, error, isRequired }) => [
    scope,
    accountId,
    regionName,
    error.code,
    isRequired,
  ]);
}

function outcomesOf({ coverage }: AuditResult) {
  return coverage.accounts.map(({ accountId, outcome }) => [accountId, outcome]);
}

describe('the accounts of an audit', () => {
  it('are the one of the caller', async () => {
    const organization = fakeOrganization([{ accountId: FIRST }]);
    const result = await audit(organization, { accounts: { kind: 'current' } });
    expect(outcomesOf(result)).toEqual([[CALLER.accountId, 'scanned']]);
    expect(organization.accountsEntered).toEqual([CALLER.accountId]);
  });

  it('are those listed, each once, without asking the organisation', async () => {
    const organization = fakeOrganization([], { accountsError: deniedError('organizations:ListAccounts') });
    const result = await audit(organization, { accounts: { kind: 'list', accountIds: [SECOND, FIRST, SECOND] } });
    expect(outcomesOf(result)).toEqual([
      [SECOND, 'scanned'],
      [FIRST, 'scanned'],
    ]);
    expect(result.coverage.notSeen).toEqual([]);
  });

  it.each([
    ['ACTIVE', 'scanned'],
    ['SUSPENDED', 'not-scanned'],
    ['PENDING_CLOSURE', 'not-scanned'],
    ['PENDING_ACTIVATION', 'not-scanned'],
    ['CLOSED', 'not-scanned'],
  ])('in state %s are %s', async (state, outcome) => {
    const organization = fakeOrganization([{ accountId: FIRST, state }]);
    const result = await audit(organization);
    expect(outcomesOf(result)).toEqual([[FIRST, outcome]]);
    expect(organization.accountsEntered).toEqual(outcome === 'scanned' ? [FIRST] : []);
    // An account that nobody can scan is not one that was missed.
    expect(result.coverage.notSeen).toEqual([]);
  });

  it('without a word on their state are tried', async () => {
    const organization = fakeOrganization([{ accountId: FIRST }]);
    expect(outcomesOf(await audit(organization))).toEqual([[FIRST, 'scanned']]);
    expect(organization.accountsEntered).toEqual([FIRST]);
  });

  it('keep the order and the names that the organisation gave, whoever answers first', async () => {
    const accounts = [THIRD, FIRST, SECOND].map((accountId) => ({ accountId, name: `account ${accountId}` }));
    const result = await audit(fakeOrganization(accounts));
    expect(result.coverage.accounts.map(({ name }) => name)).toEqual(accounts.map(({ name }) => name));
    expect(result.accounts.get(SECOND)?.name).toBe(`account ${SECOND}`);
  });

  it('are none where the caller is not known, and nothing else is tried', async () => {
    const organization = fakeOrganization([{ accountId: FIRST }], {
      callerError: deniedError('sts:GetCallerIdentity'),
    });
    const result = await audit(organization);
    expect(notSeenOf(result)).toEqual([['caller', undefined, undefined, 'access-denied', true]]);
    expect(result.coverage).toMatchObject({ caller: undefined, accounts: [], targetsExpected: 0, targetsFinished: 0 });
    expect(organization.accountsEntered).toEqual([]);
  });

  it('are none where the organisation lets nobody list them, which is said', async () => {
    const result = await audit(
      fakeOrganization([{ accountId: FIRST }], { accountsError: deniedError('organizations:ListAccounts') }),
    );
    expect(notSeenOf(result)).toEqual([['accounts', undefined, undefined, 'access-denied', true]]);
    expect(result.coverage).toMatchObject({ caller: CALLER, accounts: [] });
  });
});

describe('the regions of an account', () => {
  const regions = [region(VIRGINIA), region('af-south-1', false), region(EUROPE)];

  it('are all that it has enabled, in order, and the others are named', async () => {
    const organization = fakeOrganization([{ accountId: FIRST, regions }]);
    const { coverage } = await audit(organization);
    expect(coverage.accounts).toMatchObject([{ regions: [EUROPE, VIRGINIA], regionsNotEnabled: ['af-south-1'] }]);
    expect([...organization.targetsObserved].sort()).toEqual([`${FIRST} ${EUROPE}`, `${FIRST} ${VIRGINIA}`]);
  });

  it('are those asked for that it has enabled', async () => {
    const organization = fakeOrganization([{ accountId: FIRST, regions }]);
    const result = await audit(organization, { regions: [EUROPE, 'af-south-1'] });
    expect(result.coverage.accounts).toMatchObject([{ regions: [EUROPE], regionsNotEnabled: ['af-south-1'] }]);
    expect(organization.targetsObserved).toEqual([`${FIRST} ${EUROPE}`]);
    expect(result.coverage.notSeen).toEqual([]);
  });

  it('that do not exist are not seen, and the others are scanned', async () => {
    const result = await audit(fakeOrganization([{ accountId: FIRST, regions }]), { regions: ['eu-west-9', EUROPE] });
    expect(notSeenOf(result)).toEqual([['region', FIRST, 'eu-west-9', 'not-found', true]]);
    expect(result.coverage.notSeen[0]?.error.message).toBe(
      'There is no region "eu-west-9" in this partition; the account lists 3 regions',
    );
    expect(subnetIdsOf(result)).toEqual([`subnet-${FIRST}-${EUROPE}`]);
  });

  it('that cannot be listed leave the account not seen, unless it was said which to scan', async () => {
    const account = { accountId: FIRST, regionsError: deniedError('ec2:DescribeRegions') };
    const blind = await audit(fakeOrganization([account]));
    expect(notSeenOf(blind)).toEqual([['regions', FIRST, undefined, 'access-denied', true]]);
    expect(outcomesOf(blind)).toEqual([[FIRST, 'not-seen']]);
    const told = await audit(fakeOrganization([account]), { regions: [EUROPE] });
    expect(notSeenOf(told)).toEqual([['regions', FIRST, undefined, 'access-denied', false]]);
    expect(subnetIdsOf(told)).toEqual([`subnet-${FIRST}-${EUROPE}`]);
  });
});

describe('what fails in one place', () => {
  const healthy: FakeAccount = { accountId: SECOND, regions: BOTH };
  const seenOfHealthy = [`subnet-${SECOND}-${EUROPE}`, `subnet-${SECOND}-${VIRGINIA}`];

  it.each<[string, Partial<FakeAccount>, readonly unknown[]]>([
    [
      'an account lets nobody in',
      { enterError: deniedError('sts:AssumeRole') },
      ['account', FIRST, undefined, 'access-denied', true],
    ],
    [
      'a bug is met while entering',
      { enterError: new TypeError('x is not a function') },
      ['account', FIRST, undefined, 'internal-error', true],
    ],
    [
      'regions cannot be listed',
      { regionsError: deniedError('ec2:DescribeRegions') },
      ['regions', FIRST, undefined, 'access-denied', true],
    ],
    [
      'a bug is met while listing regions',
      { regionsError: new RangeError('no') },
      ['account', FIRST, undefined, 'internal-error', true],
    ],
  ])('does not stop another account: %s', async (_, failing, expected) => {
    const result = await audit(fakeOrganization([{ accountId: FIRST, ...failing }, healthy]));
    expect(notSeenOf(result)).toEqual([expected]);
    expect(outcomesOf(result)).toEqual([
      [FIRST, 'not-seen'],
      [SECOND, 'scanned'],
    ]);
    expect(subnetIdsOf(result)).toEqual(seenOfHealthy);
  });

  it('does not stop another region: a bug is recorded with what it said', async () => {
    const failing = {
      accountId: FIRST,
      regions: BOTH,
      observeErrors: { [EUROPE]: new TypeError('x is not a function') },
    };
    const result = await audit(fakeOrganization([failing, healthy]));
    expect(notSeenOf(result)).toEqual([['region', FIRST, EUROPE, 'internal-error', true]]);
    expect(result.coverage.notSeen[0]?.error).toMatchObject({
      action: 'elbowroom:ScanRegion',
      message: 'TypeError: x is not a function',
    });
    expect(subnetIdsOf(result)).toEqual([`subnet-${FIRST}-${VIRGINIA}`, ...seenOfHealthy]);
    expect(result.coverage).toMatchObject({ targetsExpected: 4, targetsFinished: 4 });
  });

  it('does not stop the judgement of another region', async () => {
    // The subnet of another account, which comes to light only when regions are judged.
    const broken: Subnet = {
      ...aSubnet({ subnetId: 'subnet-0broken', ownerId: SECOND }),
      get cidrBlock(): string {
        throw new TypeError('broken');
      },
    };
    const facts = { [EUROPE]: { ...ownFacts(FIRST, EUROPE), subnets: seen([broken]) } };
    const result = await audit(fakeOrganization([{ accountId: FIRST, regions: BOTH, facts }]));
    const error = { action: 'elbowroom:JudgeRegion', code: 'internal-error', message: 'TypeError: broken' };
    expect(result.coverage.notSeen).toMatchObject([{ scope: 'region', region: EUROPE, error, isRequired: true }]);
    expect(subnetIdsOf(result)).toEqual([`subnet-${FIRST}-${VIRGINIA}`]);
  });

  it('lists what was not seen in the order of accounts and regions, whoever answers first', async () => {
    const failing = (accountId: string): FakeAccount => ({
      accountId,
      regions: BOTH,
      observeErrors: { [EUROPE]: new Error('no'), [VIRGINIA]: new Error('no') },
    });
    const result = await audit(
      fakeOrganization([
        failing(THIRD),
        { accountId: SECOND, enterError: deniedError('sts:AssumeRole') },
        failing(FIRST),
      ]),
    );
    expect(result.coverage.notSeen.map(({ accountId, region: name }) => [accountId, name])).toEqual([
      [FIRST, EUROPE],
      [FIRST, VIRGINIA],
      [SECOND, undefined],
      [THIRD, EUROPE],
      [THIRD, VIRGINIA],
    ]);
  });
});

describe('an audit of many accounts', () => {
  const accounts: FakeAccount[] = Array.from({ length: 20 }, (_, index) => ({
    accountId: String(index).padStart(12, '0'),
    regions: Array.from({ length: 5 }, (_unused, number) => region(`eu-west-${number}`)),
    ...(index % 4 === 3 ? { enterError: deniedError('sts:AssumeRole') } : {}),
    ...(index % 4 === 2 ? { observeErrors: { 'eu-west-1': new Error('no') } } : {}),
    ...(index % 4 === 1 ? { state: 'SUSPENDED' } : {}),
  }));

  it('enters eight accounts and scans eight regions at once, never more', async () => {
    const organization = fakeOrganization(accounts);
    await audit(organization);
    expect(organization.enteringMost()).toBe(8);
    expect(organization.observingMost()).toBe(8);
  });

  it('reports progress that only rises and ends where everything is done', async () => {
    const organization = fakeOrganization(accounts);
    const { coverage } = await audit(organization);
    for (const [
      index,
      { accountsEntered, accountsExpected, targetsFinished, targetsExpected },
    ] of organization.progress.entries()) {
      const before = organization.progress[index - 1];
      expect(accountsEntered).toBeLessThanOrEqual(accountsExpected);
      expect(targetsFinished).toBeLessThanOrEqual(targetsExpected);
      expect(accountsEntered).toBeGreaterThanOrEqual(before?.accountsEntered ?? 0);
      expect(targetsFinished).toBeGreaterThanOrEqual(before?.targetsFinished ?? 0);
    }
    // Five are suspended and five let nobody in.
    expect(organization.progress.at(-1)).toEqual({
      accountsExpected: 15,
      accountsEntered: 15,
      targetsExpected: 50,
      targetsFinished: 50,
    });
    expect(coverage).toMatchObject({ targetsExpected: 50, targetsFinished: 50 });
  });

  it('knows how many regions there are when the last account is entered', async () => {
    const organization = fakeOrganization(accounts);
    await audit(organization);
    const entered = organization.progress.filter(
      ({ accountsEntered, accountsExpected }) => accountsEntered === accountsExpected && accountsExpected > 0,
    );
    expect(new Set(entered.map(({ targetsExpected }) => targetsExpected))).toEqual(new Set([50]));
  });

  it('says when it began and ended, and what it required', async () => {
    const { coverage } = await audit(fakeOrganization([]), { requiredFacts: ['addons'] });
    expect(coverage).toMatchObject({ startedAt: NOW, finishedAt: NOW, requiredFacts: ['addons'] });
  });
});

describe('a subnet that several accounts of an audit see', () => {
  it('stands once in the result', async () => {
    const shared = aSubnet({ ownerId: ACCOUNT_ID });
    const facts = (accountId: string) => ({ [EUROPE]: { ...ownFacts(accountId, EUROPE), subnets: seen([shared]) } });
    const organization = fakeOrganization([
      { accountId: SECOND, facts: facts(SECOND) },
      { accountId: ACCOUNT_ID, facts: facts(ACCOUNT_ID) },
    ]);
    const { states } = await audit(organization);
    expect(states.flatMap(({ subnets }) => subnets.map(({ viewerAccountIds }) => viewerAccountIds))).toEqual([
      [ACCOUNT_ID, SECOND],
    ]);
  });
});
