import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditTrailEntry } from '../../lib/audit/audit-trail-ports.ts';
import { auditTrailKey } from '../../lib/store/audit-trail-keys.ts';
import { createAuditTrailStore } from '../../lib/store/audit-trail-store.ts';
import { keyItem } from '../../lib/store/items.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { HOSTILE_TEXT } from './audit-values.ts';
import { crashEverywhere, FAULT_PLACES } from './crash-everywhere.ts';
import { aTable, START_MS } from './table-under-test.ts';

const SEVEN_YEARS_MS = 2_557 * 86_400_000;

function anEntry(changes: Partial<AuditTrailEntry> = {}): AuditTrailEntry {
  return {
    entryId: 'e-1',
    at: new Date(START_MS).toISOString(),
    by: 'ana',
    action: 'alert-acknowledged',
    resourceId: 'exhaustion.1',
    accountIds: ['111122223333'],
    outcome: 'begun',
    before: undefined,
    after: undefined,
    ...changes,
  };
}

const DONE = anEntry({
  outcome: 'done',
  by: HOSTILE_TEXT,
  before: new Map([['state', 'open']]),
  after: new Map([['state', HOSTILE_TEXT]]),
});

const ALL = { limit: 10, before: undefined } as const;

/** What the audit trail promises on every engine. */
export function auditTrailStoreContract(start: () => Promise<Engine>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  // An engine that did not start has nothing to stop.
  afterAll(() => engine?.stop());

  it('is empty at first', async () => {
    expect(await createAuditTrailStore(await aTable(engine)).listEntries(ALL)).toEqual([]);
  });

  it('lists what was written, the newest first, page by page', async () => {
    const store = createAuditTrailStore(await aTable(engine));
    const entries = [0, 1, 2, 3, 4].map((minute) =>
      anEntry({ entryId: `e-${minute}`, at: new Date(START_MS + Math.floor(minute / 2) * 60_000).toISOString() }),
    );
    for (const entry of entries) {
      await store.writeEntry(entry);
    }
    const newestFirst = entries.toReversed();
    const first = await store.listEntries({ limit: 2, before: undefined });
    const second = await store.listEntries({ limit: 2, before: first.at(-1) });
    const third = await store.listEntries({ limit: 2, before: second.at(-1) });
    expect([...first, ...second, ...third]).toEqual(newestFirst);
    expect(third).toHaveLength(1);
  });

  it('lets what came of it replace that it was begun, and never the other way round', async () => {
    const store = createAuditTrailStore(await aTable(engine));
    await store.writeEntry(anEntry());
    expect(await store.listEntries(ALL)).toEqual([anEntry()]);
    await store.writeEntry(DONE);
    await store.writeEntry(anEntry());
    await store.writeEntry({ ...DONE, outcome: 'unchanged' });
    expect(await store.listEntries(ALL)).toEqual([DONE]);
  });

  it('forgets an entry after seven years, to the second', async () => {
    const table = await aTable(engine);
    const store = createAuditTrailStore(table);
    await store.writeEntry(DONE);
    table.passTime(SEVEN_YEARS_MS - 1);
    expect(await store.listEntries(ALL)).toHaveLength(1);
    table.passTime(1);
    expect(await store.listEntries(ALL)).toEqual([]);
  });

  it('refuses what another version wrote, naming it', async () => {
    const table = await aTable(engine);
    const item = { ...keyItem(auditTrailKey(DONE)), schemaVersion: { N: '2' }, entry: { B: Uint8Array.of(1) } };
    await table.client.send(new PutItemCommand({ TableName: table.tableName, Item: item }));
    await expect(createAuditTrailStore(table).listEntries(ALL)).rejects.toThrow(/audit-trail.*version 1 only/);
  });

  it.each(FAULT_PLACES)('holds an entry whole or not at all after a crash %s a request', async (place) => {
    const requestCount = await crashEverywhere(engine, place, {
      act: (table) => createAuditTrailStore(table).writeEntry(DONE),
      check: async (table) => {
        const store = createAuditTrailStore(table);
        expect([[], [DONE]]).toContainEqual(await store.listEntries(ALL));
        await store.writeEntry(DONE);
        expect(await store.listEntries(ALL)).toEqual([DONE]);
      },
    });
    expect(requestCount).toBe(1);
  });
}
