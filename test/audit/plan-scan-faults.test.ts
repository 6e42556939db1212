import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlanScanPorts, planScan } from '../../lib/audit/plan-scan.ts';
import { OPEN_POLICY } from '../../lib/audit/policy.ts';
import type { PulseCandidate } from '../../lib/audit/pulse-plan.ts';
import type { Run } from '../../lib/audit/store-ports.ts';
import { targetText } from '../../lib/audit/target-text.ts';
import { deniedError } from '../helpers/region-facts-builder.ts';
import { type Death, dyingPorts, PlannerDied, wrapPorts } from './dying-ports.ts';
import { type FakeAccount, region } from './fake-organization.ts';
import { type PlannerWorld, plannerWorld, planScanAt, sentTexts } from './planner-world.ts';

const EUROPE = 'eu-west-1';
const VIRGINIA = 'us-east-1';
const [FIRST, SECOND, THIRD, FOURTH] = ['111111111111', '222222222222', '333333333333', '444444444444'] as const;
const SEVEN = '2026-11-23T07:00:05.000Z';
const EIGHT = '2026-11-23T08:00:05.000Z';
const A_REPEAT_LATER = '2026-11-23T08:05:00.000Z';
const EIGHT_SLOT = { kind: 'scan', at: '2026-11-23T08:00:00.000Z' } as const;
const NINE_SLOT = { kind: 'scan', at: '2026-11-23T09:00:00.000Z' } as const;
const PLACES: readonly Death['place'][] = ['before', 'after'];

function account(accountId: string, overrides: Partial<FakeAccount> = {}): FakeAccount {
  return { accountId, state: 'ACTIVE', regions: [region(EUROPE), region(VIRGINIA)], ...overrides };
}

/** Scanned at seven; since then one account left, one closes, one joined, and the settings leave a region out. */
async function changedWorld(): Promise<PlannerWorld> {
  const planner = plannerWorld({ accounts: [account(FIRST), account(SECOND), account(THIRD)] });
  await planner.scanAt(SEVEN);
  Object.assign(planner.world, {
    now: EIGHT,
    accounts: [account(FIRST), account(THIRD, { state: 'PENDING_CLOSURE' }), account(FOURTH)],
    policy: {
      ...OPEN_POLICY,
      regionScope: (name: string) => ({ state: name === VIRGINIA ? 'out-of-scope' : 'in-scope', reason: 'so' }),
    },
  });
  return planner;
}

const RETIRED_AT_EIGHT = [
  `${FIRST}/${VIRGINIA}`,
  `${SECOND}/${EUROPE}`,
  `${SECOND}/${VIRGINIA}`,
  `${THIRD}/${EUROPE}`,
  `${THIRD}/${VIRGINIA}`,
];
const OBSERVED_AT_EIGHT = [`${FIRST}/${EUROPE}`, `${FOURTH}/${EUROPE}`];
const SENT_AT_EIGHT = [
  ...OBSERVED_AT_EIGHT.map((text) => `observe ${text}`),
  ...RETIRED_AT_EIGHT.map((text) => `retire ${text}`),
].sort();

function sentSince(planner: PlannerWorld, count: number): string[] {
  return [...new Set(planner.sent().slice(count))].sort();
}

function held(planner: PlannerWorld): string[] {
  return (planner.directoryStore.current()?.targets ?? []).map(targetText).sort();
}

function planOf(run: Run | undefined) {
  // When it was planned is the one thing that a repeat may say differently.
  return run === undefined ? undefined : { ...run.plan, plannedAt: '' };
}

/** Lets a planner die at a call; returns whether it had so many. */
async function dies(plan: (ports: PlanScanPorts) => Promise<unknown>, ports: PlanScanPorts): Promise<boolean> {
  return plan(ports).then(
    () => false,
    (cause: unknown) => {
      if (cause instanceof PlannerDied) {
        return true;
      }
      throw cause;
    },
  );
}

describe('a planner that dies', () => {
  it.each(PLACES)('%s any call of a scan is finished by a repeat of the trigger', async (place) => {
    const undisturbed = await changedWorld();
    const sentBefore = undisturbed.sent().length;
    await planScanAt(EIGHT, undisturbed.ports);
    const plan = planOf(await undisturbed.runs.readRun(EIGHT_SLOT));
    expect(sentSince(undisturbed, sentBefore)).toEqual(SENT_AT_EIGHT);

    let callNumber = 0;
    for (let hasDied = true; hasDied; ) {
      callNumber += 1;
      const planner = await changedWorld();
      hasDied = await dies((ports) => planScanAt(EIGHT, ports), dyingPorts(planner.ports, { callNumber, place }));
      const wasSent = planner.outbox.scans.length > sentBefore;
      const kept = await planner.runs.readRun(EIGHT_SLOT);
      expect(wasSent && kept === undefined).toBe(false);
      planner.world.now = A_REPEAT_LATER;
      await planScanAt(EIGHT, planner.ports);
      expect(planOf(await planner.runs.readRun(EIGHT_SLOT))).toEqual(plan);
      expect(sentSince(planner, sentBefore)).toEqual(SENT_AT_EIGHT);
      expect(held(planner)).toEqual(OBSERVED_AT_EIGHT);
    }
    // Each message, and besides: run, directory twice, caller, accounts, an account entered, directory written twice, run kept.
    expect(callNumber - 1).toBe(SENT_AT_EIGHT.length + 9);
  });

  it.each(PLACES)(
    '%s any call of a scan, and is not repeated, leaves nothing that the next scan would miss',
    async (place) => {
      for (let hasDied = true, callNumber = 1; hasDied; callNumber += 1) {
        const planner = await changedWorld();
        const sentBefore = planner.sent().length;
        hasDied = await dies((ports) => planScanAt(EIGHT, ports), dyingPorts(planner.ports, { callNumber, place }));
        await planner.scanAt('2026-11-23T09:00:05.000Z');
        expect(sentSince(planner, sentBefore)).toEqual(SENT_AT_EIGHT);
        expect(held(planner)).toEqual(OBSERVED_AT_EIGHT);
      }
    },
  );

  it.each(PLACES)('%s any call of a pulse is finished by a repeat', async (place) => {
    const candidates: PulseCandidate[] = [FIRST, SECOND].map((accountId) => ({
      target: { accountId, region: EUROPE },
      vpcId: 'vpc-1',
      isAtRisk: true,
      firstObservedAt: SEVEN,
    }));
    const message = { kind: 'pulse', scheduledAt: EIGHT, pulseScope: 'at-risk' } as const;
    const pulse = (ports: PlanScanPorts) => planScan(message, ports, new AbortController().signal);
    let callNumber = 0;
    for (let hasDied = true; hasDied; ) {
      callNumber += 1;
      const planner = plannerWorld({ accounts: [account(FIRST), account(SECOND)], pulseCandidates: candidates });
      await planner.scanAt(SEVEN);
      planner.world.now = EIGHT;
      hasDied = await dies(pulse, dyingPorts(planner.ports, { callNumber, place }));
      await pulse(planner.ports);
      const sent = new Set(planner.outbox.pulses.map(({ message: { target } }) => targetText(target)));
      expect([...sent]).toEqual([`${FIRST}/${EUROPE}`, `${SECOND}/${EUROPE}`]);
    }
    expect(callNumber - 1).toBe(6);
  });

  it.each(PLACES)('%s any call of a slot that is over leaves its targets missed by a repeat', async (place) => {
    for (let hasDied = true, callNumber = 1; hasDied; callNumber += 1) {
      const planner = await changedWorld();
      planner.world.now = '2026-11-23T09:01:00.000Z';
      hasDied = await dies((ports) => planScanAt(EIGHT, ports), dyingPorts(planner.ports, { callNumber, place }));
      await planScanAt(EIGHT, planner.ports);
      const run = await planner.runs.readRun(EIGHT_SLOT);
      expect(run?.outcomes.map(({ target, state }) => [targetText(target), state])).toEqual(
        run?.plan.targets.map((target) => [targetText(target), 'missed']),
      );
      expect(run?.plan.targets).toHaveLength(3);
    }
  });
});

/** Ports of which every answer waits for its turn, in an order that is drawn. */
function scheduledPorts(scheduler: fc.Scheduler, ports: PlanScanPorts): PlanScanPorts {
  return wrapPorts(ports, (call) => scheduler.schedule(call()));
}

describe('two planners at once', () => {
  it('send the messages of one plan, and both send all of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const planner = await changedWorld();
        const sentBefore = planner.sent().length;
        const ports = scheduledPorts(scheduler, planner.ports);
        await scheduler.waitFor(Promise.all([planScanAt(EIGHT, ports), planScanAt(EIGHT, ports)]));
        expect(sentSince(planner, sentBefore)).toEqual(SENT_AT_EIGHT);
        const observed = planner
          .sent()
          .slice(sentBefore)
          .filter((text) => text.startsWith('observe '));
        expect(observed).toHaveLength(2 * OBSERVED_AT_EIGHT.length);
        expect(held(planner)).toEqual(OBSERVED_AT_EIGHT);
      }),
    );
  });

  it('of which one sees less send one plan, and lose no target', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, isCallerDenied) => {
        const planner = await changedWorld();
        const sentBefore = planner.sent().length;
        const seeing = scheduledPorts(scheduler, planner.ports);
        const blind = scheduledPorts(scheduler, {
          ...planner.ports,
          directory: {
            caller: isCallerDenied
              ? async () => ({ ok: false, error: deniedError('sts:GetCallerIdentity') })
              : planner.ports.directory.caller,
            organizationAccounts: async () => ({
              state: 'unavailable',
              error: deniedError('organizations:ListAccounts'),
            }),
          },
        });
        await scheduler.waitFor(Promise.all([planScanAt(EIGHT, seeing), planScanAt(EIGHT, blind)]));
        const run = await planner.runs.readRun(EIGHT_SLOT);
        const sent = sentSince(planner, sentBefore);
        const observed = sent.flatMap((text) => (text.startsWith('observe ') ? [text.slice('observe '.length)] : []));
        const retired = sent.flatMap((text) => (text.startsWith('retire ') ? [text.slice('retire '.length)] : []));
        expect(observed).toEqual(run?.plan.targets.map(targetText));
        expect(RETIRED_AT_EIGHT).toEqual(expect.arrayContaining(retired));
        expect(held(planner)).toEqual(
          expect.arrayContaining(RETIRED_AT_EIGHT.filter((text) => !retired.includes(text))),
        );
        expect(held(planner)).toEqual(expect.arrayContaining(observed));
      }),
    );
  });

  it('of two slots never retire what the later one plans, and lose no target', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const planner = await changedWorld();
        planner.world.now = '2026-11-23T08:59:59.000Z';
        const before = held(planner);
        const sentBefore = planner.sent().length;
        const ports = scheduledPorts(scheduler, planner.ports);
        const slow = planScanAt(EIGHT, ports);
        const next = scheduler.schedule(Promise.resolve()).then(() => {
          // One account joins, and one that had just joined leaves.
          planner.world.now = '2026-11-23T09:00:01.000Z';
          planner.world.accounts = [account(FIRST), account('555555555555')];
          return planScanAt(planner.world.now, ports);
        });
        await scheduler.waitFor(Promise.all([slow, next]));
        const plan = (await planner.runs.readRun(NINE_SLOT))?.plan.targets.map(targetText) ?? [];
        expect(plan).toEqual([`${FIRST}/${EUROPE}`, `555555555555/${EUROPE}`]);
        const sent = sentTexts({ ...planner.outbox, scans: planner.outbox.scans.slice(sentBefore) });
        const retired = new Set(
          sent.flatMap((text) => (text.startsWith('retire ') ? [text.slice('retire '.length)] : [])),
        );
        const observed = sent.flatMap((text) => (text.startsWith('observe ') ? [text.slice('observe '.length)] : []));
        expect(plan.filter((text) => retired.has(text))).toEqual([]);
        expect(held(planner)).toEqual(expect.arrayContaining(plan));
        const lost = [...before, ...observed].filter((text) => !held(planner).includes(text) && !retired.has(text));
        expect(lost).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('give up where others change the directory again and again: the trigger comes again', async () => {
    const planner = await changedWorld();
    const directoryStore = { ...planner.ports.directoryStore, writeDirectory: async () => 'version-conflict' as const };
    await expect(planScanAt(EIGHT, { ...planner.ports, directoryStore })).rejects.toThrow(
      'Cannot write the directory: others changed it 10 times in a row',
    );
    expect(await planner.runs.readRun(EIGHT_SLOT)).toBeUndefined();
  });
});
