import { describe, expect, it } from 'vitest';
import { scopeNotSeen } from '../../lib/audit/coverage.ts';
import { runCoverage } from '../../lib/audit/run-coverage.ts';
import type { Run, RunAccount, TargetOutcome } from '../../lib/audit/store-ports.ts';
import { tallyRun } from '../../lib/audit/tally-run.ts';
import { deniedError } from '../helpers/region-facts-builder.ts';

const AT = '2026-11-23T08:00:00.000Z';
const LATER = '2026-11-23T08:07:00.000Z';

function anAccount(accountId: string, overrides: Partial<RunAccount> = {}): RunAccount {
  return {
    accountId,
    name: undefined,
    state: 'ACTIVE',
    organizationalUnitPaths: undefined,
    outcome: 'planned',
    notScannedReason: undefined,
    regionsNotEnabled: [],
    regionsLeftOut: [],
    ...overrides,
  };
}

function anOutcome(accountId: string, overrides: Partial<TargetOutcome> = {}): TargetOutcome {
  return {
    target: { accountId, region: 'eu-west-1' },
    state: 'finished',
    endedAt: LATER,
    vpcCount: 1,
    clusterCount: 1,
    notSeen: [],
    ...overrides,
  };
}

const DENIED = scopeNotSeen('account', deniedError('sts:AssumeRole'), { accountId: '2', region: 'eu-west-1' });

const RUN: Run = {
  plan: {
    slot: { kind: 'scan', at: AT },
    plannedAt: AT,
    caller: { accountId: '1', partition: 'aws' },
    accounts: [
      anAccount('1'),
      anAccount('2'),
      anAccount('3'),
      anAccount('4', { outcome: 'not-scanned', notScannedReason: 'its state is CLOSED' }),
    ],
    targets: ['1', '2', '3'].map((accountId) => ({ accountId, region: 'eu-west-1' })),
    pulsedVpcs: [],
    notSeen: [],
  },
  outcomes: [anOutcome('1'), anOutcome('2', { state: 'failed', notSeen: [DENIED] }), anOutcome('9')],
};

describe('the coverage of a run', () => {
  it('counts what was planned, and what came of that', () => {
    expect(runCoverage(tallyRun(RUN), ['subnets'])).toMatchObject({
      startedAt: AT,
      finishedAt: LATER,
      targetsExpected: 3,
      targetsFinished: 1,
      requiredFacts: ['subnets'],
    });
  });

  it('has an account that nobody saw as not seen, though it was planned', () => {
    const { accounts } = runCoverage(tallyRun(RUN), []);
    expect(accounts.map(({ accountId, outcome }) => [accountId, outcome])).toEqual([
      ['1', 'scanned'],
      ['2', 'not-seen'],
      ['3', 'not-seen'],
      ['4', 'not-scanned'],
    ]);
  });

  it('names what never came back beside what was denied', () => {
    const { notSeen } = runCoverage(tallyRun(RUN), []);
    expect(notSeen.map(({ accountId, error, isRequired }) => [accountId, error.code, isRequired])).toEqual([
      ['2', 'access-denied', true],
      ['3', 'not-attempted', true],
    ]);
  });

  it('of which nothing has ended is as old as its plan', () => {
    expect(runCoverage(tallyRun({ ...RUN, outcomes: [] }), [])).toMatchObject({ finishedAt: AT, targetsFinished: 0 });
  });
});
