import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../../lib/local/service/embedded-dynamodb.ts';

const TABLE = 'elbowroom';
const CHILD = fileURLToPath(new URL('./dynamodb-child.ts', import.meta.url));
/** Enough for the child to be in the middle of something. */
const ACKNOWLEDGED_BEFORE_KILL = 50;

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elbowroom-data-'));
  path = join(folder, 'deeper', 'dynamodb');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedDynamodb> {
  const started = await startEmbeddedDynamodb({
    path,
    tableName: TABLE,
    onFailure: (cause) => {
      throw cause;
    },
  });
  if (!started.ok) {
    throw new Error(started.error);
  }
  return started.value;
}

async function put(engine: EmbeddedDynamodb, sk: string, text: string): Promise<void> {
  const Item = { pk: { S: 'written' }, sk: { S: sk }, body: { S: text } };
  await engine.createClient().send(new PutItemCommand({ TableName: TABLE, Item }));
}

async function read(engine: EmbeddedDynamodb, sk: string): Promise<string | undefined> {
  const Key = { pk: { S: 'written' }, sk: { S: sk } };
  const { Item } = await engine.createClient().send(new GetItemCommand({ TableName: TABLE, Key }));
  return Item === undefined ? undefined : (Item['body']?.S ?? `${Item['body']?.B?.byteLength} bytes`);
}

describe('startEmbeddedDynamodb', () => {
  it('keeps what was written when it is stopped and started, and makes the table once', async () => {
    const first = await start();
    await put(first, 'text', 'Grüße, "quoted" \u0000');
    await first.stop();
    const second = await start();
    expect(await read(second, 'text')).toBe('Grüße, "quoted" \u0000');
    expect(await read(second, 'other')).toBeUndefined();
    await second.stop();
  });

  it('answers what is under way before it stops, and refuses what comes after', async () => {
    const engine = await start();
    const writes = Array.from({ length: 40 }, (_, index) => put(engine, String(index), `text ${index}`));
    // Now all have been handed over, and most are under way.
    await Promise.any(writes);
    const stopped = engine.stop();
    const outcomes = await Promise.allSettled(writes);
    await stopped;
    await expect(put(engine, 'late', 'text')).rejects.toThrow('Cannot ask the embedded DynamoDB: it has ended');
    const again = await start();
    for (const [index, { status }] of outcomes.entries()) {
      expect(await read(again, String(index))).toBe(status === 'fulfilled' ? `text ${index}` : undefined);
    }
    expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'fulfilled'));
    await again.stop();
  });

  it('says which folder is in use and what to do', async () => {
    const engine = await start();
    const second = await startEmbeddedDynamodb({ path, tableName: TABLE, onFailure: () => undefined });
    expect(second).toEqual({
      ok: false,
      error: `Cannot open the data in "${path}": another process uses them, or they are damaged. Stop the other process, or move that folder away to begin anew`,
    });
    await put(engine, 'still', 'there');
    expect(await read(engine, 'still')).toBe('there');
    await engine.stop();
  });

  it('passes on what DynamoDB refuses', async () => {
    const engine = await start();
    const write = engine.createClient().send(
      new PutItemCommand({
        TableName: TABLE,
        Item: { pk: { S: 'a' }, sk: { S: 'b' } },
        ConditionExpression: 'attribute_exists(pk)',
      }),
    );
    await expect(write).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    await engine.stop();
  });

  it('has everything it acknowledged after its process is killed', async () => {
    const child = spawn(process.execPath, [CHILD, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    let acknowledged = 0;
    for await (const line of createInterface(child.stdout)) {
      acknowledged = Number(line);
      if (acknowledged === ACKNOWLEDGED_BEFORE_KILL) {
        child.kill('SIGKILL');
      }
    }
    expect((await ended)[1]).toBe('SIGKILL');
    expect(acknowledged).toBeGreaterThanOrEqual(ACKNOWLEDGED_BEFORE_KILL);
    const engine = await start();
    for (let number = 1; number <= acknowledged; number += 1) {
      expect(await read(engine, String(number)), `item ${number}`).toBe('10000 bytes');
    }
    // At most the one that was under way may be there besides.
    expect(await read(engine, String(acknowledged + 2))).toBeUndefined();
    await engine.stop();
  });
});
