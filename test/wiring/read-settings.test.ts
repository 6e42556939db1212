import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../lib/settings/settings.ts';
import { readSettings } from '../../lib/wiring/read-settings.ts';
import { settingsDocument } from '../settings/settings-document-of.ts';

describe('the settings of a function', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'elbowroom-settings-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('are the defaults where no file is named', async () => {
    expect(await readSettings(undefined)).toEqual(defaultSettings());
  });

  it('are those of the file that is named', async () => {
    const path = join(folder, 'right.json');
    await writeFile(path, settingsDocument('scope:\n  regions:\n    include: [eu-central-1]\n'));
    expect((await readSettings(path)).scope.regions.include).toEqual(['eu-central-1']);
  });

  it('are refused with the path and the reason', async () => {
    const path = join(folder, 'wrong.json');
    await writeFile(path, JSON.stringify({ schemaVersion: 1, settings: { scope: { region: {} } }, source: '' }));
    await expect(readSettings(path)).rejects.toThrow(`${path}: Cannot read "scope.region": there is no such key`);
  });

  it('are not the defaults where the file that is named is absent', async () => {
    await expect(readSettings(join(folder, 'absent.json'))).rejects.toThrow('ENOENT');
  });
});
