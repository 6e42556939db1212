import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Directory } from '../../lib/audit/store-ports.ts';
import { createAccountReader, createDirectoryStore } from '../../lib/store/directory-store.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { DIRECTORY } from './audit-values.ts';
import { crashEverywhere, FAULT_PLACES } from './crash-everywhere.ts';
import { aTable } from './table-under-test.ts';

const MS_PER_DAY = 86_400_000;

const EMPTY: Directory = {
  caller: undefined,
  accounts: [],
  accountsObservedAt: undefined,
  regions: new Map(),
  targets: [],
};

/** What the store of the directory promises on every engine. */
export function directoryStoreContract(start: () => Promise<Engine>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  // An engine that did not start has nothing to stop.
  afterAll(() => engine?.stop());

  it('has none before the first run', async () => {
    const store = createDirectoryStore(await aTable(engine));
    expect(await store.readDirectory()).toBeUndefined();
    expect(await store.writeDirectory(DIRECTORY, 'some-version')).toBe('version-conflict');
    expect(await store.readDirectory()).toBeUndefined();
  });

  it.each([DIRECTORY, EMPTY])('gives back what was known', async (directory) => {
    const store = createDirectoryStore(await aTable(engine));
    expect(await store.writeDirectory(directory, undefined)).toBe('written');
    expect((await store.readDirectory())?.directory).toStrictEqual(directory);
  });

  it('replaces what was read and nothing newer', async () => {
    const store = createDirectoryStore(await aTable(engine));
    await store.writeDirectory(EMPTY, undefined);
    expect(await store.writeDirectory(DIRECTORY, undefined)).toBe('version-conflict');
    const version = (await store.readDirectory())?.version;
    const outcomes = await Promise.all([
      store.writeDirectory(DIRECTORY, version),
      store.writeDirectory(DIRECTORY, version),
    ]);
    expect(outcomes.toSorted()).toEqual(['version-conflict', 'written']);
    expect(await store.writeDirectory(EMPTY, version)).toBe('version-conflict');
    expect((await store.readDirectory())?.directory).toStrictEqual(DIRECTORY);
  });

  it.each([DIRECTORY, EMPTY])('gives the accounts without all else', async (directory) => {
    const table = await aTable(engine);
    const readAccounts = createAccountReader(table);
    expect(await readAccounts()).toEqual(new Map());
    await createDirectoryStore(table).writeDirectory(directory, undefined);
    expect([...(await readAccounts()).values()]).toStrictEqual(directory.accounts);
    expect([...(await readAccounts()).keys()]).toEqual(directory.accounts.map(({ accountId }) => accountId));
  });

  it('forgets after 13 months without a run', async () => {
    const table = await aTable(engine);
    const store = createDirectoryStore(table);
    await store.writeDirectory(DIRECTORY, undefined);
    table.passTime(396 * MS_PER_DAY - 1);
    expect(await store.readDirectory()).toBeDefined();
    table.passTime(1);
    expect(await store.readDirectory()).toBeUndefined();
    expect(await store.writeDirectory(EMPTY, undefined)).toBe('written');
  });

  it.each(FAULT_PLACES)('is the old or the new one after a crash %s its request', async (place) => {
    const requestCount = await crashEverywhere(engine, place, {
      act: (table) => createDirectoryStore(table).writeDirectory(DIRECTORY, undefined),
      check: async (table) => {
        const store = createDirectoryStore(table);
        const found = await store.readDirectory();
        expect([undefined, DIRECTORY]).toContainEqual(found?.directory);
        expect(await store.writeDirectory(DIRECTORY, found?.version)).toBe('written');
      },
    });
    expect(requestCount).toBe(1);
  });
}
