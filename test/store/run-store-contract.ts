import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Slot } from '../../lib/audit/slot.ts';
import type { RunStore, TargetOutcome } from '../../lib/audit/store-ports.ts';
import { createRunStore } from '../../lib/store/run-store.ts';
import { sweepExpired } from '../../lib/store/sweep-expired.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { anOutcome, aPlan, EIGHT, HOSTILE_TEXT, NINE, NOT_SEEN } from './audit-values.ts';
import { crashEverywhere, FAULT_PLACES } from './crash-everywhere.ts';
import { aTable, type TableUnderTest } from './table-under-test.ts';

const MS_PER_DAY = 86_400_000;
const MS_PER_HOUR = 3_600_000;
const PROPERTY_RUNS = 25;

function target(accountId: string, region = 'eu-west-1') {
  return { accountId, region };
}

const STATES = ['missed', 'failed', 'finished'] as const;

/** Of all outcomes of a target the best, found by comparing each with each; where two are equally good, either is. */
function areBestOf(found: readonly TargetOutcome[], recorded: readonly TargetOutcome[]): void {
  const nameOf = ({ target: { accountId, region } }: TargetOutcome) => `${accountId} ${region}`;
  const worth = ({ state, endedAt }: TargetOutcome) => [STATES.indexOf(state), endedAt].join(' ');
  expect(found.map(nameOf)).toEqual([...new Set(recorded.map(nameOf))].sort());
  for (const outcome of found) {
    const rivals = recorded.filter((rival) => nameOf(rival) === nameOf(outcome));
    expect(rivals).toContainEqual(outcome);
    expect(rivals.filter((rival) => worth(rival) > worth(outcome))).toEqual([]);
  }
}

const outcomes = fc.array(
  fc
    .record({
      accountId: fc.constantFrom('1', '2'),
      region: fc.constantFrom('a', 'b'),
      state: fc.constantFrom(...STATES),
      minute: fc.integer({ min: 10, max: 12 }),
      vpcCount: fc.nat({ max: 3 }),
    })
    .map(({ accountId, region, state, minute, vpcCount }) =>
      anOutcome({
        target: { accountId, region },
        state,
        endedAt: `2026-11-23T08:${minute}:00.000Z`,
        vpcCount,
      }),
    ),
  { maxLength: 4 },
);

/** What the store of runs promises on every engine. */
export function runStoreContract(start: () => Promise<Engine>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  // An engine that did not start has nothing to stop.
  afterAll(() => engine?.stop());

  async function aStore(): Promise<{ readonly table: TableUnderTest; readonly store: RunStore }> {
    const table = await aTable(engine);
    return { table, store: createRunStore(table) };
  }

  it('gives back a plan and what it came to', async () => {
    const { store } = await aStore();
    const outcome = anOutcome({ state: 'failed', notSeen: [NOT_SEEN] });
    expect(await store.createRun(aPlan())).toStrictEqual(aPlan());
    await store.recordOutcomes(EIGHT, [outcome]);
    expect(await store.readRun(EIGHT)).toStrictEqual({ plan: aPlan(), outcomes: [outcome] });
    expect(await store.readRun(NINE)).toBeUndefined();
    expect(await store.readRun({ ...EIGHT, kind: 'pulse' })).toBeUndefined();
  });

  it('lets the first plan of a slot stand, and tells a later planner', async () => {
    const { store } = await aStore();
    await store.createRun(aPlan());
    const other = aPlan({ slot: { kind: 'scan', at: '2026-11-23T09:00:00+01:00' }, targets: [target('2')] });
    expect(await store.createRun(other)).toStrictEqual(aPlan());
    expect((await store.readRun(EIGHT))?.plan).toStrictEqual(aPlan());
  });

  it('lets planners of one slot race: all act on the same plan', async () => {
    const { store } = await aStore();
    const plans = await Promise.all(['1', '2', '3'].map((id) => store.createRun(aPlan({ targets: [target(id)] }))));
    const standing = (await store.readRun(EIGHT))?.plan;
    expect(standing).toBeDefined();
    expect(plans).toEqual([standing, standing, standing]);
    expect(await store.listRuns({ limit: 10 })).toEqual([EIGHT]);
  });

  it('keeps outcomes that come before the plan, and of targets that it does not name', async () => {
    const { store } = await aStore();
    const [unplanned, planned] = [anOutcome({ target: target('0') }), anOutcome()];
    await store.recordOutcomes(EIGHT, [planned, unplanned]);
    expect(await store.readRun(EIGHT)).toBeUndefined();
    await store.createRun(aPlan());
    expect((await store.readRun(EIGHT))?.outcomes).toEqual([unplanned, planned]);
  });

  it('keeps the best outcome of each target, in whatever order and however often they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(outcomes, { maxLength: 6 }), async (shares) => {
        const { store } = await aStore();
        await store.createRun(aPlan());
        for (const share of [...shares, ...shares.toReversed()]) {
          await store.recordOutcomes(EIGHT, share);
        }
        areBestOf((await store.readRun(EIGHT))?.outcomes ?? [], shares.flat());
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  it('writes a share once, whatever the order of its targets', async () => {
    const { table, store } = await aStore();
    await store.createRun(aPlan());
    const share = [anOutcome({ target: target('1') }), anOutcome({ target: target('2') })];
    await store.recordOutcomes(EIGHT, share);
    table.meter.reset();
    await store.recordOutcomes(EIGHT, share.toReversed());
    await store.recordOutcomes(EIGHT, []);
    // The write is refused; whose it is that stands is read.
    expect(table.meter.total()).toMatchObject({ requestCount: 1, writeUnits: 0 });
  });

  it('compares the moments that outcomes ended at, however they are written', async () => {
    const { store } = await aStore();
    await store.createRun(aPlan());
    await store.recordOutcomes(EIGHT, [anOutcome({ endedAt: '2026-11-23T08:05:00Z', vpcCount: 1 })]);
    await store.recordOutcomes(EIGHT, [anOutcome({ endedAt: '2026-11-23T09:05:00.000+02:00', vpcCount: 2 })]);
    expect((await store.readRun(EIGHT))?.outcomes).toEqual([anOutcome({ vpcCount: 1 })]);
    await expect(store.recordOutcomes(EIGHT, [anOutcome({ endedAt: 'soon' })])).rejects.toThrow(
      'Cannot keep the time "soon": it is no instant',
    );
  });

  it('lists runs of every kind, newest first, page by page', async () => {
    const { store } = await aStore();
    const slots = Array.from({ length: 7 }, (_, hour): Slot => {
      const at = `2026-11-23T0${hour}:00:00.000Z`;
      return hour % 3 === 0
        ? { kind: 'request', at, requestId: HOSTILE_TEXT }
        : { kind: hour % 3 === 1 ? 'scan' : 'pulse', at };
    });
    for (const slot of [...slots.slice(3), ...slots.slice(0, 3)]) {
      await store.createRun(aPlan({ slot }));
    }
    const newestFirst = slots.toReversed();
    expect(await store.listRuns({ limit: 100 })).toEqual(newestFirst);
    expect(await store.listRuns({ limit: 3 })).toEqual(newestFirst.slice(0, 3));
    for (const [index, before] of newestFirst.entries()) {
      expect(await store.listRuns({ limit: 3, before })).toEqual(newestFirst.slice(index + 1, index + 4));
    }
  });

  it('tells apart requests of one moment', async () => {
    const { store } = await aStore();
    const requests = ['', '#', HOSTILE_TEXT, 'x'.repeat(500)].map(
      (requestId): Slot => ({ ...EIGHT, kind: 'request', requestId }),
    );
    for (const slot of requests) {
      await store.createRun(aPlan({ slot }));
    }
    for (const slot of requests) {
      expect((await store.readRun(slot))?.plan.slot).toStrictEqual(slot);
    }
    const listed = await store.listRuns({ limit: 10 });
    expect(new Set(listed)).toEqual(new Set(requests));
    const pages: Slot[] = [];
    for (let page = await store.listRuns({ limit: 1 }); page.length > 0; ) {
      pages.push(...page);
      const [before] = page;
      page = before === undefined ? [] : await store.listRuns({ limit: 1, before });
    }
    expect(pages).toEqual(listed);
  });

  it('keeps a run for 30 days of its slot, all of it', async () => {
    const { table, store } = await aStore();
    await store.createRun(aPlan());
    await store.createRun(aPlan({ slot: NINE }));
    table.passTime(MS_PER_HOUR);
    await store.recordOutcomes(EIGHT, [anOutcome()]);
    table.passTime(30 * MS_PER_DAY - MS_PER_HOUR - 1);
    expect((await store.readRun(EIGHT))?.outcomes).toHaveLength(1);
    expect(await store.listRuns({ limit: 10 })).toEqual([NINE, EIGHT]);
    table.passTime(1);
    expect(await store.readRun(EIGHT)).toBeUndefined();
    expect(await store.listRuns({ limit: 10 })).toEqual([NINE]);
    expect(await sweepExpired(table, { itemsMax: 100 })).toEqual({ deletedCount: 3, isComplete: true });
  });

  it.each(FAULT_PLACES)(
    'lists every plan that is there after a crash %s any request, and a repeat finishes',
    async (place) => {
      const requestCount = await crashEverywhere(engine, place, {
        act: (table) => createRunStore(table).createRun(aPlan()),
        check: async (table) => {
          const store = createRunStore(table);
          if ((await store.readRun(EIGHT)) !== undefined) {
            expect(await store.listRuns({ limit: 10 })).toEqual([EIGHT]);
          }
          await store.createRun(aPlan());
          expect((await store.readRun(EIGHT))?.plan).toEqual(aPlan());
          expect(await store.listRuns({ limit: 10 })).toEqual([EIGHT]);
        },
      });
      expect(requestCount).toBe(2);
    },
  );

  it.each(FAULT_PLACES)(
    'has all or nothing of a share after a crash %s its request, and a repeat finishes',
    async (place) => {
      const share = [anOutcome({ target: target('1') }), anOutcome({ target: target('2') })];
      const requestCount = await crashEverywhere(engine, place, {
        prepare: (table) => createRunStore(table).createRun(aPlan()),
        act: (table) => createRunStore(table).recordOutcomes(EIGHT, share),
        check: async (table) => {
          const store = createRunStore(table);
          expect([[], share]).toContainEqual((await store.readRun(EIGHT))?.outcomes);
          await store.recordOutcomes(EIGHT, share);
          expect((await store.readRun(EIGHT))?.outcomes).toEqual(share);
        },
      });
      expect(requestCount).toBe(1);
    },
  );

  it('refuses a plan that nobody could read again', async () => {
    const { store } = await aStore();
    const plan = { ...aPlan(), extra: 1 };
    await expect(store.createRun(plan)).rejects.toThrow('Cannot write run-plan: extra is not known');
    expect(await store.listRuns({ limit: 1 })).toEqual([]);
  });

  it('reads a run of 4,000 targets that ended one by one', { timeout: 120_000 }, async () => {
    const { table, store } = await aStore();
    const targets = Array.from({ length: 4_000 }, (_, index) => target(String(100_000_000_000 + index)));
    await store.createRun(aPlan({ targets }));
    const recorded = targets.map((own) => anOutcome({ target: own }));
    for (let at = 0; at < recorded.length; at += 50) {
      await Promise.all(recorded.slice(at, at + 50).map((outcome) => store.recordOutcomes(EIGHT, [outcome])));
    }
    table.meter.reset();
    const run = await store.readRun(EIGHT);
    expect(run?.plan.targets).toEqual(targets);
    expect(run?.outcomes).toEqual(recorded);
    const { requestCount, readUnits } = table.meter.total();
    expect(requestCount).toBeGreaterThan(1);
    expect(readUnits).toBeLessThan(600);
  });
}
