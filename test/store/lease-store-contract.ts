import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLeaseStore } from '../../lib/store/lease-store.ts';
import { sweepExpired } from '../../lib/store/sweep-expired.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { HOSTILE_TEXT } from './audit-values.ts';
import { crashEverywhere, FAULT_PLACES } from './crash-everywhere.ts';
import { aTable } from './table-under-test.ts';

const DURATION_MS = 90_500;

/** What the store of leases promises on every engine. */
export function leaseStoreContract(start: () => Promise<Engine>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  // An engine that did not start has nothing to stop.
  afterAll(() => engine?.stop());

  it('is held by one until it is released', async () => {
    const store = createLeaseStore(await aTable(engine));
    const token = await store.acquireLease('roll-up', DURATION_MS);
    expect(token).toBeDefined();
    expect(await store.acquireLease('roll-up', DURATION_MS)).toBeUndefined();
    await store.releaseLease('roll-up', token ?? '');
    expect(await store.acquireLease('roll-up', DURATION_MS)).toBeDefined();
  });

  it('is held by one of many that ask at once', async () => {
    const store = createLeaseStore(await aTable(engine));
    const tokens = await Promise.all([1, 2, 3, 4].map(() => store.acquireLease('roll-up', DURATION_MS)));
    expect(tokens.filter((token) => token !== undefined)).toHaveLength(1);
  });

  it('lapses to the millisecond, and is not deleted before', async () => {
    const table = await aTable(engine);
    const store = createLeaseStore(table);
    await store.acquireLease('roll-up', DURATION_MS);
    table.passTime(DURATION_MS - 1);
    expect(await store.acquireLease('roll-up', DURATION_MS)).toBeUndefined();
    expect((await sweepExpired(table, { itemsMax: 1 })).deletedCount).toBe(0);
    table.passTime(1);
    expect(await store.acquireLease('roll-up', DURATION_MS)).toBeDefined();
    expect(await store.acquireLease('roll-up', DURATION_MS)).toBeUndefined();
  });

  it('is released by its holder only, however late another comes', async () => {
    const table = await aTable(engine);
    const store = createLeaseStore(table);
    const first = await store.acquireLease('roll-up', DURATION_MS);
    table.passTime(DURATION_MS);
    const second = await store.acquireLease('roll-up', DURATION_MS);
    expect(second).not.toBe(first);
    await store.releaseLease('roll-up', first ?? '');
    expect(await store.acquireLease('roll-up', DURATION_MS)).toBeUndefined();
    await store.releaseLease('roll-up', second ?? '');
    await store.releaseLease('roll-up', second ?? '');
    expect(await store.acquireLease('roll-up', DURATION_MS)).toBeDefined();
  });

  it('is known by its name, whatever it holds', async () => {
    const store = createLeaseStore(await aTable(engine));
    for (const name of ['', '#', 'lease', HOSTILE_TEXT, 'x'.repeat(3_000)]) {
      expect(await store.acquireLease(name, DURATION_MS)).toBeDefined();
      expect(await store.acquireLease(name, DURATION_MS)).toBeUndefined();
    }
  });

  it.each(FAULT_PLACES)('of a holder that died %s its request is there again when it lapses', async (place) => {
    const requestCount = await crashEverywhere(engine, place, {
      act: (table) => createLeaseStore(table).acquireLease('roll-up', DURATION_MS),
      check: async (table) => {
        table.passTime(DURATION_MS);
        expect(await createLeaseStore(table).acquireLease('roll-up', DURATION_MS)).toBeDefined();
      },
    });
    expect(requestCount).toBe(1);
  });
}
