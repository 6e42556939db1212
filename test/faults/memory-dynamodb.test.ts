import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepOf } from '../../lib/domain/alert/alert-step.ts';
import { createAlertStore } from '../../lib/store/alert-store.ts';
import { queryItems, queryItemsBetween } from '../../lib/store/items.ts';
import { readPacked, retirePacked, writePacked } from '../../lib/store/packed-document.ts';
import { createStoreTable, type StoreTable } from '../../lib/store/table.ts';
import { anAlert } from '../domain/alert/an-alert.ts';
import { createTable, type Engine, engineClient, startDynalite } from '../helpers/dynamodb-engines.ts';
import { createMemoryDynamodb } from './memory-dynamodb.ts';

const START_MS = Date.parse('2026-11-23T08:00:00.000Z');
const KINDS = { kind: 'text', schemaVersion: 1 };

interface World {
  readonly table: StoreTable;
  passTime(seconds: number): void;
}

function worldOf(client: ReturnType<typeof engineClient>, tableName: string): World {
  let nowMs = START_MS;
  let generation = 0;
  return {
    table: createStoreTable({
      client,
      tableName,
      clock: { now: () => nowMs, sleep: () => Promise.resolve() },
      randomFraction: () => 0.5,
      newGeneration: () => String(generation++),
    }),
    passTime: (seconds) => {
      nowMs += seconds * 1_000;
    },
  };
}

const keys = fc.record({ pk: fc.constantFrom('p', 'q'), sk: fc.constantFrom('a', 'ab', 'b', 'ba') });

/** Each returns what can be seen of it. */
const acts = fc.oneof(
  fc
    .record({ key: keys, expect: fc.constantFrom('absent', 'newer-order', '0', '1', '2', '3'), order: fc.string() })
    .map(({ key, expect: expected, order }) => ({ table }: World): Promise<unknown> => {
      const isVersion = expected !== 'absent' && expected !== 'newer-order';
      const wanted = isVersion ? { version: expected } : expected;
      const expiresAt = START_MS / 1_000 + 100;
      return writePacked(table, key, Buffer.from(order), { ...KINDS, order: `o${order}`, expect: wanted, expiresAt });
    }),
  keys.map(
    (key) =>
      ({ table }: World): Promise<unknown> =>
        readPacked(table, key),
  ),
  fc.tuple(keys, fc.constantFrom('0', '1', '2')).map(
    ([key, version]) =>
      ({ table }: World): Promise<unknown> =>
        retirePacked(table, key, version),
  ),
  keys.map(
    (key) =>
      ({ table }: World): Promise<unknown> =>
        queryItems(table, key),
  ),
  fc.tuple(keys, keys).map(
    ([first, last]) =>
      ({ table }: World): Promise<unknown> =>
        queryItemsBetween(table, first, { ...last, pk: first.pk }),
  ),
  fc.integer({ min: 1, max: 60 }).map(
    (seconds) =>
      async ({ passTime }: World): Promise<unknown> =>
        passTime(seconds),
  ),
);

describe('the table in memory', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startDynalite();
  });
  afterAll(() => engine?.stop());

  it('answers as dynalite does', async () => {
    let tableCount = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { maxLength: 30 }), async (steps) => {
        tableCount += 1;
        const tableName = `compared-${tableCount}`;
        await createTable(engine.endpoint, tableName);
        const real = worldOf(engineClient(engine.endpoint), tableName);
        const memory = worldOf(createMemoryDynamodb().client(), tableName);
        for (const step of steps) {
          // Bounds that cross are refused by DynamoDB and find nothing here.
          const answered = await step(real).catch(() => []);
          expect(await step(memory)).toEqual(answered);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('keeps alerts as the store means them', async () => {
    const { table } = worldOf(createMemoryDynamodb().client(), 'alerts');
    const alerts = createAlertStore(table);
    const opened = stepOf(undefined, 'opened', '2026-11-23T08:00:00.000Z', anAlert());
    expect(await alerts.writeStep(opened, undefined, ['slack'])).toBe('written');
    expect(await alerts.writeStep(opened, undefined, ['slack'])).toBe('version-conflict');
    expect(await alerts.pending('slack')).toHaveLength(1);
    await alerts.confirm(opened.alert.alertId, 'slack', 1);
    expect(await alerts.pending('slack')).toEqual([]);
  });
});
