import { describe, expect, it } from 'vitest';
import { newestScan } from '../../lib/audit/newest-scan.ts';
import type { Slot } from '../../lib/audit/slot.ts';
import type { RunStore, TargetOutcome } from '../../lib/audit/store-ports.ts';
import { memoryRunStore } from '../helpers/memory-stores.ts';
import { anOutcome, aPlan } from '../store/audit-values.ts';

const SCAN: Slot = { kind: 'scan', at: '2026-11-23T08:00:00.000Z' };
const NEXT_SCAN: Slot = { kind: 'scan', at: '2026-11-23T09:00:00.000Z' };
const PULSE: Slot = { kind: 'pulse', at: '2026-11-23T09:15:00.000Z' };
const TARGETS = ['eu-west-1', 'us-east-1'].map((region) => ({ accountId: '111122223333', region }));

/** Counts how often a run is read. */
function countingRuns() {
  const store = memoryRunStore();
  let readCount = 0;
  const runs: RunStore = {
    ...store,
    readRun(slot) {
      readCount += 1;
      return store.readRun(slot);
    },
  };
  return {
    runs,
    readCount: () => readCount,
    plan: (slot: Slot) => store.createRun(aPlan({ slot, targets: TARGETS })),
    end: (slot: Slot, states: readonly TargetOutcome['state'][]) =>
      store.recordOutcomes(
        slot,
        TARGETS.flatMap((target, index) => {
          const state = states[index];
          return state === undefined ? [] : [anOutcome({ target, state })];
        }),
      ),
  };
}

describe('the newest scan', () => {
  it('is none before the first, nor is a pulse one', async () => {
    const { runs, plan } = countingRuns();
    expect(await newestScan(runs)).toBeUndefined();
    await plan(PULSE);
    expect(await newestScan(runs)).toBeUndefined();
  });

  it('is not read again once all of it is finished', async () => {
    const { runs, plan, end, readCount } = countingRuns();
    await plan(SCAN);
    await end(SCAN, ['finished', 'finished']);
    const before = await newestScan(runs);
    await plan(PULSE);
    expect(await newestScan(runs, before)).toBe(before);
    expect(readCount()).toBe(1);
  });

  it.each([
    { what: 'a target is under way', states: ['finished'] as const },
    { what: 'a target failed and may be tried again', states: ['finished', 'failed'] as const },
    { what: 'a target that was not planned is finished instead', states: ['finished'] as const, more: true },
  ])('is read again while $what', async ({ states, more }) => {
    const { runs, plan, end, readCount } = countingRuns();
    await plan(SCAN);
    await end(SCAN, states);
    if (more === true) {
      const unplanned = { accountId: '999999999999', region: 'eu-west-1' };
      await runs.recordOutcomes(SCAN, [anOutcome({ target: unplanned, state: 'finished' })]);
    }
    const before = await newestScan(runs);
    await end(SCAN, ['finished', 'finished']);
    const after = await newestScan(runs, before);
    expect(readCount()).toBe(2);
    expect(after?.outcomes.filter(({ state }) => state === 'finished')).toHaveLength(more === true ? 3 : 2);
  });

  it('is the next one as soon as that is planned', async () => {
    const { runs, plan, end } = countingRuns();
    await plan(SCAN);
    await end(SCAN, ['finished', 'finished']);
    const before = await newestScan(runs);
    await plan(NEXT_SCAN);
    expect((await newestScan(runs, before))?.plan.slot).toEqual(NEXT_SCAN);
  });
});
