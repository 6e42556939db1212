import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Settings } from '../../lib/settings/settings.ts';
import { underSettings } from '../../lib/wiring/under-settings.ts';
import { settingsDocument } from '../settings/settings-document-of.ts';

const CONTEXT = { awsRequestId: 'request', getRemainingTimeInMillis: () => 1_000 };

describe('a handler under settings', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'elbowroom-under-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is built once under settings that do not change', async () => {
    const path = join(folder, 'settings.json');
    await writeFile(path, settingsDocument('scope:\n  regions:\n    include: [eu-central-1]\n'));
    const built: Settings[] = [];
    const handler = underSettings('judge-vpc', { SETTINGS_FILE: path }, async (settings) => {
      built.push(settings);
      return async (event) => ({ event, regions: settings.scope.regions.include });
    });
    expect(built).toEqual([]);
    expect(await handler('one', CONTEXT)).toEqual({ event: 'one', regions: ['eu-central-1'] });
    expect(await handler('two', CONTEXT)).toEqual({ event: 'two', regions: ['eu-central-1'] });
    expect(built).toHaveLength(1);
  });

  it('is built again after a build that failed', async () => {
    let attempt = 0;
    const handler = underSettings('judge-vpc', {}, async () => {
      attempt += 1;
      if (attempt === 1) {
        throw new Error('no table');
      }
      return async () => attempt;
    });
    await expect(handler('one', CONTEXT)).rejects.toThrow('no table');
    expect(await handler('two', CONTEXT)).toBe(2);
  });

  it('says which variable of the environment is wrong', async () => {
    const handler = underSettings('judge-vpc', { SETTINGS_BUCKET: 'A bucket' }, async () => async () => 'answer');
    await expect(handler('one', CONTEXT)).rejects.toThrow(
      'Cannot start judge-vpc: Cannot read SETTINGS_BUCKET: current value is "A bucket"',
    );
  });
});
