import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettingsFile, SETTINGS_FILE } from '../../lib/local/settings-file.ts';
import { defaultSettings } from '../../lib/settings/settings.ts';

describe('the settings file', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'elbowroom-settings-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('of this project says nothing but the defaults', async () => {
    expect(await readSettingsFile(SETTINGS_FILE)).toEqual({ ok: true, value: defaultSettings() });
  });

  it('may be missing: the defaults hold', async () => {
    expect(await readSettingsFile(join(folder, 'none.yaml'))).toEqual({ ok: true, value: defaultSettings() });
  });

  it('is refused with the line, the value and what is expected', async () => {
    const path = join(folder, 'wrong.yaml');
    writeFileSync(path, 'scope:\n  accounts:\n    exclude: [12]\nroutes: {}\n');
    const read = await readSettingsFile(path);
    expect(read).toMatchObject({ ok: false });
    const lines = read.ok ? [] : read.error.split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(`${path}:3:`);
    expect(lines[1]).toContain(`${path}:4:`);
  });

  it('that cannot be read is an error, not the defaults', async () => {
    expect(await readSettingsFile(folder)).toMatchObject({ ok: false, error: expect.stringContaining(folder) });
  });
});
