import { describe, expect, it } from 'vitest';
import { findFleetScan } from '../../lib/audit/find-fleet-scan.ts';
import type { Slot } from '../../lib/audit/slot.ts';
import type { RunReader, TargetOutcome } from '../../lib/audit/store-ports.ts';
import type { RunTally } from '../../lib/audit/tally-run.ts';
import { memoryRunStore } from '../helpers/memory-stores.ts';
import { anOutcome, aPlan } from '../store/audit-values.ts';

const SEVEN: Slot = { kind: 'scan', at: '2026-11-23T07:00:00.000Z' };
const EIGHT: Slot = { kind: 'scan', at: '2026-11-23T08:00:00.000Z' };
const NINE: Slot = { kind: 'scan', at: '2026-11-23T09:00:00.000Z' };
const TARGETS = ['eu-west-1', 'us-east-1'].map((region) => ({ accountId: '111122223333', region }));
const ALL_FINISHED = ['finished', 'finished'] as const;

/** Runs, and which of them were read since the last look. */
function countingRuns() {
  const store = memoryRunStore();
  const reads: string[] = [];
  const runs: RunReader = {
    listRuns: store.listRuns,
    readRun(slot) {
      reads.push(slot.at);
      return store.readRun(slot);
    },
  };
  const end = (slot: Slot, states: readonly TargetOutcome['state'][]) =>
    store.recordOutcomes(
      slot,
      TARGETS.flatMap((target, index) => {
        const state = states[index];
        return state === undefined ? [] : [anOutcome({ target, state })];
      }),
    );
  return {
    runs,
    store,
    end,
    readsSince: () => reads.splice(0),
    async scan(slot: Slot, states: readonly TargetOutcome['state'][]) {
      await store.createRun(aPlan({ slot, targets: TARGETS }));
      await end(slot, states);
    },
    find: async (now: string, kept?: RunTally) => findFleetScan(runs, kept, now),
  };
}

describe('the scan that a fleet rests on', () => {
  it('is none before the first, nor is a pulse or a request one', async () => {
    const { store, find } = countingRuns();
    expect(await find(NINE.at)).toBeUndefined();
    await store.createRun(aPlan({ slot: { kind: 'pulse', at: EIGHT.at }, targets: [] }));
    await store.createRun(aPlan({ slot: { kind: 'request', at: EIGHT.at, requestId: 'r' }, targets: [] }));
    expect(await find(NINE.at)).toBeUndefined();
  });

  it('is the first one while that is under way, and the one before while a later one is', async () => {
    const { scan, find } = countingRuns();
    await scan(EIGHT, ['finished']);
    expect((await find('2026-11-23T08:15:00.000Z'))?.slot).toEqual(EIGHT);
    await scan(NINE, []);
    expect((await find('2026-11-23T09:15:00.000Z'))?.slot).toEqual(EIGHT);
  });

  it.each([
    { what: 'a target is under way', states: ['finished'] as const, slot: EIGHT },
    { what: 'all of its targets have ended', states: ALL_FINISHED, slot: NINE },
    { what: 'all have ended, in whatever way', states: ['failed', 'missed'] as const, slot: NINE },
  ])('is of two scans of which the later one is such that $what the one that is over', async ({ states, slot }) => {
    const { scan, find } = countingRuns();
    await scan(EIGHT, ALL_FINISHED);
    await scan(NINE, states);
    expect((await find('2026-11-23T09:30:00.000Z'))?.slot).toEqual(slot);
  });

  it.each([
    { now: '2026-11-23T10:00:00.000Z', slot: EIGHT },
    { now: '2026-11-23T10:00:00.001Z', slot: NINE },
  ])('is at $now one whose targets are not all heard of once its slot is past', async ({ now, slot }) => {
    const { scan, find } = countingRuns();
    await scan(EIGHT, ALL_FINISHED);
    await scan(NINE, ['finished']);
    expect((await find(now))?.slot).toEqual(slot);
  });

  it('takes no target that was not planned for one that was', async () => {
    const { scan, store, find } = countingRuns();
    await scan(EIGHT, ALL_FINISHED);
    await scan(NINE, ['finished']);
    const unplanned = { accountId: '999999999999', region: 'eu-west-1' };
    await store.recordOutcomes(NINE, [anOutcome({ target: unplanned })]);
    expect((await find('2026-11-23T09:30:00.000Z'))?.slot).toEqual(EIGHT);
  });

  it('is not one that is listed without a plan', async () => {
    const { scan, runs } = countingRuns();
    await scan(SEVEN, ALL_FINISHED);
    const givenUp: RunReader = {
      readRun: runs.readRun,
      listRuns: async (page) =>
        page.before === undefined ? [NINE, EIGHT, ...(await runs.listRuns(page))] : runs.listRuns(page),
    };
    expect((await findFleetScan(givenUp, undefined, NINE.at))?.slot).toEqual(SEVEN);
  });

  it('is found behind however many runs that are none', async () => {
    const { scan, store, find } = countingRuns();
    await scan(EIGHT, ALL_FINISHED);
    for (let minute = 0; minute < 100; minute += 1) {
      const at = new Date(Date.parse(EIGHT.at) + minute * 60_000 + 1).toISOString();
      await store.createRun(aPlan({ slot: { kind: 'request', at, requestId: 'r' }, targets: [] }));
    }
    expect((await find('2026-11-23T09:45:00.000Z'))?.slot).toEqual(EIGHT);
  });

  it('stays the one that was kept where no scan is listed any more', async () => {
    const { scan, find } = countingRuns();
    await scan(EIGHT, ['finished']);
    const kept = await find(NINE.at);
    expect(await countingRuns().find(NINE.at, kept)).toBe(kept);
  });

  it('is not read again once all of it is finished', async () => {
    const { scan, find, readsSince } = countingRuns();
    await scan(EIGHT, ALL_FINISHED);
    const kept = await find('2026-11-23T08:30:00.000Z');
    expect(readsSince()).toEqual([EIGHT.at]);
    expect(await find('2026-11-23T08:45:00.000Z', kept)).toBe(kept);
    await scan(NINE, []);
    expect(await find('2026-11-23T09:15:00.000Z', kept)).toBe(kept);
    expect(readsSince()).toEqual([NINE.at]);
  });

  it.each([
    { what: 'a target is under way', states: ['finished'] as const },
    { what: 'a target failed and may be tried again', states: ['finished', 'failed'] as const },
    { what: 'a target was missed', states: ['missed', 'finished'] as const },
  ])('is read again while $what, and shows what came late', async ({ states }) => {
    const { scan, end, find } = countingRuns();
    await scan(EIGHT, states);
    const kept = await find('2026-11-23T09:15:00.000Z');
    await end(EIGHT, ALL_FINISHED);
    const found = await find('2026-11-23T09:30:00.000Z', kept);
    expect(found?.targets).toMatchObject([{ finishedCount: 2, failedCount: 0, missedCount: 0 }]);
    expect(found?.underWay).toEqual([]);
  });
});
