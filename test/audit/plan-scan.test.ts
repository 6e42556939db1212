import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planScan } from '../../lib/audit/plan-scan.ts';
import { OPEN_POLICY, type Policy } from '../../lib/audit/policy.ts';
import type { RegionListing } from '../../lib/audit/ports.ts';
import { isDailyDue } from '../../lib/audit/spread.ts';
import type { RunPlan } from '../../lib/audit/store-ports.ts';
import { targetText } from '../../lib/audit/target-text.ts';
import type { Instant } from '../../lib/domain/fact.ts';
import { deniedError } from '../helpers/region-facts-builder.ts';
import { CALLER, type FakeAccount, region } from './fake-organization.ts';
import { type PlannedWorld, type PlannerWorld, plannerWorld } from './planner-world.ts';

const EUROPE = 'eu-west-1';
const VIRGINIA = 'us-east-1';
const CAPE = 'af-south-1';
const FIRST = '111111111111';
const SECOND = '222222222222';
const THIRD = '333333333333';
const EIGHT = '2026-11-23T08:00:05.000Z';
const NINE = '2026-11-23T09:00:05.000Z';
const NEXT_DAY = '2026-11-24T09:00:05.000Z';
const BOTH = [region(VIRGINIA), region(EUROPE)];

function account(accountId: string, overrides: Partial<FakeAccount> = {}): FakeAccount {
  return { accountId, state: 'ACTIVE', regions: BOTH, ...overrides };
}

async function planAt(planner: PlannerWorld, at: Instant, kind: 'scan' | 'pulse' = 'scan'): Promise<RunPlan> {
  const hour = `${at.slice(0, 13)}:00:00.000Z`;
  const run = await planner.runs.readRun({ kind, at: hour });
  if (run === undefined) {
    throw new Error(`There is no ${kind} of ${hour}`);
  }
  return run.plan;
}

function targetsOf({ targets }: Pick<RunPlan, 'targets'>): string[] {
  return targets.map(targetText);
}

function outcomesOf({ accounts }: RunPlan) {
  return accounts.map(({ accountId, outcome, notScannedReason }) => [accountId, outcome, notScannedReason]);
}

function notSeenOf({ notSeen }: RunPlan) {
  return notSeen.map(({ scope, accountId, error, isRequired }) => [scope, accountId, error.code, isRequired]);
}

function retiredOf(planner: PlannerWorld): string[] {
  return planner.sent().flatMap((text) => (text.startsWith('retire ') ? [text.slice('retire '.length)] : []));
}

/** What the directory holds as targets. */
function heldBy(planner: PlannerWorld): string[] {
  return targetsOf(planner.directoryStore.current() ?? { targets: [] }).sort();
}

/** Organisational units decide: `out` leaves out, and where none were listed nobody can tell. */
const UNITS_POLICY: Policy = {
  ...OPEN_POLICY,
  accountScope: ({ organizationalUnitPaths }) => {
    if (organizationalUnitPaths === undefined) {
      return { state: 'unknown' };
    }
    return organizationalUnitPaths.includes('out')
      ? { state: 'out-of-scope', reason: 'the settings leave it out' }
      : { state: 'in-scope' };
  },
  regionScope: (name) =>
    name === CAPE ? { state: 'out-of-scope', reason: 'the settings leave it out' } : { state: 'in-scope' },
};

describe('a planned scan', () => {
  it('has every enabled region of every account as a target, and says what it leaves out', async () => {
    const planner = plannerWorld({
      policy: UNITS_POLICY,
      accounts: [
        account(SECOND, {
          organizationalUnitPaths: ['in'],
          regions: [...BOTH, region(CAPE), region('me-south-1', false)],
        }),
        account(FIRST, { organizationalUnitPaths: ['in'] }),
        account(THIRD, { organizationalUnitPaths: ['out'] }),
        account('444444444444', { state: 'SUSPENDED', organizationalUnitPaths: ['in'] }),
        account('555555555555'),
      ],
    });
    const summary = await planner.scanAt(EIGHT);
    const plan = await planAt(planner, EIGHT);
    expect(plan).toMatchObject({
      slot: { kind: 'scan', at: '2026-11-23T08:00:00.000Z' },
      plannedAt: EIGHT,
      caller: CALLER,
    });
    expect(targetsOf(plan)).toEqual([
      `${FIRST}/${EUROPE}`,
      `${FIRST}/${VIRGINIA}`,
      `${SECOND}/${EUROPE}`,
      `${SECOND}/${VIRGINIA}`,
    ]);
    expect(outcomesOf(plan)).toEqual([
      [SECOND, 'planned', undefined],
      [FIRST, 'planned', undefined],
      [THIRD, 'not-scanned', 'the settings leave it out'],
      ['444444444444', 'not-scanned', 'its state is SUSPENDED'],
      ['555555555555', 'not-seen', undefined],
    ]);
    expect(plan.accounts[0]).toMatchObject({ regionsLeftOut: [CAPE], regionsNotEnabled: ['me-south-1'] });
    expect(notSeenOf(plan)).toEqual([['account', '555555555555', 'not-attempted', true]]);
    expect(planner.sent()).toEqual(targetsOf(plan).map((text) => `observe ${text}`));
    expect(summary).toEqual({ accounts: 5, targets: 4, retired: 0, sent: 4, missed: 0, notSeen: 1 });
    // Nobody enters an account that is not scanned.
    expect([...planner.entered].sort()).toEqual([FIRST, SECOND]);
    expect(planner.directoryStore.current()).toMatchObject({
      caller: CALLER,
      accountsObservedAt: EIGHT,
      targets: plan.targets,
    });
  });

  it('is of its slot, however late in it the trigger comes', async () => {
    const planner = plannerWorld({ accounts: [account(FIRST)] });
    await planner.scanAt('2026-11-23T08:59:59.999Z');
    expect(planner.outbox.scans.map(({ message }) => message.slot)).toEqual([
      { kind: 'scan', at: '2026-11-23T08:00:00.000Z' },
      { kind: 'scan', at: '2026-11-23T08:00:00.000Z' },
    ]);
  });

  it('can be narrowed to some accounts and regions, whatever the settings say', async () => {
    const planner = plannerWorld({
      policy: UNITS_POLICY,
      accounts: [account(FIRST, { organizationalUnitPaths: ['out'] }), account(SECOND)],
      accountsError: deniedError('organizations:ListAccounts'),
      requestedAccounts: { kind: 'list', accountIds: [FIRST, FIRST] },
      requestedRegions: [EUROPE, 'eu-west-9', EUROPE],
    });
    await planner.scanAt(EIGHT);
    const plan = await planAt(planner, EIGHT);
    expect(targetsOf(plan)).toEqual([`${FIRST}/${EUROPE}`]);
    expect(notSeenOf(plan)).toEqual([['region', FIRST, 'not-found', true]]);
  });

  it('can be of the account of the caller alone', async () => {
    const planner = plannerWorld({ accounts: [account(CALLER.accountId)], requestedAccounts: { kind: 'current' } });
    await planner.scanAt(EIGHT);
    expect(outcomesOf(await planAt(planner, EIGHT))).toEqual([[CALLER.accountId, 'planned', undefined]]);
  });

  it('that is triggered again sends the same, and asks AWS nothing', async () => {
    const planner = plannerWorld({ accounts: [account(FIRST), account(SECOND)] });
    const summary = await planner.scanAt(EIGHT);
    const sent = planner.sent();
    const directory = planner.directoryStore.current();
    planner.world.accounts = [account(THIRD)];
    expect(await planner.scanAt('2026-11-23T08:20:00.000Z')).toEqual(summary);
    expect(planner.sent()).toEqual([...sent, ...sent]);
    expect(planner.directoryStore.current()).toEqual(directory);
  });

  it('spreads its messages, the same in each slot', async () => {
    const planner = plannerWorld({ accounts: [account(FIRST), account(SECOND)], spreadMs: 600_000 });
    await planner.scanAt(EIGHT);
    const delays = () => planner.outbox.scans.map(({ message, delayMs }) => [targetText(message.target), delayMs]);
    const first = delays();
    await planner.scanAt(NINE);
    expect(delays()).toEqual([...first, ...first]);
    expect(new Set(first.map(([, delayMs]) => delayMs)).size).toBe(4);
  });
});

describe('the regions of an account', () => {
  const hours = Array.from({ length: 30 }, (_, hour) => new Date(Date.parse(EIGHT) + hour * 3_600_000).toISOString());

  it('are asked at once, and then once a day', async () => {
    const planner = plannerWorld({ accounts: [account(FIRST)] });
    const asked: number[] = [];
    for (const at of hours) {
      const before = planner.entered.length;
      await planner.scanAt(at);
      asked.push(planner.entered.length - before);
    }
    expect(asked[0]).toBe(1);
    expect(asked.slice(1, 25).filter((count) => count > 0)).toEqual([1]);
  });

  it('are asked again in the next slot where they could not be had', async () => {
    const planner = plannerWorld({ accounts: [account(FIRST, { enterError: deniedError('sts:AssumeRole') })] });
    await planner.scanAt(EIGHT);
    expect(outcomesOf(await planAt(planner, EIGHT))).toEqual([[FIRST, 'not-seen', undefined]]);
    expect(notSeenOf(await planAt(planner, EIGHT))).toEqual([['account', FIRST, 'access-denied', true]]);
    planner.world.accounts = [account(FIRST)];
    await planner.scanAt(NINE);
    expect(planner.entered).toEqual([FIRST, FIRST]);
    expect(targetsOf(await planAt(planner, NINE))).toHaveLength(2);
  });

  it('are asked of eight accounts at once, never more', async () => {
    const accounts = Array.from({ length: 30 }, (_, index) => account(String(index).padStart(12, '0')));
    const planner = plannerWorld({ accounts });
    let inside = 0;
    let most = 0;
    const { enter } = planner.ports.entrance;
    const entrance = {
      enter: async (...parameters: Parameters<typeof enter>) => {
        inside += 1;
        most = Math.max(most, inside);
        const entered = await enter(...parameters);
        inside -= 1;
        return entered;
      },
    };
    await planScan(
      { kind: 'scan', scheduledAt: EIGHT, pulseScope: 'at-risk' },
      { ...planner.ports, entrance },
      new AbortController().signal,
    );
    expect(most).toBe(8);
    expect(planner.entered).toHaveLength(30);
  });

  it('stay where the account lets nobody in any more, which is recorded but not required', async () => {
    const planner = plannerWorld({ accounts: [account(FIRST), account(SECOND)] });
    await planner.scanAt(EIGHT);
    planner.world.accounts = [account(FIRST, { enterError: deniedError('sts:AssumeRole') }), account(SECOND)];
    await planner.scanAt(NEXT_DAY);
    const plan = await planAt(planner, NEXT_DAY);
    expect(outcomesOf(plan)).toEqual([
      [FIRST, 'planned', undefined],
      [SECOND, 'planned', undefined],
    ]);
    expect(targetsOf(plan)).toHaveLength(4);
    expect(notSeenOf(plan)).toEqual([['account', FIRST, 'access-denied', false]]);
    expect(retiredOf(planner)).toEqual([]);
  });

  it.each([
    ['AWS denies the list', deniedError('ec2:DescribeRegions'), 'regions', 'access-denied'],
    ['a bug is met', new TypeError('x is not a function'), 'account', 'internal-error'],
  ])('that nobody ever saw leave the account not seen, and others go on: %s', async (_, regionsError, scope, code) => {
    const planner = plannerWorld({ accounts: [account(FIRST, { regionsError }), account(SECOND)] });
    await planner.scanAt(EIGHT);
    const plan = await planAt(planner, EIGHT);
    expect(notSeenOf(plan)).toEqual([[scope, FIRST, code, true]]);
    expect(targetsOf(plan)).toEqual([`${SECOND}/${EUROPE}`, `${SECOND}/${VIRGINIA}`]);
  });

  it('are those named where the account does not list them', async () => {
    const planner = plannerWorld({
      accounts: [account(FIRST, { regionsError: deniedError('ec2:DescribeRegions') })],
      requestedRegions: [EUROPE],
    });
    await planner.scanAt(EIGHT);
    const plan = await planAt(planner, EIGHT);
    expect(targetsOf(plan)).toEqual([`${FIRST}/${EUROPE}`]);
    expect(notSeenOf(plan)).toEqual([['regions', FIRST, 'access-denied', false]]);
  });
});

describe('a listing that fails', () => {
  it.each<[string, Partial<PlannedWorld>, string]>([
    ['of accounts', { accountsError: deniedError('organizations:ListAccounts') }, 'accounts'],
    ['of the caller', { callerError: deniedError('sts:GetCallerIdentity') }, 'caller'],
  ])('%s leaves the accounts known before, and retires nobody', async (_, failure, scope) => {
    const planner = plannerWorld({ accounts: [account(FIRST), account(SECOND)] });
    await planner.scanAt(EIGHT);
    const before = await planAt(planner, EIGHT);
    Object.assign(planner.world, failure, { accounts: [] });
    await planner.scanAt(NINE);
    const plan = await planAt(planner, NINE);
    expect(targetsOf(plan)).toEqual(targetsOf(before));
    expect(plan.caller).toEqual(CALLER);
    expect(notSeenOf(plan)).toEqual([[scope, undefined, 'access-denied', true]]);
    expect(retiredOf(planner)).toEqual([]);
    expect(planner.directoryStore.current()?.accountsObservedAt).toBe(EIGHT);
  });

  it('does not keep known accounts from being asked for their regions', async () => {
    const planner = plannerWorld({ accounts: [account(FIRST, { enterError: deniedError('sts:AssumeRole') })] });
    await planner.scanAt(EIGHT);
    planner.world.accounts = [account(FIRST)];
    planner.world.accountsError = deniedError('organizations:ListAccounts');
    await planner.scanAt(NINE);
    expect(targetsOf(await planAt(planner, NINE))).toEqual([`${FIRST}/${EUROPE}`, `${FIRST}/${VIRGINIA}`]);
  });

  it('from the start leaves nothing to plan, which is said', async () => {
    const planner = plannerWorld({ accountsError: deniedError('organizations:ListAccounts') });
    expect(await planner.scanAt(EIGHT)).toEqual({
      accounts: 0,
      targets: 0,
      retired: 0,
      sent: 0,
      missed: 0,
      notSeen: 1,
    });
    expect(notSeenOf(await planAt(planner, EIGHT))).toEqual([['accounts', undefined, 'access-denied', true]]);
  });

  it('does not retire the targets of an account that is not in the directory any more', async () => {
    const target = { accountId: THIRD, region: EUROPE };
    const planner = plannerWorld(
      { accountsError: deniedError('organizations:ListAccounts') },
      { caller: CALLER, accounts: [], accountsObservedAt: EIGHT, regions: new Map(), targets: [target] },
    );
    await planner.scanAt(NINE);
    expect(retiredOf(planner)).toEqual([]);
    expect(heldBy(planner)).toEqual([`${THIRD}/${EUROPE}`]);
    planner.world.accountsError = undefined;
    await planner.scanAt('2026-11-23T10:00:05.000Z');
    expect(retiredOf(planner)).toEqual([`${THIRD}/${EUROPE}`]);
    expect(heldBy(planner)).toEqual([]);
  });
});

describe('a target that is left out on purpose', () => {
  const ALL_OF_FIRST = [`${FIRST}/${EUROPE}`, `${FIRST}/${VIRGINIA}`];
  const ALL_OF_SECOND = [`${SECOND}/${EUROPE}`, `${SECOND}/${VIRGINIA}`];

  it.each<[string, Partial<PlannedWorld>, readonly string[]]>([
    ['its account left', { accounts: [account(SECOND)] }, ALL_OF_FIRST],
    ['its account closes', { accounts: [account(FIRST, { state: 'PENDING_CLOSURE' }), account(SECOND)] }, ALL_OF_FIRST],
    [
      'the region is disabled',
      { accounts: [account(FIRST, { regions: [region(EUROPE), region(VIRGINIA, false)] }), account(SECOND)] },
      [`${FIRST}/${VIRGINIA}`],
    ],
    [
      'the settings leave the account out',
      {
        policy: {
          ...OPEN_POLICY,
          accountScope: ({ accountId }) =>
            accountId === FIRST ? { state: 'out-of-scope', reason: 'so' } : { state: 'in-scope' },
        },
      },
      ALL_OF_FIRST,
    ],
    [
      'the settings leave the region out',
      {
        policy: {
          ...OPEN_POLICY,
          regionScope: (name) => (name === EUROPE ? { state: 'out-of-scope', reason: 'so' } : { state: 'in-scope' }),
        },
      },
      [`${FIRST}/${EUROPE}`, `${SECOND}/${EUROPE}`],
    ],
    [
      'it is narrowed to other regions',
      { requestedRegions: [VIRGINIA] },
      [`${FIRST}/${EUROPE}`, `${SECOND}/${EUROPE}`],
    ],
    ['it is narrowed to other accounts', { requestedAccounts: { kind: 'list', accountIds: [SECOND] } }, ALL_OF_FIRST],
  ])('is retired once: %s', async (_, change, expected) => {
    const planner = plannerWorld({ accounts: [account(FIRST), account(SECOND)] });
    await planner.scanAt(EIGHT);
    Object.assign(planner.world, change);
    const summary = await planner.scanAt(NEXT_DAY);
    expect(retiredOf(planner)).toEqual(expected);
    expect(summary).toMatchObject({ retired: expected.length, sent: 4, targets: 4 - expected.length });
    expect(heldBy(planner)).toEqual([...ALL_OF_FIRST, ...ALL_OF_SECOND].filter((text) => !expected.includes(text)));
    expect(planner.outbox.scans.at(-1)?.message.slot).toEqual({ kind: 'scan', at: '2026-11-24T09:00:00.000Z' });
    await planner.scanAt('2026-11-24T10:00:05.000Z');
    expect(retiredOf(planner)).toEqual(expected);
  });

  it('is a target again when its account is back', async () => {
    const planner = plannerWorld({ accounts: [account(FIRST), account(SECOND)] });
    await planner.scanAt(EIGHT);
    planner.world.accounts = [account(SECOND)];
    await planner.scanAt(NINE);
    expect(retiredOf(planner)).toEqual(ALL_OF_FIRST);
    expect([...(planner.directoryStore.current()?.regions.keys() ?? [])]).toEqual([SECOND]);
    planner.world.accounts = [account(FIRST, { regions: [region(EUROPE)] }), account(SECOND)];
    await planner.scanAt('2026-11-23T10:00:05.000Z');
    // What was known of its regions was forgotten with it.
    expect(targetsOf(await planAt(planner, '2026-11-23T10:00:05.000Z'))).toEqual([
      `${FIRST}/${EUROPE}`,
      ...ALL_OF_SECOND,
    ]);
    expect(retiredOf(planner)).toEqual(ALL_OF_FIRST);
  });

  it('stays while nobody can tell whether its account is in scope', async () => {
    const planner = plannerWorld({
      policy: UNITS_POLICY,
      accounts: [account(FIRST, { organizationalUnitPaths: ['in'] })],
    });
    await planner.scanAt(EIGHT);
    planner.world.accounts = [account(FIRST)];
    await planner.scanAt(NINE);
    expect(targetsOf(await planAt(planner, NINE))).toEqual([]);
    expect([retiredOf(planner), heldBy(planner)]).toEqual([[], ALL_OF_FIRST]);
    planner.world.accounts = [account(FIRST, { organizationalUnitPaths: ['out'] })];
    await planner.scanAt('2026-11-23T10:00:05.000Z');
    expect([retiredOf(planner), heldBy(planner)]).toEqual([ALL_OF_FIRST, []]);
  });
});

describe('a slot that is over', () => {
  const message = { kind: 'scan', scheduledAt: EIGHT, pulseScope: 'at-risk' } as const;
  const { signal } = new AbortController();

  it.each([
    ['2026-11-23T09:00:00.000Z', 2, 0],
    ['2026-11-23T09:00:00.001Z', 0, 2],
  ])('at %s sends %d messages and misses %d targets', async (now, sent, missed) => {
    const planner = plannerWorld({ accounts: [account(FIRST)] });
    await planner.scanAt('2026-11-23T07:00:05.000Z');
    const sentBefore = planner.sent().length;
    planner.world.now = now;
    expect(await planScan(message, planner.ports, signal)).toMatchObject({ targets: 2, sent, missed });
    expect(planner.sent().length - sentBefore).toBe(sent);
    const run = await planner.runs.readRun({ kind: 'scan', at: '2026-11-23T08:00:00.000Z' });
    expect(run?.outcomes.map(({ target, state, endedAt }) => [targetText(target), state, endedAt])).toEqual(
      [`${FIRST}/${EUROPE}`, `${FIRST}/${VIRGINIA}`].slice(0, missed).map((text) => [text, 'missed', now]),
    );
  });

  it('asks AWS nothing, which is recorded, and retires nobody', async () => {
    const planner = plannerWorld({ accounts: [account(FIRST)] });
    await planner.scanAt('2026-11-23T07:00:05.000Z');
    const before = planner.directoryStore.current();
    Object.assign(planner.world, { accounts: [], now: NINE });
    await planScan(message, planner.ports, signal);
    expect(notSeenOf(await planAt(planner, EIGHT))).toEqual([['accounts', undefined, 'not-attempted', true]]);
    expect(planner.entered).toEqual([FIRST]);
    expect(planner.directoryStore.current()).toEqual(before);
  });

  it('misses what a planner that died left without an outcome, and no more than that', async () => {
    const planner = plannerWorld({ accounts: [account(FIRST)] });
    await planner.scanAt(EIGHT);
    const slot = { kind: 'scan', at: '2026-11-23T08:00:00.000Z' } as const;
    const finished = {
      target: { accountId: FIRST, region: EUROPE },
      state: 'finished',
      endedAt: '2026-11-23T08:01:00.000Z',
      vpcCount: 1,
      clusterCount: 1,
      notSeen: [],
    } as const;
    await planner.runs.recordOutcomes(slot, [finished]);
    planner.world.now = '2026-11-23T09:30:00.000Z';
    expect(await planScan(message, planner.ports, signal)).toMatchObject({ missed: 1, sent: 0 });
    expect(await planScan(message, planner.ports, signal)).toMatchObject({ missed: 0, sent: 0 });
    const run = await planner.runs.readRun(slot);
    expect(run?.outcomes.map(({ state }) => state)).toEqual(['finished', 'missed']);
  });
});

describe('the targets of scans', () => {
  const arbitraryAccount = fc.record({
    accountId: fc.constantFrom(FIRST, SECOND, THIRD, '444444444444'),
    state: fc.constantFrom(undefined, 'ACTIVE', 'SUSPENDED'),
    organizationalUnitPaths: fc.constantFrom(undefined, ['in'], ['in'], ['out']),
    regions: fc.uniqueArray(fc.tuple(fc.constantFrom(EUROPE, VIRGINIA, CAPE), fc.boolean()), {
      selector: ([name]) => name,
    }),
    isDenied: fc.boolean(),
  });
  type Drawn = typeof arbitraryAccount extends fc.Arbitrary<infer Value> ? Value : never;
  const arbitraryAccounts = fc.uniqueArray(arbitraryAccount, { selector: ({ accountId }) => accountId });

  function fakeOf({ accountId, state, organizationalUnitPaths, regions, isDenied }: Drawn): FakeAccount {
    return {
      accountId,
      regions: regions.map(([name, isEnabled]): RegionListing => region(name, isEnabled)),
      ...(state === undefined ? {} : { state }),
      ...(organizationalUnitPaths === undefined ? {} : { organizationalUnitPaths }),
      ...(isDenied ? { enterError: deniedError('sts:AssumeRole') } : {}),
    };
  }

  it('are each enabled region in scope of each account in scope, exactly once', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryAccounts, async (drawn) => {
        const planner = plannerWorld({ policy: UNITS_POLICY, accounts: drawn.map(fakeOf) });
        await planner.scanAt(EIGHT);
        const plan = await planAt(planner, EIGHT);
        const expected: string[] = [];
        for (const { accountId, state, organizationalUnitPaths, regions, isDenied } of drawn) {
          for (const [name, isEnabled] of regions) {
            const isAccountScanned = state !== 'SUSPENDED' && organizationalUnitPaths?.[0] === 'in' && !isDenied;
            if (isAccountScanned && isEnabled && name !== CAPE) {
              expected.push(`${accountId}/${name}`);
            }
          }
        }
        expect(targetsOf(plan)).toEqual(expected.sort());
        expect(planner.sent()).toEqual(expected.map((text) => `observe ${text}`));
        expect(plan.accounts.map(({ accountId }) => accountId)).toEqual(drawn.map(({ accountId }) => accountId));
      }),
    );
  });

  /** By what the organisation said last. */
  function isLeftOutOnPurpose(planner: PlannerWorld, target: string): boolean {
    const [accountId = '', name] = target.split('/');
    const known = planner.directoryStore.current();
    const ofAccount = known?.accounts.find((candidate) => candidate.accountId === accountId);
    if (
      ofAccount === undefined ||
      ofAccount.state === 'SUSPENDED' ||
      ofAccount.organizationalUnitPaths?.[0] === 'out'
    ) {
      return true;
    }
    const listing = known?.regions.get(accountId)?.regions.find(({ regionName }) => regionName === name);
    return listing?.isEnabled !== true;
  }

  it('are never lost: each that was sent is held until it is retired, and only for a reason', async () => {
    const arbitraryHour = fc.record({
      accounts: arbitraryAccounts.map((drawn) => drawn.map(fakeOf)),
      accountsError: fc.constantFrom(undefined, undefined, deniedError('organizations:ListAccounts')),
      callerError: fc.constantFrom(undefined, undefined, deniedError('sts:GetCallerIdentity')),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryHour, { minLength: 2, maxLength: 5 }), async (hours) => {
        const planner = plannerWorld({ policy: UNITS_POLICY });
        const alive = new Set<string>();
        for (const [index, hour] of hours.entries()) {
          Object.assign(planner.world, hour);
          const sentBefore = planner.sent().length;
          await planner.scanAt(new Date(Date.parse(EIGHT) + index * 12 * 3_600_000).toISOString());
          const { observe = [], retire = [] } = Object.groupBy(planner.outbox.scans.slice(sentBefore), purposeOf);
          const retired = retire.map(({ message }) => targetText(message.target));
          expect(retired.filter((text) => !alive.delete(text))).toEqual([]);
          expect(retired.filter((text) => !isLeftOutOnPurpose(planner, text))).toEqual([]);
          observe.forEach(({ message }) => {
            alive.add(targetText(message.target));
          });
          expect(heldBy(planner)).toEqual([...alive].sort());
        }
      }),
    );
  });
});

function purposeOf({ message }: PlannerWorld['outbox']['scans'][number]) {
  return message.purpose;
}

describe('a pulse', () => {
  const QUARTER = '2026-11-23T09:00:07.000Z';
  const OLD = '2026-01-01T00:00:00.000Z';
  const target = (accountId: string, name = EUROPE) => ({ accountId, region: name });
  // Neither is learnt on that day.
  const slot = { kind: 'pulse', at: '2026-11-23T09:00:00.000Z' } as const;

  async function pulsed(
    candidates: PlannedWorld['pulseCandidates'],
    pulseScope: 'at-risk' | 'with-clusters',
    scheduledAt = QUARTER,
  ) {
    const planner = plannerWorld({ accounts: [account(FIRST), account(SECOND)], pulseCandidates: candidates });
    await planner.scanAt(EIGHT);
    planner.world.now = scheduledAt;
    const summary = await planScan(
      { kind: 'pulse', scheduledAt, pulseScope },
      planner.ports,
      new AbortController().signal,
    );
    return { planner, summary, pulses: planner.outbox.pulses.map(({ message }) => targetText(message.target)) };
  }

  const calm = { vpcId: 'vpc-1', isAtRisk: false, firstObservedAt: OLD };

  it('is of all regions with clusters, each once, while they are targets', async () => {
    const { planner, summary, pulses } = await pulsed(
      [
        { target: target(SECOND), ...calm },
        { target: target(FIRST), ...calm },
        { target: target(SECOND), ...calm, isAtRisk: true },
        { target: target(THIRD), ...calm, isAtRisk: true },
      ],
      'with-clusters',
    );
    expect(pulses).toEqual([`${FIRST}/${EUROPE}`, `${SECOND}/${EUROPE}`]);
    expect(summary).toEqual({ accounts: 2, targets: 2, retired: 0, sent: 2, missed: 0, notSeen: 0 });
    expect(planner.outbox.pulses.map(({ message }) => message.slot)).toEqual([slot, slot]);
    expect(await planAt(planner, QUARTER, 'pulse')).toMatchObject({
      slot,
      plannedAt: QUARTER,
      caller: CALLER,
      notSeen: [],
    });
    // One account of the two scanned was entered once each, by the scan.
    expect([...planner.entered].sort()).toEqual([FIRST, SECOND]);
    expect(retiredOf(planner)).toEqual([]);
  });

  it('is of those at risk, and of those that are new for a day', async () => {
    const { pulses } = await pulsed(
      [
        { target: target(FIRST, EUROPE), vpcId: 'vpc-1', isAtRisk: true, firstObservedAt: OLD },
        {
          target: target(FIRST, VIRGINIA),
          vpcId: 'vpc-1',
          isAtRisk: false,
          firstObservedAt: '2026-11-22T09:00:00.000Z',
        },
        {
          target: target(SECOND, EUROPE),
          vpcId: 'vpc-1',
          isAtRisk: false,
          firstObservedAt: '2026-11-22T09:00:00.001Z',
        },
        {
          target: target(SECOND, VIRGINIA),
          vpcId: 'vpc-1',
          isAtRisk: false,
          firstObservedAt: '2026-11-23T09:10:00.000Z',
        },
      ],
      'at-risk',
    );
    expect(pulses).toEqual([`${FIRST}/${EUROPE}`, `${SECOND}/${EUROPE}`, `${SECOND}/${VIRGINIA}`]);
  });

  it('names the VPCs at risk of a region, and of one that is learnt all with clusters', async () => {
    const { planner } = await pulsed(
      [
        { target: target(FIRST), vpcId: 'vpc-1', isAtRisk: true, firstObservedAt: OLD },
        { target: target(FIRST), vpcId: 'vpc-2', isAtRisk: false, firstObservedAt: OLD },
        { target: target(SECOND), vpcId: 'vpc-3', isAtRisk: false, firstObservedAt: EIGHT },
        { target: target(FIRST), vpcId: 'vpc-4', isAtRisk: true, firstObservedAt: OLD },
        { target: target(SECOND), vpcId: 'vpc-5', isAtRisk: false, firstObservedAt: EIGHT },
      ],
      'at-risk',
    );
    expect(planner.outbox.pulses.map(({ message }) => message.vpcIds)).toEqual([
      ['vpc-1', 'vpc-4'],
      ['vpc-3', 'vpc-5'],
    ]);
  });

  it('is of each target on one day in 14', async () => {
    const days: number[] = [];
    for (let day = 0; day < 28; day += 1) {
      const at = new Date(Date.parse(QUARTER) + day * 86_400_000).toISOString();
      if ((await pulsed([{ target: target(FIRST), ...calm }], 'at-risk', at)).pulses.length > 0) {
        days.push(day);
      }
    }
    expect(days).toHaveLength(2);
    expect((days[1] ?? 0) - (days[0] ?? 0)).toBe(14);
  });

  it('is kept: a repeat sends the same, whatever the fleet says by then', async () => {
    const { planner, pulses } = await pulsed([{ target: target(FIRST), ...calm, isAtRisk: true }], 'at-risk');
    planner.world.pulseCandidates = [];
    await planScan(
      { kind: 'pulse', scheduledAt: QUARTER, pulseScope: 'at-risk' },
      planner.ports,
      new AbortController().signal,
    );
    expect(planner.outbox.pulses.map(({ message }) => targetText(message.target))).toEqual([...pulses, ...pulses]);
    expect(planner.outbox.pulses.map(({ message }) => message.vpcIds)).toEqual([['vpc-1'], ['vpc-1']]);
  });

  it('that comes after its quarter of an hour is missed', async () => {
    const { planner } = await pulsed([{ target: target(FIRST), ...calm, isAtRisk: true }], 'at-risk');
    const late = { kind: 'pulse', scheduledAt: '2026-11-23T08:45:00.000Z', pulseScope: 'at-risk' } as const;
    planner.world.now = '2026-11-23T09:00:00.001Z';
    expect(await planScan(late, planner.ports, new AbortController().signal)).toMatchObject({ missed: 1, sent: 0 });
    const run = await planner.runs.readRun({ kind: 'pulse', at: late.scheduledAt });
    expect(run?.outcomes.map(({ state }) => state)).toEqual(['missed']);
  });

  it('of an organisation that was never scanned is of nobody', async () => {
    const planner = plannerWorld({ pulseCandidates: [{ target: target(FIRST), ...calm, isAtRisk: true }] });
    planner.world.now = QUARTER;
    const message = { kind: 'pulse', scheduledAt: QUARTER, pulseScope: 'with-clusters' } as const;
    expect(await planScan(message, planner.ports, new AbortController().signal)).toMatchObject({ targets: 0, sent: 0 });
  });
});

it('has test accounts that are not asked for their regions between the first two scans', () => {
  const nine = { kind: 'scan', at: '2026-11-23T09:00:00.000Z' } as const;
  expect([FIRST, SECOND, THIRD].map((accountId) => isDailyDue(accountId, EIGHT, nine))).toEqual([false, false, false]);
});
