import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readJsonFile, writeJsonFile } from '../../../lib/local/service/json-file.ts';

const Schema = z.object({ count: z.int() });

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elbowroom-json-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a JSON file', () => {
  it('is read back as it was written, the last time it was', async () => {
    const path = join(folder, 'deeper', 'counts.json');
    expect(await readJsonFile(path, Schema)).toEqual({ ok: true, value: undefined });
    await writeJsonFile(path, { count: 1 });
    await writeJsonFile(path, { count: 2 });
    expect(await readJsonFile(path, Schema)).toEqual({ ok: true, value: { count: 2 } });
    expect(await readdir(join(folder, 'deeper'))).toEqual(['counts.json']);
  });

  it.each([['{"count": 1.5}'], ['{"count": 1'], ['']])('is refused by name where it holds %j', async (text) => {
    const path = join(folder, 'counts.json');
    await writeFile(path, text);
    const read = await readJsonFile(path, Schema);
    expect(read).toMatchObject({ ok: false, error: expect.stringContaining(`Cannot read "${path}": `) });
  });
});
