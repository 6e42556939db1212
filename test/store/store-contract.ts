import { PutItemCommand, ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHUNK_BYTES_MAX } from '../../lib/store/chunks.ts';
import { getItem } from '../../lib/store/items.ts';
import { chunkKey, type ItemKey, slotFactsKey } from '../../lib/store/keys.ts';
import { packDifference } from '../../lib/store/packed-content.ts';
import {
  BASES_MAX,
  type Expectation,
  hasRoomForMore,
  type PackedDocument,
  readPacked,
  readPackedRange,
  retirePacked,
  writeContent,
  writePacked,
} from '../../lib/store/packed-document.ts';
import { sweepExpired } from '../../lib/store/sweep-expired.ts';
import type { Item, StoreTable } from '../../lib/store/table.ts';
import type { Engine } from '../helpers/dynamodb-engines.ts';
import { crashAt, type FaultPlace, InjectedFault, leaveUnprocessed } from './faulty-dynamodb.ts';
import { incompressible } from './incompressible.ts';
import { aTable, openTable, START_MS, type TableUnderTest } from './table-under-test.ts';

const KEY: ItemKey = { pk: 'test', sk: 'document' };
const BASE_KEY: ItemKey = { pk: 'test', sk: 'base' };
const SMALL = incompressible(1, 1_000);
const OTHER = incompressible(2, 1_000);
/** Three chunks, and three more. */
const LARGE = incompressible(3, 2 * CHUNK_BYTES_MAX + 1);
const LARGE_OTHER = incompressible(4, 2 * CHUNK_BYTES_MAX + 100);
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const START_SECONDS = START_MS / SECOND_MS;
/** Past every other time of these tests. */
const LATER_SECONDS = START_SECONDS + 1_000_000;
const DEFAULTS = { kind: 'test', schemaVersion: 1, expect: 'absent', expiresAt: LATER_SECONDS } as const;
const EXPIRED_ITEMS_MAX = 1_000;

interface Options {
  readonly expect?: Expectation;
  readonly order?: string;
  readonly expiresAt?: number;
}

function write(table: StoreTable, bytes: Uint8Array, options: Options = {}, key = KEY) {
  return writePacked(table, key, bytes, { ...DEFAULTS, ...options });
}

async function written(table: StoreTable, bytes: Uint8Array, options: Options = {}, key = KEY): Promise<string> {
  const outcome = await write(table, bytes, options, key);
  if (outcome.outcome !== 'written') {
    throw new Error(`Expected the document to be written, but it met a ${outcome.outcome}`);
  }
  return outcome.version;
}

async function bytesIn(table: StoreTable, key = KEY): Promise<Uint8Array | undefined> {
  return (await readPacked(table, key))?.bytes;
}

/** Compared as one value: a list of 700,000 numbers is slow to compare and useless to print. */
function isSame(found: Uint8Array | undefined, wanted: Uint8Array): boolean {
  return found !== undefined && Buffer.compare(found, wanted) === 0;
}

/** The bytes with a few of them changed. */
function nearly(bytes: Uint8Array, seed: number): Uint8Array {
  const changed = Buffer.from(bytes);
  changed.set(incompressible(seed, 10), seed);
  return changed;
}

async function aBase(table: StoreTable): Promise<PackedDocument> {
  await written(table, LARGE, {}, BASE_KEY);
  const base = await readPacked(table, BASE_KEY);
  if (base === undefined) {
    throw new Error('Expected the base that was written');
  }
  return base;
}

async function writeDifference(
  table: StoreTable,
  bytes: Uint8Array,
  base: PackedDocument,
  { key = KEY, ...options }: Options & { readonly key?: ItemKey } = {},
) {
  const content = packDifference(bytes, base);
  if (content === undefined) {
    throw new Error('Expected a difference');
  }
  return writeContent(table, key, content, { ...DEFAULTS, ...options });
}

/** Whether the new document is there; anything but one of the two fails. */
async function isReplaced(table: StoreTable, old: Uint8Array, next: Uint8Array): Promise<boolean> {
  const found = await bytesIn(table);
  expect(isSame(found, old)).toBe(!isSame(found, next));
  return isSame(found, next);
}

async function itemCount(table: StoreTable): Promise<number> {
  let count = 0;
  let from: Item | undefined;
  do {
    const page: ScanCommandOutput = await table.client.send(
      new ScanCommand({ TableName: table.tableName, ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
    );
    count += page.Items?.length ?? 0;
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return count;
}

/** What `lib/store` needs of an engine, and what it promises on every one of them. */
export function storeContract(start: () => Promise<Engine>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  // An engine that did not start has nothing to stop.
  afterAll(() => engine?.stop());

  it.each([
    ['nothing', new Uint8Array(0), 1],
    ['a document that fits an item', SMALL, 1],
    ['the largest document that fits an item', incompressible(5, CHUNK_BYTES_MAX), 1],
    ['the smallest document that does not', incompressible(6, CHUNK_BYTES_MAX + 1), 3],
    ['a document that compresses to an item', new Uint8Array(10 * CHUNK_BYTES_MAX), 1],
    ['a document of several pages of a query', incompressible(7, 4 * CHUNK_BYTES_MAX), 5],
    ['a document of several batches', incompressible(8, 11 * CHUNK_BYTES_MAX), 12],
  ])('gives back %s', async (_, bytes, items) => {
    const table = await aTable(engine);
    const version = await written(table, bytes);
    const found = await readPacked(table, KEY);
    expect(found).toMatchObject({ key: KEY, kind: 'test', schemaVersion: 1, version });
    expect(isSame(found?.bytes, bytes)).toBe(true);
    expect(await itemCount(table)).toBe(items);
  });

  it('has nothing where nothing was written', async () => {
    expect(await readPacked(await aTable(engine), KEY)).toBeUndefined();
  });

  it('reads and writes a small document by one request each', async () => {
    const table = await aTable(engine);
    await written(table, SMALL);
    await readPacked(table, KEY);
    expect(table.meter.byOperation()).toEqual(
      new Map([
        ['PutItem', { requestCount: 1, readUnits: 0, writeUnits: 2 }],
        ['GetItem', { requestCount: 1, readUnits: 1, writeUnits: 0 }],
      ]),
    );
    table.meter.reset();
    expect(table.meter.total()).toEqual({ requestCount: 0, readUnits: 0, writeUnits: 0 });
  });

  it.each([
    ['small', SMALL, OTHER],
    ['large', LARGE, LARGE_OTHER],
  ])('lets one of two writers of a %s document win', async (_, bytes, others) => {
    const table = await aTable(engine);
    const version = await written(table, bytes);
    expect(await write(table, others)).toEqual({ outcome: 'version-conflict' });
    expect(isSame(await bytesIn(table), bytes)).toBe(true);
    const outcomes = await Promise.all([
      write(table, others, { expect: { version } }),
      write(table, SMALL, { expect: { version } }),
    ]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['version-conflict', 'written']);
    const winner = outcomes[0]?.outcome === 'written' ? others : SMALL;
    expect(isSame(await bytesIn(table), winner)).toBe(true);
    expect(await write(table, bytes, { expect: { version } })).toEqual({ outcome: 'version-conflict' });
  });

  it('expects a version in vain where nothing is', async () => {
    const table = await aTable(engine);
    expect(await write(table, SMALL, { expect: { version: 'gone' } })).toEqual({ outcome: 'version-conflict' });
    expect(await itemCount(table)).toBe(0);
  });

  it('moves only forward where that is asked', async () => {
    const table = await aTable(engine);
    const at = (order: string) => ({ expect: 'newer-order', order }) as const;
    await written(table, SMALL, at('b'));
    expect(await write(table, OTHER, at('b'))).toEqual({ outcome: 'version-conflict' });
    expect(await write(table, OTHER, at('a'))).toEqual({ outcome: 'version-conflict' });
    await written(table, OTHER, at('c'));
    expect(isSame(await bytesIn(table), OTHER)).toBe(true);
    expect((await readPacked(table, KEY))?.order).toBe('c');
  });

  it('keeps documents apart whose keys hold hostile text', async () => {
    const table = await aTable(engine);
    const slots = ['a', 'a#b', 'a%b', '', '#', '%', '\u{1F600}', '\uD800', 'x'.repeat(5_000), 'x'.repeat(5_001)];
    const vpc = { ownerId: '1', region: 'r', vpcId: 'v' };
    const keyOf = (requestId: string) => slotFactsKey(vpc, 'viewer', 'scan', { kind: 'request', at: '0', requestId });
    for (const [index, slot] of slots.entries()) {
      await written(table, incompressible(index, 20), {}, keyOf(slot));
    }
    for (const [index, slot] of slots.entries()) {
      expect(isSame(await bytesIn(table, keyOf(slot)), incompressible(index, 20)), slot.slice(0, 9)).toBe(true);
    }
  });

  it('reads every document under a prefix, with chunks or without, and none beside it', async () => {
    const table = await aTable(engine);
    await written(table, SMALL, {}, { pk: 'test', sk: 'a#1' });
    await written(table, LARGE, {}, { pk: 'test', sk: 'a#2' });
    await written(table, OTHER, { expiresAt: START_SECONDS }, { pk: 'test', sk: 'a#3' });
    await written(table, OTHER, {}, { pk: 'test', sk: 'b#1' });
    await written(table, OTHER, {}, { pk: 'other', sk: 'a#1' });
    const found = await readPackedRange(table, { pk: 'test', sk: 'a#' });
    expect(found.map(({ key, bytes }) => [key.sk, bytes.byteLength])).toEqual([
      ['a#1', SMALL.byteLength],
      ['a#2', LARGE.byteLength],
    ]);
  });

  it('writes what DynamoDB left unprocessed again, after growing waits', async () => {
    const { tableName } = await aTable(engine);
    const table = openTable(engine, tableName, (client) => leaveUnprocessed(client, () => 1));
    await written(table, LARGE);
    expect(isSame(await bytesIn(table), LARGE)).toBe(true);
    expect(table.waits).toEqual([50, 100]);
  });

  it('gives up on what stays unprocessed, and shows nothing of it', async () => {
    const { tableName } = await aTable(engine);
    const table = openTable(engine, tableName, (client) => leaveUnprocessed(client, () => 0));
    await expect(write(table, LARGE)).rejects.toThrow('Cannot write 3 items: DynamoDB left them unprocessed 10 times');
    expect(Math.max(...table.waits)).toBeLessThanOrEqual(5_000);
    expect(await readPacked(table, KEY)).toBeUndefined();
  });

  const crashes = (['before', 'after'] as const).flatMap((place): [FaultPlace, string, Uint8Array, Uint8Array][] => [
    [place, 'a small by a small', SMALL, OTHER],
    [place, 'a small by a large', SMALL, LARGE],
    [place, 'a large by a small', LARGE, SMALL],
    [place, 'a large by a large', LARGE, LARGE_OTHER],
  ]);

  it.each(crashes)('survives a crash %s any request that replaces %s document', async (place, _, old, next) => {
    const seen: boolean[] = [];
    let isDone = false;
    for (let requestNumber = 1; !isDone; requestNumber += 1) {
      const table = await aTable(engine);
      const version = await written(table, old);
      const dying = openTable(engine, table.tableName, (client) => crashAt(client, { requestNumber, place }));
      const outcome = await write(dying, next, { expect: { version } }).catch((cause: unknown) => cause);
      const isNext = await isReplaced(table, old, next);
      isDone = !(outcome instanceof InjectedFault);
      if (isDone) {
        expect(outcome).toMatchObject({ outcome: 'written' });
        expect(isNext).toBe(true);
      } else {
        seen.push(isNext);
        const again = await write(table, next, { expect: { version } });
        expect(again.outcome).toBe(isNext ? 'version-conflict' : 'written');
        expect(isSame(await bytesIn(table), next)).toBe(true);
      }
    }
    // A crash before the manifest is written leaves the old document; one after it, or in its answer, the new one.
    const manifestNumber = next.byteLength > CHUNK_BYTES_MAX ? 2 : 1;
    const retiredCount = old.byteLength > CHUNK_BYTES_MAX ? 3 : 0;
    const oldCount = place === 'before' ? manifestNumber : manifestNumber - 1;
    expect(seen).toEqual(Array.from({ length: manifestNumber + retiredCount }, (__, index) => index >= oldCount));
  });

  const differences: [string, Uint8Array, number][] = [
    ['a few bytes', nearly(LARGE, 10), 1],
    ['more bytes than fit an item', Buffer.concat([LARGE, incompressible(9, CHUNK_BYTES_MAX + 1)]), 3],
  ];

  it.each(differences)('keeps a document as its difference to another of %s', async (_, bytes, items) => {
    const table = await aTable(engine);
    const base = await aBase(table);
    const count = await itemCount(table);
    const outcome = await writeDifference(table, bytes, base);
    const found = await readPacked(table, KEY);
    expect(outcome).toEqual({ outcome: 'written', version: found?.version });
    expect(isSame(found?.bytes, bytes)).toBe(true);
    expect(found?.base).toMatchObject({ key: BASE_KEY, version: base.version, expiresAt: LATER_SECONDS });
    expect(found?.storedByteCount).toBeLessThan(bytes.byteLength - LARGE.byteLength + 200);
    expect(await itemCount(table)).toBe(count + items);
  });

  it('reads a base once for all its differences of one range', async () => {
    const table = await aTable(engine);
    const base = await aBase(table);
    const versions = [1, 2, 3].map((seed) => nearly(LARGE, seed));
    for (const [index, bytes] of versions.entries()) {
      await writeDifference(table, bytes, base, { key: { pk: KEY.pk, sk: `d#${index}` } });
    }
    table.meter.reset();
    const found = await readPackedRange(table, { pk: KEY.pk, sk: 'd#' });
    expect(found.map(({ bytes }, index) => isSame(bytes, versions[index] ?? SMALL))).toEqual([true, true, true]);
    expect(table.meter.byOperation().get('GetItem')?.requestCount).toBe(1);
  });

  it.each([
    [
      'gone',
      'of generation ',
      async (table: TableUnderTest, base: PackedDocument) => retirePacked(table, BASE_KEY, base.version),
    ],
    [
      'another one',
      'is of generation ',
      async (table: TableUnderTest, { version }: PackedDocument) => {
        await written(table, LARGE, { expect: { version } }, BASE_KEY);
      },
    ],
    [
      'the difference to itself',
      'cannot be read: its base "test" / "base" ',
      async (table: TableUnderTest, { version }: PackedDocument) => {
        const item = await getItem(table, BASE_KEY);
        const base = { baseSk: { S: BASE_KEY.sk }, baseGeneration: { S: version } };
        await table.client.send(new PutItemCommand({ TableName: table.tableName, Item: { ...item, ...base } }));
      },
    ],
  ])('refuses a difference whose base is %s, by both keys', async (_, problem, spoil) => {
    const table = await aTable(engine);
    const base = await aBase(table);
    await writeDifference(table, nearly(LARGE, 10), base);
    await spoil(table, base);
    table.passTime(HOUR_MS);
    await expect(readPacked(table, KEY)).rejects.toThrow(
      `Cannot read document "test" / "document": its base "test" / "base" ${problem}`,
    );
  });

  it('gives back a document that rests on as many others as it may, which has room for no more', async () => {
    const table = await aTable(engine);
    let base = await aBase(table);
    for (let count = 1; count <= BASES_MAX; count += 1) {
      expect(hasRoomForMore(base)).toBe(true);
      const key = { pk: KEY.pk, sk: `difference-${count}` };
      await writeDifference(table, nearly(base.bytes, count), base, { key });
      const document = await readPacked(table, key);
      expect(isSame(document?.bytes, nearly(base.bytes, count))).toBe(true);
      base = document ?? base;
    }
    expect(hasRoomForMore(base)).toBe(false);
    await writeDifference(table, nearly(base.bytes, BASES_MAX + 1), base);
    await expect(readPacked(table, KEY)).rejects.toThrow(
      `its base "test" / "base" is one more than the ${BASES_MAX} that a document may rest on`,
    );
  });

  it('refuses to write what would outlive its base or lies elsewhere', async () => {
    const table = await aTable(engine);
    const base = await aBase(table);
    const bytes = nearly(LARGE, 10);
    const problem = 'its base "test" / "base" lies in another partition or expires first';
    await expect(writeDifference(table, bytes, base, { expiresAt: LATER_SECONDS + 1 })).rejects.toThrow(problem);
    await expect(writeDifference(table, bytes, base, { key: { pk: 'other', sk: 'document' } })).rejects.toThrow(
      problem,
    );
    expect(await readPacked(table, KEY)).toBeUndefined();
  });

  it('packs no difference that is larger than it may be', async () => {
    const base = await aBase(await aTable(engine));
    const bytes = nearly(LARGE, 10);
    const { byteLength } = packDifference(bytes, base)?.stored ?? SMALL;
    expect(packDifference(bytes, base, byteLength)).toBeDefined();
    expect(packDifference(bytes, base, byteLength - 1)).toBeUndefined();
  });

  const differenceCrashes = (['before', 'after'] as const).flatMap((place) =>
    differences.map(([name, bytes, items]): [FaultPlace, string, Uint8Array, number] => [place, name, bytes, items]),
  );

  it.each(differenceCrashes)(
    'survives a crash %s any request that writes a difference of %s',
    async (place, _, next, items) => {
      const seen: boolean[] = [];
      for (let isDone = false; !isDone; ) {
        const table = await aTable(engine);
        const base = await aBase(table);
        const old = nearly(LARGE, 11);
        await writeDifference(table, old, base);
        const expected = { version: (await readPacked(table, KEY))?.version ?? '' };
        const dying = openTable(engine, table.tableName, (client) =>
          crashAt(client, { requestNumber: seen.length + 1, place }),
        );
        const outcome = await writeDifference(dying, next, base, { expect: expected }).catch((cause: unknown) => cause);
        isDone = !(outcome instanceof InjectedFault);
        const isNext = await isReplaced(table, old, next);
        if (!isDone) {
          seen.push(isNext);
          await writeDifference(table, next, base, { expect: expected });
        }
        expect(isSame(await bytesIn(table), next)).toBe(true);
        // Whatever the dead writer left expires when its document would have.
        table.passTime((LATER_SECONDS - START_SECONDS) * SECOND_MS);
        await sweepExpired(table, { itemsMax: EXPIRED_ITEMS_MAX });
        expect(await itemCount(table)).toBe(0);
      }
      expect(seen).toEqual(items === 1 ? [place === 'after'] : [false, place === 'after']);
    },
  );

  it('keeps an old generation for an hour, then lets it be swept', async () => {
    const table = await aTable(engine);
    const version = await written(table, LARGE);
    await written(table, LARGE_OTHER, { expect: { version } });
    table.passTime(HOUR_MS - SECOND_MS);
    expect(await sweepExpired(table, { itemsMax: EXPIRED_ITEMS_MAX })).toEqual({ deletedCount: 0, isComplete: true });
    expect(await itemCount(table)).toBe(7);
    table.passTime(SECOND_MS);
    expect(await sweepExpired(table, { itemsMax: EXPIRED_ITEMS_MAX })).toEqual({ deletedCount: 3, isComplete: true });
    expect(isSame(await bytesIn(table), LARGE_OTHER)).toBe(true);
  });

  it('lets the chunks of a writer that came too late expire', async () => {
    const table = await aTable(engine);
    await written(table, SMALL);
    expect(await write(table, LARGE)).toEqual({ outcome: 'version-conflict' });
    table.passTime(HOUR_MS);
    expect(await sweepExpired(table, { itemsMax: EXPIRED_ITEMS_MAX })).toEqual({ deletedCount: 3, isComplete: true });
    expect(isSame(await bytesIn(table), SMALL)).toBe(true);
  });

  it('follows a writer that replaces the document between manifest and chunks', async () => {
    const table = await aTable(engine);
    const version = await written(table, LARGE);
    const { tableName } = table;
    let isOvertaken = false;
    const reader = openTable(engine, tableName, (client) =>
      client.middlewareStack.add(
        (next, context) => async (args) => {
          if (context.commandName === 'QueryCommand' && !isOvertaken) {
            isOvertaken = true;
            await written(table, LARGE_OTHER, { expect: { version } });
            table.passTime(HOUR_MS);
            await sweepExpired(table, { itemsMax: EXPIRED_ITEMS_MAX });
          }
          return next(args);
        },
        { step: 'initialize' },
      ),
    );
    expect(isSame(await bytesIn(reader), LARGE_OTHER)).toBe(true);
    expect(isOvertaken).toBe(true);
  });

  it.each([
    ['lacks some of its 3 chunks', 0],
    ['does not match its SHA-256', 1],
  ])('refuses a document that %s, by its key', async (problem, keep) => {
    const table = await aTable(engine);
    const version = await written(table, LARGE);
    const { pk, sk } = chunkKey(KEY, version, 1);
    const body = keep === 0 ? {} : { body: { B: incompressible(99, CHUNK_BYTES_MAX) } };
    await table.client.send(
      new PutItemCommand({ TableName: table.tableName, Item: { pk: { S: pk }, sk: { S: sk }, ...body } }),
    );
    await expect(readPacked(table, KEY)).rejects.toThrow(
      `Cannot read document "test" / "document": generation "${version}" ${problem}`,
    );
  });

  it('refuses an item that is no manifest, by its key', async () => {
    const table = await aTable(engine);
    await table.client.send(
      new PutItemCommand({ TableName: table.tableName, Item: { pk: { S: 'test' }, sk: { S: 'document' } } }),
    );
    await expect(readPacked(table, KEY)).rejects.toThrow('Cannot read document "test" / "document": its item is no');
  });

  it('takes an expired document for absent from its second on, and writes over it', async () => {
    const table = await aTable(engine);
    const version = await written(table, SMALL, { expiresAt: START_SECONDS + 10 });
    table.passTime(10 * SECOND_MS - 1);
    expect(isSame(await bytesIn(table), SMALL)).toBe(true);
    expect(await write(table, OTHER)).toEqual({ outcome: 'version-conflict' });
    table.passTime(1);
    expect(await bytesIn(table)).toBeUndefined();
    expect(await write(table, OTHER, { expect: { version } })).toEqual({ outcome: 'version-conflict' });
    await written(table, OTHER);
    expect(isSame(await bytesIn(table), OTHER)).toBe(true);
  });

  it('sweeps no more than it may, and nothing that was written again', async () => {
    const table = await aTable(engine);
    for (let index = 0; index < 5; index += 1) {
      await written(table, SMALL, { expiresAt: START_SECONDS + 1 }, { pk: `expired ${index}`, sk: 'document' });
    }
    await written(table, SMALL, { expiresAt: START_SECONDS + 60 }, { pk: 'fresh', sk: 'document' });
    await written(table, SMALL, {}, { pk: 'lasting', sk: 'document' });
    table.passTime(SECOND_MS);
    expect(await sweepExpired(table, { itemsMax: 3 })).toEqual({ deletedCount: 3, isComplete: false });
    expect(await itemCount(table)).toBe(4);

    let isRevived = false;
    const sweeper = openTable(
      engine,
      table.tableName,
      (client) =>
        client.middlewareStack.add(
          (next, context) => async (args) => {
            if (context.commandName === 'DeleteItemCommand' && !isRevived) {
              isRevived = true;
              for (let index = 0; index < 5; index += 1) {
                await write(table, OTHER, {}, { pk: `expired ${index}`, sk: 'document' });
              }
            }
            return next(args);
          },
          { step: 'initialize' },
        ),
      START_MS + SECOND_MS,
    );
    expect(await sweepExpired(sweeper, { itemsMax: EXPIRED_ITEMS_MAX })).toEqual({ deletedCount: 0, isComplete: true });
    expect(await itemCount(table)).toBe(7);
  });

  it('meters what chunks cost', async () => {
    const table = await aTable(engine);
    await written(table, LARGE);
    const { writeUnits } = table.meter.total();
    // A unit a kilobyte, and one more for what is left of each item.
    expect(writeUnits).toBeGreaterThan(LARGE.byteLength / 1024);
    expect(writeUnits).toBeLessThan(LARGE.byteLength / 1024 + 10);
    table.meter.reset();
    await readPacked(table, KEY);
    const { readUnits } = table.meter.total();
    expect(readUnits).toBeGreaterThan(LARGE.byteLength / 4096);
    expect(readUnits).toBeLessThan(LARGE.byteLength / 4096 + 10);
  });
}
